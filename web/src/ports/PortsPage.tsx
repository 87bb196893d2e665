import { ActionIcon, Badge, Button, Group, Text, Tooltip } from '@mantine/core';
import { IconEdit, IconKey, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { bulkPorts, deletePort, getListPortsUrl, listPorts } from '../api/generated/ats';
import type { BulkIn } from '../api/generated/model';
import type { Port } from '../api/types';
import { ConfirmDelete } from '../form/ConfirmDelete';
import { may } from '../session/rights';
import { useMe } from '../session/session';
import { useClientId } from '../shell/clientScope';
import { PageTitle } from '../shell/PageTitle';
import { EntityTable, type Column, type RowAction } from '../table/EntityTable';
import { activeFilter } from '../table/filters';
import { CredentialsModal } from './CredentialsModal';
import { PortWindow } from './PortWindow';
import { RegistrationBadge } from './RegistrationBadge';
import { PROTOCOLS } from './values';

const protocol = (row: Port) => PROTOCOLS.find(({ value }) => value === row.kind)?.label ?? row.kind;

/** «Порты → Порты VoIP» (S59): devices of subscribers and lines of other operators. */
export function PortsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const clientId = useClientId();
  const cache = useQueryClient();
  const [edited, setEdited] = useState<Port | 'new' | null>(null);
  const [shown, setShown] = useState<Port | null>(null);
  const [doomed, setDoomed] = useState<Port | null>(null);
  const key = ['ports', clientId];
  const mayChange = may(me, 'ports_change', clientId);

  const columns: Column<Port>[] = [
    {
      key: 'name',
      title: t('field.name'),
      sort: 'name',
      render: (row) => (
        <Group gap={6}>
          <Text size="sm" fw={550}>
            {row.name}
          </Text>
          {/* What is out of the common is told even where its columns have no room. */}
          {row.kind !== 'sip' && (
            <Badge size="xs" variant="light" tt="none">
              {protocol(row)}
            </Badge>
          )}
          {row.connection === 'trunk' && (
            <Badge size="xs" variant="light" tt="none">
              {t('ports.trunk')}
            </Badge>
          )}
          {!row.is_active && (
            <Badge size="xs" color="gray">
              {t('ports.off')}
            </Badge>
          )}
        </Group>
      ),
    },
    {
      key: 'registration',
      title: t('ports.registration'),
      filter: {
        param: 'registered',
        options: [
          { value: 'true', label: t('ports.isRegistered') },
          { value: 'false', label: t('ports.notRegistered') },
        ],
      },
      render: (row) => <RegistrationBadge registration={row.registration} />,
    },
    {
      key: 'number',
      title: t('ports.number'),
      render: (row) => [row.number_digits, row.number_name].filter(Boolean).join(' — '),
    },
    {
      key: 'login',
      title: t('ports.account'),
      sort: 'login',
      render: (row) => (
        <Text size="sm" ff="monospace">
          {row.connection === 'trunk' ? `${row.remote_login ? `${row.remote_login}@` : ''}${row.remote_host}` : row.login}
        </Text>
      ),
    },
    {
      key: 'kind',
      title: t('ports.kind'),
      sort: 'kind',
      spare: true,
      filter: { param: 'kind', options: PROTOCOLS },
      render: protocol,
    },
    {
      key: 'connection',
      title: t('ports.connection'),
      sort: 'connection',
      spare: true,
      filter: {
        param: 'connection',
        options: [
          { value: 'subscriber', label: t('ports.subscriber') },
          { value: 'trunk', label: t('ports.trunk') },
        ],
      },
      render: (row) => t(row.connection === 'trunk' ? 'ports.trunk' : 'ports.subscriber'),
    },
    {
      key: 'address',
      title: t('network.address'),
      hidden: true,
      render: (row) => row.registration?.address ?? '',
    },
    { key: 'agent', title: t('network.agent'), hidden: true, render: (row) => row.registration?.user_agent ?? '' },
    {
      key: 'active',
      title: t('table.state'),
      sort: 'is_active',
      hidden: true,
      filter: activeFilter(t),
      render: (row) => t(row.is_active ? 'table.on' : 'table.off'),
    },
    { key: 'description', title: t('field.description'), hidden: true, render: (row) => row.description },
  ];
  const refresh = () => void cache.invalidateQueries({ queryKey: key });
  const menu = (row: Port): RowAction[] => [
    ...(row.connection === 'subscriber' && may(me, 'ports_secret', clientId)
      ? [{ label: t('ports.credentials'), icon: <IconKey size={16} />, onClick: () => setShown(row) }]
      : []),
    ...(mayChange
      ? [
          { label: t('action.edit'), icon: <IconEdit size={16} />, onClick: () => setEdited(row) },
          { label: t('action.delete'), icon: <IconTrash size={16} />, color: 'red', onClick: () => setDoomed(row) },
        ]
      : []),
  ];

  return (
    <>
      <PageTitle title={t('menu.ports')} hint={t('ports.hint')} />
      <EntityTable
        id="ports"
        label={t('menu.ports')}
        queryKey={key}
        load={(query) => listPorts(clientId, query)}
        exportUrl={(query) => getListPortsUrl(clientId, query)}
        columns={columns}
        menu={menu}
        {...(mayChange
          ? {
              bulk: {
                actions: ['activate', 'deactivate', 'delete'] as const,
                nameOf: (row: Port) => row.name,
                run: (body: BulkIn) => bulkPorts(clientId, body),
                onDone: refresh,
              },
            }
          : {})}
        defaultSort="name"
        refetchInterval={5000}
        empty={t(may(me, 'whole_view', clientId) ? 'ports.empty' : 'ports.noneOfYours')}
        {...(mayChange ? { onOpen: setEdited } : {})}
        toolbar={
          mayChange && (
            <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited('new')}>
              {t('action.create')}
            </Button>
          )
        }
        actions={(row) => (
          <>
            {row.connection === 'subscriber' && may(me, 'ports_secret', clientId) && (
              <Button
                size="compact-sm"
                variant="light"
                leftSection={<IconKey size={16} />}
                onClick={() => setShown(row)}
                aria-label={`${t('ports.credentials')}: ${row.name}`}
              >
                {t('ports.credentials')}
              </Button>
            )}
            {mayChange && (
              <>
                <Tooltip label={t('action.edit')}>
                  <ActionIcon
                    variant="subtle"
                    aria-label={t('aria.edit', { name: row.name })}
                    onClick={() => setEdited(row)}
                  >
                    <IconEdit size={18} />
                  </ActionIcon>
                </Tooltip>
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
              </>
            )}
          </>
        )}
      />
      {edited !== null && (
        <PortWindow
          clientId={clientId}
          port={edited === 'new' ? null : edited}
          onClose={() => setEdited(null)}
          onDone={(port, isNew) => {
            setEdited(null);
            void cache.invalidateQueries({ queryKey: key });
            void cache.invalidateQueries({ queryKey: ['pickup', clientId] });
            void cache.invalidateQueries({ queryKey: ['choices', clientId] });
            // A new telephone is set up next: show at once what to type into it.
            if (isNew && port.connection === 'subscriber' && may(me, 'ports_secret', clientId)) setShown(port);
          }}
        />
      )}
      {shown && <CredentialsModal clientId={clientId} port={shown} onClose={() => setShown(null)} />}
      {doomed && (
        <ConfirmDelete
          name={doomed.name}
          remove={() => deletePort(clientId, doomed.id)}
          onClose={() => setDoomed(null)}
          onDone={() => {
            setDoomed(null);
            void cache.invalidateQueries({ queryKey: key });
          }}
        />
      )}
    </>
  );
}
