import type { StepOut } from '../api/generated/model';

/** ДВО, «дополнительные виды обслуживания» (S134-S143). */
export type Extras = Required<NonNullable<StepOut['extras']>>;

/** What holds where nobody chose anything. */
export const DEFAULT_EXTRAS: Extras = {
  transfer: true,
  pickup: true,
  hold: true,
  parking: true,
  record: false,
  record_on_demand: false,
  call_return: false,
  ring_only: false,
  video: false,
  replace_ringing: false,
  transfer_keys: false,
};

/** The switches in the manual's order. */
export const EXTRA_NAMES = Object.keys(DEFAULT_EXTRAS) as (keyof Extras)[];

/** Two that contradict each other: a caller hears either ring tones or what replaces them. */
const OPPOSITE: Partial<Record<keyof Extras, keyof Extras>> = {
  ring_only: 'replace_ringing',
  replace_ringing: 'ring_only',
};

export function extrasWith(extras: Extras, name: keyof Extras, on: boolean): Extras {
  const opposite = OPPOSITE[name];
  return { ...extras, [name]: on, ...(on && opposite ? { [opposite]: false } : {}) };
}
