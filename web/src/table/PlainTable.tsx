import { Group, Table } from '@mantine/core';
import type { Key, ReactNode } from 'react';

import type { Column } from './EntityTable';
import { PhoneRow } from './PhoneRow';
import { useRoomy } from './useRoomy';

interface Props<T> {
  label: string;
  rows: T[];
  keyOf: (row: T) => Key;
  columns: Pick<Column<T>, 'key' | 'title' | 'render' | 'align'>[];
  /** Buttons of a row, at its right end. */
  actions?: (row: T) => ReactNode;
  /** Pixels below which the columns are scrolled rather than squeezed. */
  minWidth: number;
  verticalSpacing?: number | 'xs' | 'sm';
}

/** A few rows that are all here: no pages, no search. On a phone a row stands below itself, as in every other list. */
export function PlainTable<T>({ label, rows, keyOf, columns, actions, minWidth, verticalSpacing = 'xs' }: Props<T>) {
  const roomy = useRoomy();
  if (!roomy) {
    return (
      <Table aria-label={label} verticalSpacing="xs">
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={keyOf(row)}>
              <Table.Td>
                <PhoneRow row={row} columns={columns} actions={actions?.(row)} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    );
  }
  return (
    <Table.ScrollContainer minWidth={minWidth}>
      <Table aria-label={label} verticalSpacing={verticalSpacing}>
        <Table.Thead>
          <Table.Tr>
            {columns.map(({ key, title, align }) => (
              <Table.Th key={key} ta={align ?? 'left'}>
                {title}
              </Table.Th>
            ))}
            {actions && <Table.Th />}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={keyOf(row)}>
              {columns.map(({ key, align, render }) => (
                <Table.Td key={key} ta={align ?? 'left'}>
                  {render(row)}
                </Table.Td>
              ))}
              {actions && (
                <Table.Td>
                  <Group gap="xs" justify="flex-end" wrap="nowrap">
                    {actions(row)}
                  </Group>
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
