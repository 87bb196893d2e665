/** Times arrive in UTC and are shown in the user's zone. */

const formats = new Map<string, Intl.DateTimeFormat>();

function format(language: string, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language}|${zone}|${JSON.stringify(options)}`;
  let found = formats.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(language, { timeZone: zone, ...options });
    formats.set(key, found);
  }
  return found;
}

/** «23.11.2026, 14:05:09», in English «23 Nov 2026, 14:05:09»; empty text for an absent moment. */
export function dateTime(iso: string | null | undefined, language: string, zone: string): string {
  if (!iso) return '';
  // English writes days and months in figures in two orders: the month's name leaves no doubt.
  const english = language === 'en';
  return format(english ? 'en-GB' : language, zone, {
    day: '2-digit',
    month: english ? 'short' : '2-digit',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  }).format(new Date(iso));
}

/** «14:05:09». */
export function timeOfDay(iso: string, language: string, zone: string): string {
  return format(language, zone, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  }).format(new Date(iso));
}

/** «1:02:05» or «2:05» from milliseconds; whole seconds, rounded down as a phone shows them. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const pad = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours > 0
    ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}`
    : `${minutes}:${pad(seconds % 60)}`;
}

/** How far a zone is ahead of UTC at a moment, in milliseconds. */
function offsetAt(moment: number, zone: string): number {
  const parts = format('en-US', zone, {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hourCycle: 'h23',
  }).formatToParts(new Date(moment));
  const value = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const local = Date.UTC(
    value('year'), value('month') - 1, value('day'), value('hour'), value('minute'), value('second'),
  );
  return local - Math.floor(moment / 1000) * 1000;
}

/** The moment (ISO, UTC) at which a day «2026-11-23» begins in a zone. `days` later when given. */
export function startOfDay(day: string, zone: string, days = 0): string {
  const midnight = Date.parse(`${day}T00:00:00Z`) + days * 86_400_000;
  const guess = midnight - offsetAt(midnight, zone);
  // Twice: the offset at UTC midnight may differ from the one at the local midnight (clock change).
  return new Date(midnight - offsetAt(guess, zone)).toISOString();
}

/** The date «2026-11-23» of a moment in a zone. */
export function dayOf(moment: Date, zone: string): string {
  return format('sv-SE', zone, { year: 'numeric', month: '2-digit', day: '2-digit' }).format(moment);
}

/** Today's date «2026-11-23» in a zone. */
export function today(zone: string): string {
  return dayOf(new Date(), zone);
}

export const DAY_MINUTES = 1440;

/** «HH:MM» from minutes of a day; its end is 24:00. */
export function clock(minutes: number): string {
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

/** Minutes of «HH:MM», «24:00» included; null when it is not a time. */
export function minutes(text: string): number | null {
  const found = /^(\d{1,2}):(\d{2})$/.exec(text.trim());
  if (!found) return null;
  const value = Number(found[1]) * 60 + Number(found[2]);
  return Number(found[2]) < 60 && value <= DAY_MINUTES ? value : null;
}
