import type { Draft } from './model';
import { atLevel, entryLevel } from './model';

/** Calls that are in a step or went along an arrow: now, and since midnight. */
export interface Load {
  now: number;
  today: number;
}

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
  /** Calls by step key and by arrow id; null: not wanted on the picture. */
  loads: Map<string, Load> | null;
  edgeLoads: Map<string, Load> | null;
}

export const NO_SIGHTS: Sights = {
  lit: null,
  litEdges: new Set(),
  warnings: new Map(),
  loads: null,
  edgeLoads: null,
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
