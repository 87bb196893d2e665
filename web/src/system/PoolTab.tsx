import { ActionIcon, Anchor, Badge, Button, Text, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { bulkPool, getListPoolUrl, listPool, removeFromPool } from '../api/generated/ats';
import type { PoolNumber } from '../api/types';
import { ConfirmDelete } from '../form/ConfirmDelete';
import { ofOperator } from '../session/rights';
import { useMe } from '../session/session';
import { EntityTable, type Column } from '../table/EntityTable';
import { PoolWindow } from './PoolWindow';

/** «Пул номеров»: every external number of the operator and whose it is (S52). */
export function PoolTab() {
  const { t } = useTranslation();
  const me = useMe();
  const cache = useQueryClient();
  const [adding, setAdding] = useState(false);
  const [doomed, setDoomed] = useState<PoolNumber | null>(null);
  const mayChange = ofOperator(me, 'change_clients');
  const refresh = () => void cache.invalidateQueries({ queryKey: ['pool'] });

  const columns: Column<PoolNumber>[] = [
    {
      key: 'digits',
      title: t('numbers.number'),
      sort: 'digits',
      render: (row) => (
        <Text size="sm" fw={600} className="digits">
          {row.display}
        </Text>
      ),
    },
    {
      key: 'client',
      title: t('network.client'),
      sort: 'client_name',
      filter: {
        param: 'free',
        options: [
          { value: 'true', label: t('pool.free') },
          { value: 'false', label: t('pool.allotted') },
        ],
      },
      render: (row) =>
        row.client_id === null ? (
          <Badge color="teal" variant="light" tt="none">
            {t('pool.free')}
          </Badge>
        ) : (
          <Anchor component={Link} to={`/c/${row.client_id}/numbers/external`} size="sm">
            {row.client_name}
          </Anchor>
        ),
    },
    { key: 'description', title: t('field.description'), render: (row) => row.description },
  ];

  return (
    <>
      <EntityTable
        id="pool"
        label={t('system.pool')}
        queryKey={['pool']}
        load={(query) => listPool(query)}
        exportUrl={getListPoolUrl}
        {...(mayChange
          ? {
              bulk: {
                actions: ['delete'] as const,
                nameOf: (row: PoolNumber) => row.display,
                run: bulkPool,
                onDone: refresh,
              },
            }
          : {})}
        columns={columns}
        defaultSort="digits"
        empty={t('pool.empty')}
        toolbar={
          mayChange && (
            <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
              {t('action.add')}
            </Button>
          )
        }
        {...(mayChange
          ? {
              actions: (row: PoolNumber) =>
                row.client_id === null && (
                  <Tooltip label={t('action.delete')}>
                    <ActionIcon
                      variant="subtle"
                      color="red"
                      aria-label={t('aria.delete', { name: row.display })}
                      onClick={() => setDoomed(row)}
                    >
                      <IconTrash size={18} />
                    </ActionIcon>
                  </Tooltip>
                ),
            }
          : {})}
      />
      {adding && (
        <PoolWindow
          onClose={() => setAdding(false)}
          onDone={({ added, existing }) => {
            setAdding(false);
            notifications.show({ message: t('pool.added', { added, existing }) });
            refresh();
          }}
        />
      )}
      {doomed && (
        <ConfirmDelete
          name={doomed.display}
          remove={() => removeFromPool(doomed.id)}
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
