import { useState } from 'react';

/** How a person wants a table: which columns are hidden, in what order and how wide (in pixels) the others are. */
export interface TableView {
  hidden: string[];
  order: string[];
  widths: Record<string, number>;
}

const texts = (value: unknown): string[] | null =>
  Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : null;

function stored(key: string): Partial<TableView> {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    if (typeof found !== 'object' || found === null || Array.isArray(found)) return {};
    const { hidden, order, widths } = found as Record<string, unknown>;
    const view: Partial<TableView> = {};
    const known = { hidden: texts(hidden), order: texts(order) };
    if (known.hidden) view.hidden = known.hidden;
    if (known.order) view.order = known.order;
    if (typeof widths === 'object' && widths !== null) {
      view.widths = Object.fromEntries(
        Object.entries(widths).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
      );
    }
    return view;
  } catch {
    return {}; // nothing usable is stored: the table's own choice holds
  }
}

/** The view of a table: kept in this browser only (S29, S30). `reset` goes back to the table's own. */
export function useTableView(
  table: string,
  byDefault: TableView,
): { view: TableView; change: (part: Partial<TableView>) => void; reset: () => void } {
  const key = `ats.table.${table}`;
  const [chosen, setChosen] = useState<Partial<TableView>>(() => stored(key));
  const remember = (next: Partial<TableView>) => {
    setChosen(next);
    try {
      localStorage.setItem(key, JSON.stringify(next));
    } catch {
      // Storage is forbidden: the choice lives until the page is left.
    }
  };
  return {
    view: { ...byDefault, ...chosen },
    change: (part) => remember({ ...chosen, ...part }),
    reset: () => remember({}),
  };
}

/** Columns in the order asked for; one that the stored order does not know keeps its own place at the end. */
export function inOrder<C extends { key: string }>(columns: C[], order: string[]): C[] {
  const place = (column: C) => {
    const found = order.indexOf(column.key);
    return found < 0 ? order.length : found;
  };
  return [...columns].sort((one, other) => place(one) - place(other));
}

/** The order with a column moved one place up (-1) or down (1). */
export function moved(keys: string[], key: string, by: number): string[] {
  const from = keys.indexOf(key);
  const to = from + by;
  if (from < 0 || to < 0 || to >= keys.length) return keys;
  const next = keys.filter((item) => item !== key);
  next.splice(to, 0, key);
  return next;
}
