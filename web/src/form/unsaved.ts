import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react';

/** Something a person has typed and not sent yet. */
export interface Unsaved {
  /** Whether there is anything to lose. */
  held: () => boolean;
  /** It is saved, or given up: nobody asks about it any more. */
  release: () => void;
}

type Leave = { proceed: () => void; stay: () => void };

// One page, one question: what would be lost, and what was asked about it.
const held = new Set<Unsaved>();
const listeners = new Set<() => void>();
let question: Leave | null = null;

function put(next: Leave | null): void {
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

export function ask({ proceed, stay }: Leave): void {
  const answered = (then: () => void) => () => {
    put(null);
    then();
  };
  put({ proceed: answered(proceed), stay: answered(stay) });
}

/** The question that is open now. */
export function useQuestion(): Leave | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => question,
  );
}
