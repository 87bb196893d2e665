import type { CallsNow, Overlay } from '../api/generated/model';
import type { Draft } from './model';
import { atLevel, entryLevel } from './model';

/** One stretch of a simulated way: the step taken (its key), and how the call came to it. */
export interface Stretch {
  key: string;
  /** Condition of the step before; null: the call came in, or from another number. */
  via: string | null;
}

/** What is shown over the picture. */
export interface Sights {
  /** Steps of the simulated way with their places in it, from 1; null: nothing is simulated. */
  lit: Map<string, number[]> | null;
  litEdges: Set<string>;
  /** Remarks about a step, by its key. */
  warnings: Map<string, string[]>;
  /** Calls of today by step key and by arrow id; null: not wanted on the picture. */
  loads: Map<string, number> | null;
  edgeLoads: Map<string, number> | null;
  /** Calls in progress, the same way; what has none is left out. */
  nows: Map<string, number> | null;
  edgeNows: Map<string, number> | null;
}

export const NO_SIGHTS: Sights = {
  lit: null,
  litEdges: new Set(),
  warnings: new Map(),
  loads: null,
  edgeLoads: null,
  nows: null,
  edgeNows: null,
};

/** The steps and arrows of a way, for the picture. */
export function litWay(drafts: Draft[], way: Stretch[]): Pick<Sights, 'lit' | 'litEdges'> {
  const lit = new Map<string, number[]>();
  const litEdges = new Set<string>();
  let before: Draft | null = null;
  way.forEach(({ key, via }, index) => {
    const step = drafts.find((draft) => draft.key === key);
    if (!step) return;
    lit.set(key, [...(lit.get(key) ?? []), index + 1]);
    const mates = atLevel(drafts, step.level);
    if (before !== null && via !== null) litEdges.add(`${before.key}:${via}`);
    else if (before === null && step.level === entryLevel(drafts)) litEdges.add('entry');
    // Steps of the level that did not apply were passed by along «иначе».
    mates.slice(0, mates.indexOf(step)).forEach((mate, place) => {
      const next = mates[place + 1];
      if (next) litEdges.add(`order:${mate.key}:${next.key}`);
    });
    before = step;
  });
  return { lit, litEdges };
}

/** Calls of today and of this moment for the picture; what was counted for steps gone from it is left out. */
export function traffic(
  drafts: Draft[],
  overlay: Overlay,
): Pick<Sights, 'loads' | 'edgeLoads' | 'nows' | 'edgeNows'> {
  const today = counted(drafts, overlay);
  const now = counted(drafts, overlay.now);
  return { loads: today.loads, edgeLoads: today.edgeLoads, nows: now.loads, edgeNows: now.edgeLoads };
}

function counted(drafts: Draft[], { steps, arrows }: CallsNow): { loads: Map<string, number>; edgeLoads: Map<string, number> } {
  const keys = new Map(drafts.map((draft) => [draft.id, draft.key]));
  const loads = new Map<string, number>();
  const edgeLoads = new Map<string, number>();
  for (const { step_id, calls } of steps) {
    const key = keys.get(step_id);
    if (key !== undefined) loads.set(key, calls);
  }
  for (const { from_id, via, calls } of arrows) {
    const key = keys.get(from_id);
    // One arrow leads to a level, and from there to whichever step the hour says: counted together.
    if (key !== undefined) edgeLoads.set(`${key}:${via}`, (edgeLoads.get(`${key}:${via}`) ?? 0) + calls);
  }
  return { loads, edgeLoads };
}
