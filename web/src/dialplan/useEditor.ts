import { useReducer } from 'react';

import type { DialplanOut } from '../api/generated/model';
import type { Condition } from '../api/types';
import { arranged } from './graph';
import { draftsOf, newDraft, reordered, sameSteps, type Draft } from './model';

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
}

export type EditorAction =
  | { type: 'load'; dialplan: DialplanOut }
  | { type: 'add'; x: number | null; y: number | null; from?: { key: string; condition: Condition } }
  | { type: 'open'; key: string | null }
  | { type: 'keep'; draft: Draft }
  | { type: 'remove'; key: string }
  | { type: 'reorder'; key: string; by: -1 | 1 }
  | { type: 'link'; key: string; condition: Condition; level: number | null }
  | { type: 'move'; places: Map<string, { x: number; y: number }> }
  | { type: 'refuse'; refused: Record<string, string> };

function reduce(state: EditorState, action: EditorAction): EditorState {
  switch (action.type) {
    case 'load':
      return loaded(action.dialplan);
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
    case 'open':
      return { ...state, open: action.key };
    case 'keep': {
      const { [action.draft.key]: _fixed, ...refused } = state.refused;
      return {
        ...state,
        refused,
        open: null,
        before: null,
        drafts: state.drafts.map((draft) => (draft.key === action.draft.key ? action.draft : draft)),
      };
    }
    case 'remove':
      return {
        ...state,
        open: null,
        before: null,
        drafts:
          state.before?.key === action.key
            ? state.before.drafts
            : state.drafts.filter((draft) => draft.key !== action.key),
      };
    case 'reorder':
      return { ...state, drafts: reordered(state.drafts, action.key, action.by) };
    case 'link':
      return { ...state, drafts: linked(state.drafts, action.key, action.condition, action.level) };
    case 'move':
      return {
        ...state,
        drafts: state.drafts.map((draft) => {
          const place = action.places.get(draft.key);
          return place ? { ...draft, x: Math.round(place.x), y: Math.round(place.y) } : draft;
        }),
      };
    case 'refuse':
      return { ...state, refused: action.refused };
  }
}

function linked(drafts: Draft[], key: string, condition: Condition, level: number | null): Draft[] {
  return drafts.map((draft) =>
    draft.key === key ? { ...draft, targets: { ...draft.targets, [condition]: level } } : draft,
  );
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

function loaded(dialplan: DialplanOut): EditorState {
  const drafts = placed(draftsOf(dialplan.steps));
  return { drafts, saved: drafts, revision: dialplan.revision, open: null, refused: {}, before: null };
}

/** The dialplan being edited; `dirty` while it differs from what the server has. */
export function useEditor(first: DialplanOut) {
  const [state, dispatch] = useReducer(reduce, first, loaded);
  return { state, dispatch, dirty: !sameSteps(state.drafts, state.saved) };
}
