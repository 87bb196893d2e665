import type { LimitValues } from '../api/generated/model';

export type LimitScope = 'client' | 'user' | 'port' | 'queue' | 'forwarding' | 'menu';

/** Money travels in 1/10,000 of the unit; people write the unit. */
export const MONEY = 10_000;

export type NumberField = Exclude<keyof LimitValues, 'closed' | 'allow_prefixes' | 'deny_prefixes'>;

/** What is shown, in this order; a thing shows only the fields that mean something for it. */
export const GROUPS: { title: string; fields: NumberField[] }[] = [
  { title: 'lines', fields: ['lines_in', 'lines_out', 'lines_all'] },
  { title: 'duration', fields: ['duration_in_s', 'duration_out_s'] },
  { title: 'minutes', fields: ['minutes_day', 'minutes_month'] },
  { title: 'money', fields: ['money_day', 'money_month'] },
  { title: 'habits', fields: ['calls_minute', 'destinations_day'] },
];

export const DIRECTIONS = ['local', 'mobile', 'long_distance', 'international'] as const;

/** What is typed as limits of a thing that is not saved yet: nothing is limited at first. */
export type Limits = Required<LimitValues>;

export const NO_LIMITS: Limits = {
  lines_in: null,
  lines_out: null,
  lines_all: null,
  duration_in_s: null,
  duration_out_s: null,
  minutes_day: null,
  minutes_month: null,
  money_day: null,
  money_month: null,
  calls_minute: null,
  destinations_day: null,
  closed: [],
  allow_prefixes: [],
  deny_prefixes: [],
};

const ELEMENTS: LimitScope[] = ['queue', 'forwarding', 'menu'];

// One destination: no directions, no different numbers, and what comes in goes out.
const FORWARDING = Object.keys(NO_LIMITS).filter(
  (name) => !['lines_all', 'destinations_day', 'closed', 'allow_prefixes', 'deny_prefixes'].includes(name),
);

/**
 * Which limits mean something for a new thing of a kind: a queue and a menu only take calls in, a forwarding number
 * leads them out (src/ats/limits/queries.py).
 */
export function fieldsOf(scope: LimitScope): Set<string> {
  if (scope === 'forwarding') return new Set(FORWARDING);
  return new Set(ELEMENTS.includes(scope) ? ['lines_in', 'duration_in_s'] : Object.keys(NO_LIMITS));
}

/** Those that limit something, as they are sent. */
export function given(limits: Limits): Partial<LimitValues> {
  return Object.fromEntries(
    Object.entries(limits).filter(([, value]) => (Array.isArray(value) ? value.length > 0 : value !== null)),
  );
}

export const isMoney = (field: NumberField) => field.startsWith('money_');

/** What stands in the field: nothing for «no limit». */
export function shown(field: NumberField, value: number | null | undefined): number | string {
  if (value === null || value === undefined) return '';
  return isMoney(field) ? value / MONEY : value;
}

/** What is sent for what stands in the field. */
export function sent(field: NumberField, value: number | string): number | null {
  if (value === '') return null;
  return isMoney(field) ? Math.round(Number(value) * MONEY) : Number(value);
}
