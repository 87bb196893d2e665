import { describe, expect, test } from 'vitest';

import type { DialplanOut } from '../api/generated/model';
import { arranged, edgesOf } from './graph';
import { calendarFault } from './DaysTab';
import {
  ALWAYS,
  draftsOf,
  entryLevel,
  isAlways,
  minutes,
  missingLevels,
  newDraft,
  nextLevel,
  reordered,
  stepsOf,
  type Draft,
} from './model';

const NAMES = { forward: 'f', after_answer: 'a', no_answer: 'n', busy: 'b', no_route: 'r', found: 'y', not_found: 'x' };

function step(key: string, level: number, targets: Partial<Draft['targets']> = {}): Draft {
  const draft = newDraft([], 0, 0, level);
  return { ...draft, key, action: { kind: 'port', port_id: 1 }, targets: { ...draft.targets, ...targets } };
}

describe('the dialplan on the canvas', () => {
  test('what the API gave is what is sent back', () => {
    const steps: DialplanOut['steps'] = [
      {
        id: 9,
        level: 1,
        action: { kind: 'port', port_id: 3 },
        timeout_s: 5,
        targets: { no_answer: 2 },
        calendar: { days: [1, 2, 3], time_from: '09:30', time_to: '18:30' },
        extras: null,
        limits: { lines: 2 },
        x: 10,
        y: 20,
        title: 'SIP Линия 1',
      },
    ];
    const [sent] = stepsOf(draftsOf(steps));
    expect(sent).toEqual({
      id: 9,
      level: 1,
      action: { kind: 'port', port_id: 3 },
      timeout_s: 5,
      targets: {
        forward: null,
        after_answer: null,
        no_answer: 2,
        busy: null,
        no_route: null,
        found: null,
        not_found: null,
      },
      calendar: {
        days: [1, 2, 3],
        time_from: '09:30',
        time_to: '18:30',
        date_from: null,
        date_to: null,
        holidays: 'any',
      },
      extras: null,
      limits: { lines: 2 },
      x: 10,
      y: 20,
    });
  });

  test('a step without action is never sent', () => {
    expect(stepsOf([newDraft([], 0, 0)])).toEqual([]);
  });

  test('a new step takes the next level, a call enters the lowest', () => {
    const drafts = [step('a', 3), step('b', 7)];
    expect(nextLevel(drafts)).toBe(8);
    expect(entryLevel(drafts)).toBe(3);
    expect(nextLevel([])).toBe(1);
    expect(entryLevel([])).toBeNull();
  });

  test('arrows lead to the first step of a level, a missing level to its stub', () => {
    const drafts = [step('a', 1, { no_answer: 2, busy: 20 }), step('b', 2), step('c', 2)];
    const edges = edgesOf(drafts, NAMES, 'else');
    const ends = Object.fromEntries(edges.map((edge) => [edge.id, edge.target]));
    expect(ends).toEqual({
      entry: 'a',
      'a:no_answer': 'b',
      'a:busy': 'missing-20',
      'order:b:c': 'c',
    });
    expect(missingLevels(drafts)).toEqual([20]);
  });

  test('the layout places every node, steps of a level one under another', () => {
    const drafts = [step('a', 1, { no_answer: 2, busy: 20 }), step('b', 2), step('c', 2, { no_answer: 1 })];
    const places = arranged(drafts, new Map());
    expect([...places.keys()].sort()).toEqual(['a', 'b', 'c', 'missing-20', 'start']);
    const b = places.get('b');
    const c = places.get('c');
    expect(b?.x).toBe(c?.x);
    expect((c?.y ?? 0) - (b?.y ?? 0)).toBeGreaterThan(100);
    expect((places.get('a')?.x ?? 0) > (places.get('start')?.x ?? 0)).toBe(true);
  });

  test('a step changes places only with its neighbours of the level', () => {
    const drafts = [step('a', 2), step('x', 1), step('b', 2), step('c', 2)];
    const keys = (list: Draft[]) => list.map((draft) => draft.key).join('');
    expect(keys(reordered(drafts, 'b', -1))).toBe('bxac');
    expect(keys(reordered(drafts, 'b', 1))).toBe('axcb');
    expect(keys(reordered(drafts, 'a', -1))).toBe('axbc');
    expect(keys(reordered(drafts, 'x', 1))).toBe('axbc');
  });

  test('times of a window', () => {
    expect(minutes('9:30')).toBe(570);
    expect(minutes('24:00')).toBe(1440);
    expect(minutes('24:01')).toBeNull();
    expect(minutes('12:60')).toBeNull();
    expect(minutes('noon')).toBeNull();
    expect(isAlways(ALWAYS)).toBe(true);
    expect(calendarFault(ALWAYS)).toBeNull();
    expect(calendarFault({ ...ALWAYS, days: [] })).toBe('days');
    expect(calendarFault({ ...ALWAYS, time_from: '10:00', time_to: '10:00' })).toBe('empty');
    expect(calendarFault({ ...ALWAYS, time_from: 'noon' })).toBe('time');
    expect(calendarFault({ ...ALWAYS, time_from: '22:00', time_to: '06:00' })).toBeNull();
    expect(calendarFault({ ...ALWAYS, date_from: '2026-12-31', date_to: '2026-12-01' })).toBe('dates');
  });
});
