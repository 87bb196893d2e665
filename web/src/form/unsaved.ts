import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react';

/** Something a person has typed and not sent yet. */
export interface Unsaved {
  /** Whether there is anything to lose. */
  held: () => boolean;
  /** It is saved, or given up: nobody asks about it any more. */
  release: () => void;
}

interface Answers {
  proceed: () => void;
  stay: () => void;
}

/** The question and what its two answers do. `inner`: it is about a form inside a window that is being saved. */
interface Question extends Answers {
  inner: boolean;
}

// One page, one question: what would be lost, and what was asked about it.
const held = new Set<Unsaved>();
const listeners = new Set<() => void>();
let question: Question | null = null;

function put(next: Question | null): void {
  question = next;
  for (const listener of listeners) listener();
}

/** What the forms inside a window have unsaved: its closing asks about these too. */
export const WindowScope = createContext<Set<Unsaved> | null>(null);

/** Keeps what a form holds from being lost: leaving the page, its window or the tab asks first while `dirty`. */
export function useUnsaved(dirty: boolean): Unsaved {
  const scope = useContext(WindowScope);
  const [own] = useState<Unsaved>(() => {
    const unsaved: Unsaved = { held: () => held.has(unsaved), release: () => void held.delete(unsaved) };
    return unsaved;
  });
  useEffect(() => {
    if (!dirty) return undefined;
    held.add(own);
    scope?.add(own);
    return () => {
      own.release();
      scope?.delete(own);
    };
  }, [dirty, own, scope]);
  return own;
}

export function anyUnsaved(): boolean {
  return held.size > 0;
}

/** Goes on at once when nothing would be lost, else when the person says so. */
export function leaving(things: Iterable<Unsaved>, go: () => void): void {
  const lost = [...things].filter((one) => one.held());
  if (lost.length === 0) {
    go();
    return;
  }
  ask({
    proceed: () => {
      for (const one of lost) one.release();
      go();
    },
    stay: () => undefined,
  });
}

/** Saves a window, though forms of its other tabs, which it does not send, may hold something. */
export function saving(inside: Iterable<Unsaved>, go: () => void): void {
  // Not released: should the saving be refused, the window stays open, and they with it.
  if ([...inside].some((one) => one.held())) ask({ proceed: go, stay: () => undefined }, true);
  else go();
}

export function ask({ proceed, stay }: Answers, inner = false): void {
  const answered = (then: () => void) => () => {
    put(null);
    then();
  };
  put({ proceed: answered(proceed), stay: answered(stay), inner });
}

/** The question that is open now. */
export function useQuestion(): Question | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => question,
  );
}
