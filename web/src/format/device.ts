/** In the order in which they are looked for: later names stand in the signatures of earlier ones, too. */
const BROWSERS: [RegExp, string][] = [
  [/\bYaBrowser\/(\d+)/, 'Yandex Browser'],
  [/\bEdgA?\/(\d+)/, 'Edge'],
  [/\bOPR\/(\d+)/, 'Opera'],
  [/\b(?:Firefox|FxiOS)\/(\d+)/, 'Firefox'],
  [/\b(?:Headless)?(?:Chrome|CriOS)\/(\d+)/, 'Chrome'],
  [/\bVersion\/(\d+)[\d.]* .*Safari\//, 'Safari'],
];
const SYSTEMS: [RegExp, string][] = [
  [/\bAndroid\b/, 'Android'],
  [/\b(?:iPhone|iPod)\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

/** «Chrome 139, Windows» from what a browser calls itself; of a program, or of something unknown, its own words. */
export function device(userAgent: string): string {
  const browser = BROWSERS.find(([sign]) => sign.test(userAgent));
  if (!browser) return userAgent;
  const version = browser[0].exec(userAgent)?.[1] ?? '';
  const system = SYSTEMS.find(([sign]) => sign.test(userAgent))?.[1];
  return [`${browser[1]} ${version}`.trim(), system].filter(Boolean).join(', ');
}
