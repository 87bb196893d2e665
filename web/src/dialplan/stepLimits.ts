import type { StepIn } from '../api/generated/model';
import type { Kind } from './kinds';

export type StepLimitValues = NonNullable<StepIn['limits']>;

/** Kinds of steps by which calls may leave the exchange: only these have limits on such calls. */
const LEADING_OUT: readonly Kind[] = ['forwarding', 'ring', 'queue', 'pin', 'callback'];

/** Limits on the calls that a step leads outside. */
export const OUT_FIELDS = new Set<string>([
  'lines_out',
  'minutes_day',
  'minutes_month',
  'money_day',
  'money_month',
  'calls_minute',
  'destinations_day',
  'closed',
  'allow_prefixes',
  'deny_prefixes',
]);

/** The part of them among all the limits there are. */
export function outOf(values: object): StepLimitValues {
  return Object.fromEntries(Object.entries(values).filter(([name]) => OUT_FIELDS.has(name)));
}

export const leadsOut = (kind: Kind | undefined) => kind !== undefined && LEADING_OUT.includes(kind);

/** What is kept of a step's limits: those that are set and mean something for it; null when none is left. */
export function tidyLimits(limits: StepLimitValues | null | undefined, kind: Kind | undefined): StepLimitValues | null {
  const kept = Object.entries(limits ?? {}).filter(
    ([name, value]) =>
      value !== null && !(Array.isArray(value) && value.length === 0) && (leadsOut(kind) || !OUT_FIELDS.has(name)),
  );
  return kept.length > 0 ? Object.fromEntries(kept) : null;
}
