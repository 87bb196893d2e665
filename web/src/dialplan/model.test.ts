import { describe, expect, test } from 'vitest';

import type { DialplanOut } from '../api/generated/model';
import { arranged, edgesOf } from './graph';
import { calendarFault } from './DaysTab';
import { isWhole } from './kinds';
import {
  ALWAYS,
  draftsOf,
  entryLevel,
  isAlways,
  missingLevels,
  newDraft,
  nextLevel,
  reordered,
  stepsOf,
  type Draft,
} from './model';
import { litWay, NO_SIGHTS } from './sights';
import { loaded, reduce, type EditorAction, type EditorState } from './useEditor';

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

  test('limits on calls outside go only with a step that leads some', () => {
    const step = { ...newDraft([], 0, 0), limits: { lines: 2, minutes_day: 30, closed: [], money_day: null } };
    const sent = (action: Draft['action']) => stepsOf([{ ...step, action }])[0]?.limits;
    expect(sent({ kind: 'forwarding', forwarding_id: 4 })).toEqual({ lines: 2, minutes_day: 30 });
    expect(sent({ kind: 'port', port_id: 3 })).toEqual({ lines: 2 });
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
    const edges = edgesOf(drafts, NAMES, 'else', NO_SIGHTS);
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

  test('what is wrong with a calendar', () => {
    expect(isAlways(ALWAYS)).toBe(true);
    expect(calendarFault(ALWAYS)).toBeNull();
    expect(calendarFault({ ...ALWAYS, days: [] })).toBe('days');
    expect(calendarFault({ ...ALWAYS, time_from: '10:00', time_to: '10:00' })).toBe('empty');
    expect(calendarFault({ ...ALWAYS, time_from: 'noon' })).toBe('time');
    expect(calendarFault({ ...ALWAYS, time_from: '22:00', time_to: '06:00' })).toBeNull();
    expect(calendarFault({ ...ALWAYS, date_from: '2026-12-31', date_to: '2026-12-01' })).toBe('dates');
  });

  test('a classifier needs its list, a ring somebody to ring', () => {
    expect(isWhole(null)).toBe(false);
    expect(isWhole({ kind: 'classifier', classifier_id: 0 })).toBe(false);
    expect(isWhole({ kind: 'classifier', classifier_id: 3 })).toBe(true);
    expect(isWhole({ kind: 'ring', port_ids: [], forwarding_ids: [] })).toBe(false);
    expect(isWhole({ kind: 'ring', port_ids: [], forwarding_ids: [2] })).toBe(true);
    expect(isWhole({ kind: 'fax' })).toBe(true);
  });

  test('a simulated way lights its steps, its arrows, and those of the level it passed by', () => {
    const drafts = [step('a', 1, { no_answer: 2 }), step('b', 2), step('c', 2, { busy: 20 })];
    const { lit, litEdges } = litWay(drafts, [
      { key: 'a', via: null },
      { key: 'c', via: 'no_answer' },
    ]);
    expect([...(lit ?? [])]).toEqual([
      ['a', [1]],
      ['c', [2]],
    ]);
    expect([...litEdges].sort()).toEqual(['a:no_answer', 'entry', 'order:b:c']);
  });
});

const DIALPLAN: DialplanOut = {
  number: {
    id: 1,
    kind: 'internal',
    digits: '100',
    display: '100',
    name: '',
    description: '',
    time_zone: '',
    owner_id: null,
    revision: 1,
    steps_count: 0,
    summary: '',
  },
  revision: 1,
  steps: [],
};

describe('undo and redo', () => {
  const run = (state: EditorState, ...actions: EditorAction[]) => actions.reduce(reduce, state);
  const add = (state: EditorState) => {
    const added = reduce(state, { type: 'add', x: 0, y: 0 });
    const draft = added.drafts.at(-1);
    if (!draft) throw new Error('nothing was added');
    return reduce(added, { type: 'keep', draft: { ...draft, action: { kind: 'fax' } } });
  };
  const levels = (state: EditorState) => state.drafts.map((draft) => draft.level);

  test('every change can be taken back and done again', () => {
    const two = add(add(loaded(DIALPLAN)));
    expect(levels(two)).toEqual([1, 2]);
    const one = run(two, { type: 'undo' });
    expect(levels(one)).toEqual([1]);
    expect(levels(run(one, { type: 'redo' }))).toEqual([1, 2]);
    expect(levels(run(two, { type: 'undo' }, { type: 'undo' }, { type: 'undo' }))).toEqual([]);
    expect(run(add(one), { type: 'redo' }).drafts).toHaveLength(2); // a new change forgets what was taken back
  });

  test('a discarded step leaves nothing to take back', () => {
    const one = add(loaded(DIALPLAN));
    const opened = reduce(one, { type: 'add', x: 0, y: 0, from: { key: one.drafts[0]?.key ?? '', condition: 'busy' } });
    const closed = reduce(opened, { type: 'remove', keys: [opened.open ?? ''] });
    expect(closed.drafts).toEqual(one.drafts);
    expect(closed.past).toHaveLength(1);
  });

  test('nothing that changes nothing is remembered', () => {
    const one = add(loaded(DIALPLAN));
    const draft = one.drafts[0];
    if (!draft) throw new Error('no step');
    expect(reduce(one, { type: 'keep', draft }).past).toHaveLength(1);
    expect(reduce(one, { type: 'move', places: new Map([[draft.key, { x: 0, y: 0 }]]) }).past).toHaveLength(1);
  });

  test('a save is no end of it: steps the server has keep their ids, those it lost become new', () => {
    const two = add(add(loaded(DIALPLAN)));
    const onServer = (state: EditorState, first: number): DialplanOut => ({
      ...DIALPLAN,
      revision: 2,
      steps: state.drafts.map(({ key: _key, action, ...draft }, index) => ({
        ...draft,
        action: action ?? { kind: 'fax' },
        id: draft.id ?? first + index,
        title: '',
      })),
    });
    const kept = reduce(two, { type: 'saved', dialplan: onServer(two, 50) });
    expect(kept.drafts.map((draft) => draft.id)).toEqual([50, 51]);
    const first = kept.drafts[0]?.key ?? '';
    const removed = reduce(kept, { type: 'remove', keys: [first] });
    const savedAgain = reduce(removed, { type: 'saved', dialplan: onServer(removed, 60) });
    expect(savedAgain.drafts.map((draft) => draft.id)).toEqual([51]);
    const back = reduce(savedAgain, { type: 'undo' });
    expect(back.drafts.map((draft) => draft.id)).toEqual([null, 51]);
  });

  test('a pasted step comes last at its level and is new', () => {
    const one = add(loaded(DIALPLAN));
    const draft = one.drafts[0];
    if (!draft) throw new Error('no step');
    const pasted = reduce(one, { type: 'paste', step: { ...draft, id: 7 }, x: 10.4, y: 20 });
    expect(pasted.drafts.map(({ level, id, x }) => [level, id, x])).toEqual([
      [1, null, 0],
      [1, null, 10],
    ]);
    expect(pasted.drafts[1]?.key).not.toBe(draft.key);
  });
});
