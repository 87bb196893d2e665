import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconEdit, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';

import { ConfirmDelete } from '../form/ConfirmDelete';
import { PageTitle } from '../shell/PageTitle';
import { EntityTable, type Column, type ListQuery, type RowAction } from '../table/EntityTable';
import type { Page } from '../api/types';

/** Something of a client that has a list, a window and a name. */
interface Resource {
  id: number;
}

interface Props<T extends Resource> {
  /** Name of the table in the browser's memory. */
  id: string;
  title: string;
  empty: string;
  queryKey: readonly unknown[];
  load: (query: ListQuery) => Promise<Page<T>>;
  exportUrl?: (query: ListQuery) => string;
  columns: Column<T>[];
  defaultSort: string;
  mayChange: boolean;
  nameOf: (row: T) => string;
  remove: (row: T) => Promise<unknown>;
  removeHint?: string;
  /** The window of one row, or of a new one. */
  window: (row: T | null, acts: { onClose: () => void; onDone: () => void }) => ReactNode;
  /** What else a row offers, before «Изменить». */
  further?: (row: T) => RowAction[];
  /** Buttons of a row in sight, before «Изменить». */
  buttons?: (row: T) => ReactNode;
  /** What a click on a row does; absent: opens its window; null: nothing. */
  onOpen?: ((row: T) => void) | null;
  createLabel?: string;
  toolbar?: ReactNode;
  refetchInterval?: number;
}

/** A section of the cabinet that lists one kind of thing. */
export function ResourcePage<T extends Resource>({ hint, ...rest }: Props<T> & { hint: string }) {
  return (
    <>
      <PageTitle title={rest.title} hint={hint} />
      <ResourceTable {...rest} />
    </>
  );
}

/** A table of one kind of thing with its window and its deletion (S254). */
export function ResourceTable<T extends Resource>(props: Props<T>) {
  const { id, title, empty, queryKey, load, exportUrl, columns, defaultSort, mayChange, nameOf } = props;
  const { remove, removeHint, window, further, buttons, onOpen, createLabel, toolbar, refetchInterval } = props;
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [search, setSearch] = useSearchParams();
  const [edited, setEdited] = useState<T | 'new' | null>(null);
  const [doomed, setDoomed] = useState<T | null>(null);
  // «Создать…» of the dialplan editor leads here with the window already open.
  const asked = mayChange && search.has('create');
  const refresh = () => {
    void cache.invalidateQueries({ queryKey: queryKey.slice(0, 2) });
    void cache.invalidateQueries({ queryKey: ['choices'] });
    void cache.invalidateQueries({ queryKey: ['pickup'] }); // its groups list the queues in them
  };
  const close = () => {
    setEdited(null);
    if (asked) setSearch({}, { replace: true });
  };
  const open = onOpen === undefined ? setEdited : onOpen;
  const shown = edited ?? (asked ? 'new' : null);

  const menu = (row: T): RowAction[] => [
    ...(further?.(row) ?? []),
    ...(mayChange
      ? [
          { label: t('action.edit'), icon: <IconEdit size={16} />, onClick: () => setEdited(row) },
          { label: t('action.delete'), icon: <IconTrash size={16} />, color: 'red', onClick: () => setDoomed(row) },
        ]
      : []),
  ];

  return (
    <>
      <EntityTable
        id={id}
        label={title}
        queryKey={queryKey}
        load={load}
        {...(exportUrl ? { exportUrl } : {})}
        columns={columns}
        defaultSort={defaultSort}
        empty={empty}
        menu={menu}
        {...(open ? { onOpen: open } : {})}
        {...(refetchInterval === undefined ? {} : { refetchInterval })}
        toolbar={
          <>
            {mayChange && (
              <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited('new')}>
                {createLabel ?? t('action.create')}
              </Button>
            )}
            {toolbar}
          </>
        }
        actions={(row) => (
          <>
            {buttons?.(row)}
            {mayChange && (
              <>
                <Tooltip label={t('action.edit')}>
                  <ActionIcon
                    variant="subtle"
                    aria-label={t('aria.edit', { name: nameOf(row) })}
                    onClick={() => setEdited(row)}
                  >
                    <IconEdit size={18} />
                  </ActionIcon>
                </Tooltip>
                <Tooltip label={t('action.delete')}>
                  <ActionIcon
                    variant="subtle"
                    color="red"
                    aria-label={t('aria.delete', { name: nameOf(row) })}
                    onClick={() => setDoomed(row)}
                  >
                    <IconTrash size={18} />
                  </ActionIcon>
                </Tooltip>
              </>
            )}
          </>
        )}
      />
      {shown !== null &&
        window(shown === 'new' ? null : shown, {
          onClose: close,
          onDone: () => {
            close();
            refresh();
          },
        })}
      {doomed && (
        <ConfirmDelete
          name={nameOf(doomed)}
          {...(removeHint === undefined ? {} : { hint: removeHint })}
          remove={() => remove(doomed)}
          onClose={() => setDoomed(null)}
          onDone={() => {
            setDoomed(null);
            refresh();
          }}
        />
      )}
    </>
  );
}
