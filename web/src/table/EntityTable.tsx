import { Alert, Group, Stack, TextInput } from '@mantine/core';
import { useDebouncedValue, useMediaQuery } from '@mantine/hooks';
import { IconAlertCircle, IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { DataTable } from 'mantine-datatable';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Page } from '../api/types';
import { errorText } from '../form/errors';
import { ColumnChooser } from './ColumnChooser';
import { useHiddenColumns } from './columns';

/** What every list endpoint takes. `sort` is a field name, with «-» in front for descending. */
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
  align?: 'left' | 'right' | 'center';
  width?: number | string;
}

interface Props<T extends { id: number | string }> {
  id: string;
  label: string;
  queryKey: readonly unknown[];
  load: (query: ListQuery) => Promise<Page<T>>;
  columns: Column<T>[];
  /** Buttons of a row, at its right end. */
  actions?: (row: T) => ReactNode;
  onOpen?: (row: T) => void;
  toolbar?: ReactNode;
  filters?: ReactNode;
  empty?: string;
  searchable?: boolean;
  defaultSort?: string;
  refetchInterval?: number;
}

const PAGE_SIZES = [25, 50, 100];

/** The one table of the cabinet: paging, search and order are the server's, the choice of columns the browser's. */
export function EntityTable<T extends { id: number | string }>(props: Props<T>) {
  const { id, label, queryKey, load, columns, actions, onOpen, toolbar, filters, empty } = props;
  const { searchable = true, defaultSort, refetchInterval } = props;
  const { t } = useTranslation();
  // On a phone a fixed column would cover the others.
  const roomy = useMediaQuery('(min-width: 48em)') ?? true;
  const [page, setPage] = useState(1);
  const [pageSize, setPageSize] = useState(25);
  const [search, setSearch] = useState('');
  const [sort, setSort] = useState(defaultSort);
  const [settled] = useDebouncedValue(search.trim(), 250);
  const [hidden, setHidden] = useHiddenColumns(
    id,
    columns.filter((column) => column.hidden).map((column) => column.key),
  );
  // Another search, filter or client starts from the first page.
  const scope = JSON.stringify([queryKey, settled]);
  const [shownScope, setShownScope] = useState(scope);
  if (shownScope !== scope) {
    setShownScope(scope);
    setPage(1);
  }

  const query: ListQuery = { page, page_size: pageSize };
  if (settled) query.search = settled;
  if (sort) query.sort = sort;
  const { data, isFetching, isPending, error } = useQuery({
    queryKey: [...queryKey, query],
    queryFn: () => load(query),
    placeholderData: keepPreviousData,
    refetchInterval: refetchInterval ?? false,
  });

  const sortField = sort?.replace(/^-/, '') ?? '';
  const byField = (field: string) => columns.find((column) => column.key === field)?.sort;
  const shown = columns
    .filter((column) => !hidden.includes(column.key))
    .map((column) => ({
      accessor: column.key,
      title: column.title,
      sortable: column.sort !== undefined,
      textAlign: column.align ?? ('left' as const),
      render: column.render,
      ...(column.width === undefined ? {} : { width: column.width }),
    }));
  const sortedColumn = columns.find((column) => column.sort !== undefined && column.sort === sortField);

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
          <ColumnChooser columns={columns} hidden={hidden} onChange={setHidden} />
        </Group>
      </Group>
      {filters}
      {error !== null && (
        <Alert color="red" icon={<IconAlertCircle size={18} />} role="alert">
          {errorText(error, t)}
        </Alert>
      )}
      <DataTable<T>
        aria-label={label}
        withTableBorder
        borderRadius="md"
        highlightOnHover
        pinLastColumn={actions !== undefined && roomy}
        verticalSpacing="xs"
        minHeight={isPending || data?.items.length === 0 ? 180 : undefined}
        records={data?.items ?? []}
        idAccessor="id"
        fetching={isPending || (isFetching && refetchInterval === undefined)}
        loaderBackgroundBlur={0}
        columns={[
          ...shown,
          ...(actions
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
                      {actions(row)}
                    </Group>
                  ),
                },
              ]
            : []),
        ]}
        {...(onOpen
          ? { onRowClick: ({ record }: { record: T }) => onOpen(record), rowStyle: () => ({ cursor: 'pointer' }) }
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
        paginationText={({ from, to, totalRecords }) => t('table.range', { from, to, total: totalRecords })}
        // The library keeps its empty text in the page even over rows, where screen readers would find it.
        {...(data && data.items.length > 0 ? { emptyState: <></> } : {})}
        noRecordsText={settled ? t('table.nothingFound') : (empty ?? t('table.empty'))}
        loadingText={t('state.loading')}
        getPaginationControlProps={(control) => ({ 'aria-label': t(`table.${control}`) })}
      />
    </Stack>
  );
}
