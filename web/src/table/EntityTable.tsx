import { ActionIcon, Button, Group, Select, Stack, TextInput, Tooltip } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconDotsVertical, IconFilter, IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { DataTable } from 'mantine-datatable';
import { useState, type MouseEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';

import type { Page } from '../api/types';
import { Trouble } from '../shell/Trouble';
import { BulkBar, type Bulk } from './BulkBar';
import { ColumnChooser } from './ColumnChooser';
import { ExportMenu } from './ExportMenu';
import { ROWS } from './firstPage';
import { HeaderCell } from './HeaderCell';
import { PhoneRow } from './PhoneRow';
import { RowMenu, type OpenMenu, type RowAction } from './RowMenu';
import { SortSelect } from './SortSelect';
import { useRoomy, useWide } from './useRoomy';
import { inOrder, useTableView } from './useTableView';

export type { RowAction } from './RowMenu';

/** What every list endpoint takes, beside the filters of its columns. `sort`: a field name, «-» in front for descending. */
export interface ListQuery {
  page: number;
  page_size: number;
  search?: string;
  sort?: string;
}

export interface Column<T> {
  key: string;
  title: string;
  render: (row: T) => ReactNode;
  /** Field the server sorts by; absent: not sortable. */
  sort?: string;
  /** Hidden until the person asks for it. */
  hidden?: boolean;
  /** Hidden likewise where the window is too narrow for it and the others. */
  spare?: boolean;
  align?: 'left' | 'right' | 'center';
  width?: number | string;
  /** Values the server can filter this column by, and the name of its parameter. */
  filter?: { param: string; options: { value: string; label: string }[] };
}

interface Props<T extends { id: number | string }> {
  id: string;
  label: string;
  queryKey: readonly unknown[];
  load: (query: ListQuery) => Promise<Page<T>>;
  columns: Column<T>[];
  /** A row on a phone, said shorter than its columns one below another. */
  onPhone?: (row: T) => ReactNode;
  /** Buttons of a row, at its right end. */
  actions?: (row: T) => ReactNode;
  /** Everything that can be done with a row: on right click, and under «⋮». */
  menu?: (row: T) => RowAction[];
  /** Address of the list with these parameters: lets it be downloaded as a file. */
  exportUrl?: (query: ListQuery) => string;
  /** What can be done to many rows at once; absent: rows cannot be chosen. */
  bulk?: Bulk<T>;
  onOpen?: (row: T) => void;
  toolbar?: ReactNode;
  filters?: ReactNode;
  empty?: string;
  searchable?: boolean;
  defaultSort?: string;
  refetchInterval?: number;
  /** What has to be said of the page that came. */
  note?: (page: Page<T>) => ReactNode;
}

const PAGE_SIZES = [ROWS, 50, 100];

/** The one table of the cabinet: paging, search and order are the server's, the choice of columns the browser's. */
export function EntityTable<T extends { id: number | string }>(props: Props<T>) {
  const { id, label, queryKey, load, columns, actions, menu, onOpen, toolbar, filters, empty } = props;
  const { searchable = true, defaultSort, refetchInterval, exportUrl, bulk, note, onPhone } = props;
  const { t, i18n } = useTranslation();
  // On a phone a row stands below itself in one column, and what can be done with it under «⋮»: nothing is out of sight.
  const roomy = useRoomy();
  const wideWindow = useWide();
  const inMenu = menu !== undefined && !roomy;
  const [page, setPage] = useState(1);
  const [pageSize, setPageSize] = useState(ROWS);
  // A hit of the search over everything leads here with its name in the address.
  const asked = useSearchParams()[0].get('search') ?? '';
  const [shownAsked, setShownAsked] = useState(asked);
  const [search, setSearch] = useState(asked);
  if (shownAsked !== asked) {
    setShownAsked(asked);
    setSearch(asked);
  }
  const [sort, setSort] = useState(defaultSort);
  const [settled] = useDebouncedValue(search.trim(), 250);
  const [values, setValues] = useState<Record<string, string>>({});
  const [chosen, setChosen] = useState<T[]>([]);
  const [opened, setOpened] = useState<OpenMenu<T> | null>(null);
  const [unfolded, setUnfolded] = useState(false);
  const { view, change, reset } = useTableView(id, {
    hidden: columns.filter((column) => column.hidden || (column.spare && roomy && !wideWindow)).map((column) => column.key),
    order: [],
    widths: {},
  });
  // Another search, filter or client starts from the first page.
  const scope = JSON.stringify([queryKey, settled, values]);
  const [shownScope, setShownScope] = useState(scope);
  if (shownScope !== scope) {
    setShownScope(scope);
    setPage(1);
    setChosen([]);
  }

  const query: ListQuery = { page, page_size: pageSize, ...values };
  if (settled) query.search = settled;
  if (sort) query.sort = sort;
  const { data, isFetching, isPending, error, refetch } = useQuery({
    queryKey: [...queryKey, query],
    queryFn: () => load(query),
    placeholderData: keepPreviousData,
    refetchInterval: refetchInterval ?? false,
  });

  const sortField = sort?.replace(/^-/, '') ?? '';
  const byField = (field: string) => columns.find((column) => column.key === field)?.sort;
  const arranged = inOrder(columns, view.order);
  const chosenColumns = arranged.filter((column) => !view.hidden.includes(column.key));
  const wide = chosenColumns.map((column) => {
    const width = view.widths[column.key] ?? column.width;
    return {
      accessor: column.key,
      title: (
        <HeaderCell
          title={column.title}
          width={view.widths[column.key]}
          onWidth={(pixels) => change({ widths: { ...view.widths, [column.key]: pixels } })}
        />
      ),
      sortable: column.sort !== undefined,
      textAlign: column.align ?? ('left' as const),
      render: column.render,
      ...(width === undefined ? {} : { width }),
      ...(view.widths[column.key] === undefined ? {} : { ellipsis: true }),
    };
  });
  const narrow = [
    {
      accessor: '__row',
      title: label,
      render: (row: T) =>
        onPhone ? (
          onPhone(row)
        ) : (
          <PhoneRow row={row} columns={chosenColumns} actions={inMenu ? undefined : actions?.(row)} />
        ),
    },
  ];
  const shown = roomy ? wide : narrow;
  const hasActions = menu !== undefined || (roomy && actions !== undefined);
  const sortedColumn = columns.find((column) => column.sort !== undefined && column.sort === sortField);

  const filtered = columns.flatMap(({ key, title, filter }) => (filter ? [{ key, title, filter }] : []));
  // On a phone they would fill the first screen: there a button shows them.
  const narrowed = filters !== undefined || filtered.length > 0 || columns.some((column) => column.sort);
  const close = () => {
    opened?.from?.focus();
    setOpened(null);
  };

  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="sm">
        <Group gap="sm">{toolbar}</Group>
        <Group gap="xs" wrap="nowrap">
          {searchable && (
            <TextInput
              aria-label={t('table.search')}
              placeholder={t('table.search')}
              leftSection={<IconSearch size={16} />}
              value={search}
              onChange={(event) => setSearch(event.currentTarget.value)}
              type="search"
            />
          )}
          {exportUrl && <ExportMenu url={exportUrl(query)} />}
          {(roomy || !onPhone) && (
            <ColumnChooser columns={arranged} hidden={view.hidden} onChange={change} onReset={reset} />
          )}
        </Group>
      </Group>
      {!roomy && narrowed && (
        <Group>
          <Button
            size="compact-sm"
            variant={unfolded ? 'light' : 'default'}
            leftSection={<IconFilter size={16} />}
            aria-expanded={unfolded}
            onClick={() => setUnfolded(!unfolded)}
          >
            {t('table.filters')}
          </Button>
        </Group>
      )}
      {!roomy && unfolded && <SortSelect columns={columns} sort={sort} onSort={setSort} />}
      {(roomy || unfolded) && filters}
      {(roomy || unfolded) && filtered.length > 0 && (
        <Group gap="sm" align="flex-end">
          {filtered.map(({ key, title, filter }) => (
            <Select
              key={key}
              size="xs"
              w={170}
              label={title}
              placeholder={t('table.any')}
              clearable
              value={values[filter.param] ?? null}
              onChange={(value) =>
                setValues(({ [filter.param]: _, ...rest }) =>
                  value === null ? rest : { ...rest, [filter.param]: value },
                )
              }
              data={filter.options}
            />
          ))}
        </Group>
      )}
      {bulk && chosen.length > 0 && <BulkBar bulk={bulk} selected={chosen} onClear={() => setChosen([])} />}
      {error !== null && <Trouble error={error} retry={refetch} busy={isFetching} />}
      {data && note?.(data)}
      <DataTable<T>
        aria-label={label}
        withTableBorder
        borderRadius="md"
        highlightOnHover
        pinLastColumn={roomy && hasActions}
        noHeader={!roomy && !bulk}
        verticalSpacing="xs"
        minHeight={isPending || data?.items.length === 0 ? 180 : undefined}
        records={data?.items ?? []}
        idAccessor="id"
        fetching={isPending || (isFetching && refetchInterval === undefined)}
        loaderBackgroundBlur={0}
        columns={[
          ...shown,
          ...(hasActions
            ? [
                {
                  accessor: '__actions',
                  title: '',
                  textAlign: 'right' as const,
                  width: '0%',
                  render: (row: T) => (
                    <Group
                      gap="xs"
                      wrap="nowrap"
                      justify="flex-end"
                      onClick={(event) => event.stopPropagation()}
                    >
                      {roomy && actions?.(row)}
                      {menu && menu(row).length > 0 && (
                        <Tooltip label={t('table.actions')}>
                          <ActionIcon
                            variant="subtle"
                            color="gray"
                            aria-label={t('table.actions')}
                            aria-haspopup="menu"
                            onClick={({ currentTarget }) => {
                              const box = currentTarget.getBoundingClientRect();
                              setOpened({ row, x: box.left, y: box.bottom, from: currentTarget });
                            }}
                          >
                            <IconDotsVertical size={18} />
                          </ActionIcon>
                        </Tooltip>
                      )}
                    </Group>
                  ),
                },
              ]
            : []),
        ]}
        {...(onOpen
          ? { onRowClick: ({ record }: { record: T }) => onOpen(record), rowStyle: () => ({ cursor: 'pointer' }) }
          : {})}
        {...(menu
          ? {
              onRowContextMenu: ({ record, event }: { record: T; event: MouseEvent }) => {
                if (menu(record).length === 0) return;
                event.preventDefault();
                setOpened({ row: record, x: event.clientX, y: event.clientY, from: null });
              },
            }
          : {})}
        {...(bulk
          ? {
              selectedRecords: chosen,
              onSelectedRecordsChange: setChosen,
              allRecordsSelectionCheckboxProps: { 'aria-label': t('bulk.selectPage') },
              getRecordSelectionCheckboxProps: (row: T) => ({
                'aria-label': t('bulk.select', { name: bulk.nameOf(row) }),
              }),
            }
          : {})}
        sortStatus={{
          columnAccessor: sortedColumn?.key ?? '',
          direction: sort?.startsWith('-') ? 'desc' : 'asc',
        }}
        onSortStatusChange={({ columnAccessor, direction }) => {
          const field = byField(String(columnAccessor));
          if (field) setSort(direction === 'desc' ? `-${field}` : field);
        }}
        totalRecords={data?.total ?? 0}
        recordsPerPage={pageSize}
        page={page}
        onPageChange={setPage}
        recordsPerPageOptions={PAGE_SIZES}
        onRecordsPerPageChange={(size) => {
          setPageSize(size);
          setPage(1);
        }}
        recordsPerPageLabel={t('table.perPage')}
        paginationText={({ from, to, totalRecords }) =>
          data?.total_cut
            ? t('table.rangeCut', { from, to, total: totalRecords.toLocaleString(i18n.language) })
            : t('table.range', { from, to, total: totalRecords })
        }
        // The library keeps its empty text in the page even over rows, where screen readers would find it; and
        // nothing is known to be empty that could not be read.
        {...(error !== null || (data && data.items.length > 0) ? { emptyState: <></> } : {})}
        noRecordsText={settled ? t('table.nothingFound') : (empty ?? t('table.empty'))}
        loadingText={t('state.loading')}
        getPaginationControlProps={(control) => ({ 'aria-label': t(`table.${control}`) })}
      />
      {opened && menu && <RowMenu actions={menu(opened.row)} x={opened.x} y={opened.y} onClose={close} />}
    </Stack>
  );
}
