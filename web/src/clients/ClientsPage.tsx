import { ActionIcon, Badge, Button, Text, Tooltip } from '@mantine/core';
import { IconEdit, IconPlus, IconTrash, IconUserShield } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';

import { bulkClients, deleteClient, getListClientsUrl, listClients } from '../api/generated/ats';
import { useNewThings } from '../api/meta';
import type { Client } from '../api/types';
import { ConfirmDelete } from '../form/ConfirmDelete';
import { ofOperator } from '../session/rights';
import { useMe } from '../session/session';
import { PageTitle } from '../shell/PageTitle';
import type { BulkAction } from '../table/BulkBar';
import { EntityTable, type Column, type RowAction } from '../table/EntityTable';
import { activeFilter } from '../table/filters';

// The first screen of the operator is the list: its window comes when somebody opens it.
const ClientWindow = lazy(async () => ({ default: (await import('./ClientWindow')).ClientWindow }));

/** «Клиенты» (S25): the operator's list, with the way into each client's cabinet. */
export function ClientsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const [edited, setEdited] = useState<Client | 'new' | null>(null);
  const usual = useNewThings(edited !== null);
  const [doomed, setDoomed] = useState<Client | null>(null);
  const refresh = () => void cache.invalidateQueries({ queryKey: ['clients'] });

  const columns: Column<Client>[] = [
    {
      key: 'name',
      title: t('field.name'),
      sort: 'name',
      render: (row) => (
        <Text size="sm" fw={550}>
          {row.name}{' '}
          {row.is_operator && (
            <Badge size="xs" variant="light">
              {t('clients.operator')}
            </Badge>
          )}
          {!row.is_active && (
            <Badge size="xs" color="gray">
              {t('clients.inactive')}
            </Badge>
          )}
        </Text>
      ),
    },
    {
      key: 'description',
      title: t('field.description'),
      render: (row) => (
        <Text size="sm" lineClamp={2}>
          {row.description}
        </Text>
      ),
    },
    { key: 'billing', title: t('field.billing'), sort: 'billing_account', spare: true, render: (row) => row.billing_account },
    { key: 'users', title: t('clients.users'), align: 'right', render: (row) => row.counts.users },
    { key: 'internal', title: t('clients.internal'), align: 'right', render: (row) => row.counts.internal_numbers },
    { key: 'external', title: t('clients.external'), align: 'right', render: (row) => row.counts.external_numbers },
    { key: 'ports', title: t('clients.ports'), align: 'right', spare: true, render: (row) => row.counts.ports },
    { key: 'zone', title: t('field.zone'), hidden: true, render: (row) => row.time_zone },
    {
      key: 'active',
      title: t('table.state'),
      sort: 'is_active',
      hidden: true,
      filter: activeFilter(t),
      render: (row) => t(row.is_active ? 'table.on' : 'table.off'),
    },
    { key: 'id', title: 'ID', sort: 'id', align: 'right', hidden: true, render: (row) => row.id },
  ];

  const mayChange = ofOperator(me, 'change_clients');
  const mayDelete = ofOperator(me, 'delete_clients');
  const menu = (row: Client): RowAction[] => [
    { label: t('clients.administer'), icon: <IconUserShield size={16} />, to: `/c/${row.id}/overview` },
    ...(mayChange
      ? [{ label: t('action.edit'), icon: <IconEdit size={16} />, onClick: () => setEdited(row) }]
      : []),
    ...(mayDelete && !row.is_operator
      ? [{ label: t('action.delete'), icon: <IconTrash size={16} />, color: 'red', onClick: () => setDoomed(row) }]
      : []),
  ];
  const together: BulkAction[] = [
    ...(mayChange ? (['activate', 'deactivate'] as const) : []),
    ...(mayDelete ? (['delete'] as const) : []),
  ];

  return (
    <>
      <PageTitle title={t('menu.clients')} />
      <EntityTable
        id="clients"
        label={t('menu.clients')}
        queryKey={['clients']}
        load={listClients}
        exportUrl={getListClientsUrl}
        columns={columns}
        menu={menu}
        {...(together.length > 0
          ? { bulk: { actions: together, nameOf: (row: Client) => row.name, run: bulkClients, onDone: refresh } }
          : {})}
        defaultSort="name"
        onOpen={(row) => void navigate(`/c/${row.id}/overview`)}
        empty={t('clients.empty')}
        toolbar={
          ofOperator(me, 'add_clients') && (
            <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited('new')}>
              {t('action.create')}
            </Button>
          )
        }
        actions={(row) => (
          <>
            <Button
              size="compact-sm"
              variant="light"
              component={Link}
              to={`/c/${row.id}/overview`}
              leftSection={<IconUserShield size={16} />}
            >
              {t('clients.administer')}
            </Button>
            {mayChange && (
              <Tooltip label={t('action.edit')}>
                <ActionIcon
                  variant="subtle"
                  aria-label={t('aria.edit', { name: row.name })}
                  onClick={() => setEdited(row)}
                >
                  <IconEdit size={18} />
                </ActionIcon>
              </Tooltip>
            )}
            {mayDelete && !row.is_operator && (
              <Tooltip label={t('action.delete')}>
                <ActionIcon
                  variant="subtle"
                  color="red"
                  aria-label={t('aria.delete', { name: row.name })}
                  onClick={() => setDoomed(row)}
                >
                  <IconTrash size={18} />
                </ActionIcon>
              </Tooltip>
            )}
          </>
        )}
      />
      {edited !== null && usual && (
        <Suspense>
          <ClientWindow
            client={edited === 'new' ? null : edited}
            usual={usual}
            onClose={() => setEdited(null)}
            onDone={() => {
              setEdited(null);
              refresh();
            }}
          />
        </Suspense>
      )}
      {doomed && (
        <ConfirmDelete
          name={doomed.name}
          remove={() => deleteClient(doomed.id)}
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
