import { Group } from '@mantine/core';
import type { ReactNode } from 'react';

import type { Column } from './EntityTable';
import classes from './table.module.css';

interface Props<T> {
  row: T;
  /** Those that are chosen, in their order; the first heads the row. */
  columns: Pick<Column<T>, 'key' | 'title' | 'render'>[];
  actions?: ReactNode;
}

const isEmpty = (node: ReactNode) => node === null || node === undefined || node === '' || node === false;

/** A row of a table on a phone: one below another instead of side by side, so that nothing has to be scrolled to. */
export function PhoneRow<T>({ row, columns, actions }: Props<T>) {
  const [head, ...rest] = columns;
  return (
    <div className={classes.phoneRow}>
      {head && <div className={classes.phoneHead}>{head.render(row)}</div>}
      <dl className={classes.pairs}>
        {rest.map((column) => {
          const value = column.render(row);
          return isEmpty(value) ? null : (
            <div key={column.key} className={classes.pair}>
              <dt>{column.title}</dt>
              <dd>{value}</dd>
            </div>
          );
        })}
      </dl>
      {!isEmpty(actions) && (
        <Group gap="xs" justify="flex-end" onClick={(event) => event.stopPropagation()}>
          {actions}
        </Group>
      )}
    </div>
  );
}
