import type { StepIn, StepOut } from '../api/generated/model';
import type { Condition, StepAction, StepCalendar } from '../api/types';
import { KINDS } from './kinds';
import { tidyLimits } from './stepLimits';

/** The five conditions in the manual's order (S100-S104), then a classifier's two (S173). */
export const CONDITIONS: readonly Condition[] = [
  'forward',
  'after_answer',
  'no_answer',
  'busy',
  'no_route',
  'found',
  'not_found',
];

/** A step on the canvas. `key` names it in the browser; `id` is the server's, null until saved. */
export interface Draft {
  key: string;
  id: number | null;
  level: number;
  action: StepAction | null;
  timeout_s: number | null;
  targets: Record<Condition, number | null>;
  calendar: StepCalendar;
  /** ДВО of this step; null: those of what it leads to. */
  extras: StepOut['extras'];
  limits: StepOut['limits'];
  x: number | null;
  y: number | null;
}

export const ALWAYS: StepCalendar = {
  days: [1, 2, 3, 4, 5, 6, 7],
  time_from: '00:00',
  time_to: '24:00',
  date_from: null,
  date_to: null,
  holidays: 'any',
};

export const NO_TARGETS: Record<Condition, number | null> = {
  forward: null,
  after_answer: null,
  no_answer: null,
  busy: null,
  no_route: null,
  found: null,
  not_found: null,
};

let counter = 0;

export function newKey(): string {
  counter += 1;
  return `new-${counter}`;
}

export function draftsOf(steps: StepOut[]): Draft[] {
  return steps.map(({ id, level, action, timeout_s, targets, calendar, extras, limits, x, y }) => ({
    key: `s${id}`,
    id,
    level,
    action,
    timeout_s,
    targets: { ...NO_TARGETS, ...targets },
    calendar: { ...ALWAYS, ...calendar },
    extras,
    limits,
    x,
    y,
  }));
}

/** What is sent on «Сохранить»; array order is the order of creation. A step without action is never kept. */
export function stepsOf(drafts: Draft[]): StepIn[] {
  return drafts.flatMap(({ key: _key, action, limits, ...rest }) =>
    action ? [{ ...rest, action, limits: tidyLimits(limits, action.kind) }] : [],
  );
}

export function newDraft(drafts: Draft[], x: number | null, y: number | null, level?: number): Draft {
  return {
    key: newKey(),
    id: null,
    level: level ?? nextLevel(drafts),
    action: null,
    timeout_s: null,
    targets: { ...NO_TARGETS },
    calendar: { ...ALWAYS },
    extras: null,
    limits: null,
    x,
    y,
  };
}

export function nextLevel(drafts: Draft[]): number {
  return drafts.reduce((top, draft) => Math.max(top, draft.level), 0) + 1;
}

/** Steps of one level in order of creation: the first whose calendar matches is taken (S97, S98). */
export function atLevel(drafts: Draft[], level: number): Draft[] {
  return drafts.filter((draft) => draft.level === level);
}

/** The steps with one of them moved before or after its neighbour of the same level: it is tried sooner or later. */
export function reordered(drafts: Draft[], key: string, by: -1 | 1): Draft[] {
  const moved = drafts.find((draft) => draft.key === key);
  if (!moved) return drafts;
  const level = atLevel(drafts, moved.level);
  const neighbour = level[level.indexOf(moved) + by];
  if (!neighbour) return drafts;
  return drafts.map((draft) => (draft === moved ? neighbour : draft === neighbour ? moved : draft));
}

/** The level a call enters: the lowest. */
export function entryLevel(drafts: Draft[]): number | null {
  return drafts.length > 0 ? Math.min(...drafts.map((draft) => draft.level)) : null;
}

/** Conditions shown on a step: those its action can end with, and any that were set before. */
export function shownConditions(draft: Draft): Condition[] {
  const own = draft.action ? KINDS[draft.action.kind].conditions : CONDITIONS.slice(0, 5);
  return CONDITIONS.filter((condition) => own.includes(condition) || draft.targets[condition] !== null);
}

/** Levels that arrows lead to though no step has them: there the call ends (S105). */
export function missingLevels(drafts: Draft[]): number[] {
  const present = new Set(drafts.map((draft) => draft.level));
  const missing = new Set<number>();
  for (const draft of drafts) {
    for (const condition of shownConditions(draft)) {
      const level = draft.targets[condition];
      if (level !== null && !present.has(level)) missing.add(level);
    }
  }
  return [...missing].sort((a, b) => a - b);
}

export function isAlways(calendar: StepCalendar): boolean {
  return (
    calendar.days.length === 7 &&
    calendar.time_from === '00:00' &&
    calendar.time_to === '24:00' &&
    calendar.date_from === null &&
    calendar.date_to === null &&
    calendar.holidays === 'any'
  );
}

/** The steps with one arrow drawn anew; null takes it away. */
export function linked(drafts: Draft[], key: string, condition: Condition, level: number | null): Draft[] {
  return drafts.map((draft) =>
    draft.key === key ? { ...draft, targets: { ...draft.targets, [condition]: level } } : draft,
  );
}

/** A copy of a step, new to the server: it comes last at its level, so only its calendar has to be changed. */
export function copyOf(step: Draft, x: number, y: number): Draft {
  return {
    ...step,
    key: newKey(),
    id: null,
    targets: { ...step.targets },
    calendar: { ...step.calendar, days: [...step.calendar.days] },
    x: Math.round(x),
    y: Math.round(y),
  };
}

/** What two sets of steps must share to be «nothing to save»: places on the canvas count too. */
export function sameSteps(a: Draft[], b: Draft[]): boolean {
  const bare = (drafts: Draft[]) => JSON.stringify(drafts.map(({ key: _key, ...rest }) => rest));
  return bare(a) === bare(b);
}
