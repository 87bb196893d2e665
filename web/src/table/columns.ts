import { useState } from 'react';

/** Which columns of a table are hidden: kept in this browser only (S30). */
export function useHiddenColumns(table: string, byDefault: string[]): [string[], (next: string[]) => void] {
  const key = `ats.columns.${table}`;
  const [hidden, setHidden] = useState<string[]>(() => {
    try {
      const stored: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
      if (Array.isArray(stored) && stored.every((item) => typeof item === 'string')) return stored;
    } catch {
      // Nothing usable is stored: the table's own choice holds.
    }
    return byDefault;
  });
  const remember = (next: string[]) => {
    setHidden(next);
    try {
      localStorage.setItem(key, JSON.stringify(next));
    } catch {
      // Storage is forbidden: the choice lives until the page is left.
    }
  };
  return [hidden, remember];
}
