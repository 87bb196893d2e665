import { useReducer } from 'react';

import type { DialplanOut } from '../api/generated/model';
import type { Condition } from '../api/types';
import { arranged } from './graph';
import { copyOf, draftsOf, linked, newDraft, reordered, sameSteps, type Draft } from './model';

/** How many changes can be taken back. */
const REMEMBERED = 100;

export interface EditorState {
  drafts: Draft[];
  saved: Draft[];
  revision: number;
  /** Step whose window is open. */
  open: string | null;
  /** What the API refused, by step key. */
  refused: Record<string, string>;
  /** The steps before the one just added, while its window is open: what a discarded step returns to. */
  before: { key: string; drafts: Draft[] } | null;
  /** Earlier pictures for «Отменить», the latest last; later ones for «Повторить», the next last. */
  past: Draft[][];
  future: Draft[][];
}

export type EditorAction =
  | { type: 'load'; dialplan: DialplanOut }
  | { type: 'saved'; dialplan: DialplanOut }
  | { type: 'add'; x: number | null; y: number | null; from?: { key: string; condition: Condition } }
  | { type: 'paste'; step: Draft; x: number; y: number }
  | { type: 'open'; key: string | null }
  | { type: 'keep'; draft: Draft }
  | { type: 'remove'; keys: string[] }
  | { type: 'reorder'; key: string; by: -1 | 1 }
  | { type: 'link'; key: string; condition: Condition; level: number | null }
  | { type: 'move'; places: Map<string, { x: number; y: number }> }
  | { type: 'refuse'; refused: Record<string, string> }
  | { type: 'undo' }
  | { type: 'redo' };

export function reduce(state: EditorState, action: EditorAction): EditorState {
  switch (action.type) {
    case 'load':
      return loaded(action.dialplan);
    case 'saved':
      return saved(state, action.dialplan);
    case 'add': {
      const draft = newDraft(state.drafts, action.x, action.y);
      const from = action.from;
      const drafts = from ? linked(state.drafts, from.key, from.condition, draft.level) : state.drafts;
      return {
        ...state,
        drafts: [...drafts, draft],
        open: draft.key,
        before: { key: draft.key, drafts: state.drafts },
      };
    }
    case 'paste':
      return changed(state, [...state.drafts, copyOf(action.step, action.x, action.y)]);
    case 'open':
      return { ...state, open: action.key };
    case 'keep': {
      const { [action.draft.key]: _fixed, ...refused } = state.refused;
      const drafts = state.drafts.map((draft) => (draft.key === action.draft.key ? action.draft : draft));
      return { ...changed(state, drafts, state.before?.drafts), refused, open: null, before: null };
    }
    case 'remove': {
      const discarded = state.before !== null && action.keys.includes(state.before.key);
      if (discarded) return { ...state, drafts: state.before?.drafts ?? state.drafts, open: null, before: null };
      const drafts = state.drafts.filter((draft) => !action.keys.includes(draft.key));
      return { ...changed(state, drafts), open: null };
    }
    case 'reorder':
      return changed(state, reordered(state.drafts, action.key, action.by));
    case 'link':
      return changed(state, linked(state.drafts, action.key, action.condition, action.level));
    case 'move':
      return changed(
        state,
        state.drafts.map((draft) => {
          const place = action.places.get(draft.key);
          return place ? { ...draft, x: Math.round(place.x), y: Math.round(place.y) } : draft;
        }),
      );
    case 'refuse':
      return { ...state, refused: action.refused };
    case 'undo':
      return stepBack(state);
    case 'redo':
      return stepForth(state);
  }
}

/** The state with other steps, the present ones remembered for «Отменить». */
function changed(state: EditorState, drafts: Draft[], earlier: Draft[] = state.drafts): EditorState {
  if (sameSteps(earlier, drafts)) return { ...state, drafts };
  // A step that has no action yet is not a picture to return to: its window is still open.
  if (state.before !== null && earlier === state.drafts) return { ...state, drafts };
  return { ...state, drafts, past: [...state.past, earlier].slice(-REMEMBERED), future: [] };
}

function stepBack(state: EditorState): EditorState {
  const drafts = state.past.at(-1);
  if (!drafts || state.open !== null) return state;
  return { ...state, drafts, refused: {}, past: state.past.slice(0, -1), future: [...state.future, state.drafts] };
}

function stepForth(state: EditorState): EditorState {
  const drafts = state.future.at(-1);
  if (!drafts || state.open !== null) return state;
  return { ...state, drafts, refused: {}, past: [...state.past, state.drafts], future: state.future.slice(0, -1) };
}

/** Steps made elsewhere (API, demo data) have no place yet: the automatic layout gives all of them one. */
function placed(drafts: Draft[]): Draft[] {
  if (drafts.every((draft) => draft.x !== null && draft.y !== null)) return drafts;
  const places = arranged(drafts, new Map());
  return drafts.map((draft) => {
    const place = places.get(draft.key);
    return place ? { ...draft, x: place.x, y: place.y } : draft;
  });
}

export function loaded(dialplan: DialplanOut): EditorState {
  const drafts = placed(draftsOf(dialplan.steps));
  return {
    drafts,
    saved: drafts,
    revision: dialplan.revision,
    open: null,
    refused: {},
    before: null,
    past: [],
    future: [],
  };
}

/**
 * What the server made of the steps just sent. They come back in the order they went, so each keeps its name in the
 * browser, and «Отменить» reaches back over the save: steps that the server no longer has become new ones there.
 */
function saved(state: EditorState, dialplan: DialplanOut): EditorState {
  const sent = state.drafts.filter((draft) => draft.action !== null);
  const fresh = loaded(dialplan);
  if (sent.length !== fresh.drafts.length) return fresh;
  const keys = sent.map((draft) => draft.key);
  const drafts = fresh.drafts.map((draft, index) => ({ ...draft, key: keys[index] ?? draft.key }));
  const ids = new Map(drafts.map((draft) => [draft.key, draft.id]));
  const renamed = (picture: Draft[]) => picture.map((draft) => ({ ...draft, id: ids.get(draft.key) ?? null }));
  return { ...fresh, drafts, saved: drafts, past: state.past.map(renamed), future: state.future.map(renamed) };
}

/** The dialplan being edited; `dirty` while it differs from what the server has. */
export function useEditor(first: DialplanOut) {
  const [state, dispatch] = useReducer(reduce, first, loaded);
  return { state, dispatch, dirty: !sameSteps(state.drafts, state.saved) };
}
