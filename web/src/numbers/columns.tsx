import { Text } from '@mantine/core';
import type { TFunction } from 'i18next';

import type { NumberItem } from '../api/types';
import { breakable } from '../format/breakable';
import { Callable } from '../phone/CallButton';
import type { Column } from '../table/EntityTable';

/** Columns that internal and external numbers share. */
export function numberColumns(t: TFunction): Column<NumberItem>[] {
  return [
    {
      key: 'digits',
      title: t('numbers.number'),
      sort: 'digits',
      render: (row) => (
        <Text size="sm" fw={600} className="digits" style={{ whiteSpace: 'nowrap' }}>
          <Callable number={row.kind === 'external' ? `+${row.digits}` : row.digits}>{row.display}</Callable>
        </Text>
      ),
    },
    { key: 'name', title: t('field.name'), sort: 'name', render: (row) => row.name },
    {
      key: 'summary',
      title: t('numbers.leads'),
      render: (row) =>
        row.steps_count > 0 ? (
          breakable(row.summary)
        ) : (
          <Text size="sm" c="dimmed">
            {t('numbers.noSteps')}
          </Text>
        ),
    },
    {
      key: 'steps',
      title: t('numbers.steps'),
      align: 'right',
      filter: {
        param: 'drawn',
        options: [
          { value: 'true', label: t('numbers.drawn') },
          { value: 'false', label: t('numbers.noSteps') },
        ],
      },
      render: (row) => row.steps_count,
    },
    {
      key: 'description',
      title: t('field.description'),
      sort: 'description',
      hidden: true,
      render: (row) => row.description,
    },
    { key: 'zone', title: t('field.zone'), hidden: true, render: (row) => row.time_zone || t('numbers.clientZone') },
  ];
}
