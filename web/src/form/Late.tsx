import { useState, type ReactNode } from 'react';

/** Comes when its tab is first shown and then stays: what is typed in it outlives a change of tabs. */
export function Late({ shown, children }: { shown: boolean; children: ReactNode }) {
  const [came, setCame] = useState(shown);
  if (shown && !came) setCame(true);
  return came ? children : null;
}
