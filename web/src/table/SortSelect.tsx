import { ActionIcon, Group, Select } from '@mantine/core';
import { IconSortAscending, IconSortDescending } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

interface Props {
  columns: { title: string; sort?: string }[];
  /** As the server takes it: a field, «-» in front for descending. */
  sort: string | undefined;
  onSort: (sort: string) => void;
}

/** The order of rows where there are no headings to press: on a phone. */
export function SortSelect({ columns, sort, onSort }: Props) {
  const { t } = useTranslation();
  const field = sort?.replace(/^-/, '') ?? null;
  const falling = sort?.startsWith('-') ?? false;
  const data = columns.flatMap((column) => (column.sort ? [{ value: column.sort, label: column.title }] : []));
  if (data.length === 0) return null;
  return (
    <Group gap="xs" align="flex-end" wrap="nowrap">
      <Select
        size="xs"
        w={200}
        label={t('table.sortBy')}
        placeholder={t('table.any')}
        allowDeselect={false}
        value={field}
        onChange={(value) => value !== null && onSort(value)}
        data={data}
      />
      <ActionIcon
        variant="default"
        size={30}
        disabled={field === null}
        aria-label={t(falling ? 'table.falling' : 'table.rising')}
        onClick={() => field !== null && onSort(falling ? field : `-${field}`)}
      >
        {falling ? <IconSortDescending size={16} /> : <IconSortAscending size={16} />}
      </ActionIcon>
    </Group>
  );
}
