export type Level = 'weak' | 'fair' | 'strong';

/** How long guessing would take: bits by its length and the kinds of signs in it; repeated signs count for little. */
export function strengthOf(password: string): { bits: number; level: Level } {
  const kinds: [RegExp, number][] = [
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/[0-9]/, 10],
    [/[^A-Za-z0-9]/, 30],
  ];
  const signs = kinds.reduce((sum, [kind, size]) => sum + (kind.test(password) ? size : 0), 0);
  const length = Math.min(password.length, 2 * new Set(password).size);
  const bits = signs > 0 ? length * Math.log2(signs) : 0;
  return { bits, level: bits < 45 ? 'weak' : bits < 70 ? 'fair' : 'strong' };
}
