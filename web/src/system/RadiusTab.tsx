import { ActionIcon, Badge, Button, Group, Stack, Text, Tooltip } from '@mantine/core';
import { IconEdit, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { deleteRadius, listRadius } from '../api/generated/ats';
import type { RadiusOut } from '../api/generated/model';
import { ConfirmDelete } from '../form/ConfirmDelete';
import { useTimes } from '../format/useTimes';
import { isSystem } from '../session/rights';
import { useMe } from '../session/session';
import { EntityTable, type Column } from '../table/EntityTable';
import { RadiusWindow } from './RadiusWindow';

/** «Внешний биллинг»: RADIUS servers, whom they rate, and whether what they must be told arrives. */
export function RadiusTab() {
  const { t } = useTranslation();
  const me = useMe();
  const times = useTimes();
  const cache = useQueryClient();
  const [edited, setEdited] = useState<RadiusOut | 'new' | null>(null);
  const [doomed, setDoomed] = useState<RadiusOut | null>(null);
  const mayChange = isSystem(me);
  const refresh = () => void cache.invalidateQueries({ queryKey: ['radius'] });

  const columns: Column<RadiusOut>[] = [
    {
      key: 'name',
      title: t('field.name'),
      sort: 'name',
      render: (row) => (
        <Text size="sm" fw={600}>
          {row.name}
        </Text>
      ),
    },
    {
      key: 'servers',
      title: t('radius.servers'),
      render: (row) => (
        <Stack gap={0}>
          {row.servers.map((server) => (
            <Text key={server.id} size="sm" className="digits">
              {server.host} {server.auth_port}/{server.acct_port}
            </Text>
          ))}
        </Stack>
      ),
    },
    { key: 'clients', title: t('radius.clients'), render: (row) => row.clients },
    {
      key: 'state',
      title: t('table.state'),
      render: (row) =>
        row.failures > 0 ? (
          <Stack gap={2}>
            <Group gap="xs">
              <Badge color="red" variant="light" tt="none">
                {t('radius.silent')}
              </Badge>
            </Group>
            <Text size="xs" c="dimmed" className="digits">
              {row.error}
            </Text>
          </Stack>
        ) : row.delivered_at ? (
          <Text size="sm">{t('radius.delivered', { at: times.dateTime(row.delivered_at) })}</Text>
        ) : (
          <Text size="sm" c="dimmed">
            {t('radius.unused')}
          </Text>
        ),
    },
    {
      key: 'waiting',
      title: t('radius.waiting'),
      render: (row) => (
        <Text size="sm">
          {row.waiting}
          {row.waiting_since && ` · ${t('radius.since', { at: times.dateTime(row.waiting_since) })}`}
        </Text>
      ),
    },
  ];

  return (
    <>
      <Text size="sm" c="dimmed" mb="md">
        {t('radius.hint')}
      </Text>
      <EntityTable
        id="radius"
        label={t('radius.tab')}
        queryKey={['radius']}
        load={(query) => listRadius(query)}
        columns={columns}
        defaultSort="name"
        empty={t('radius.empty')}
        toolbar={
          mayChange && (
            <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited('new')}>
              {t('action.create')}
            </Button>
          )
        }
        {...(mayChange
          ? {
              onOpen: setEdited,
              actions: (row: RadiusOut) => (
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
              ),
            }
          : {})}
      />
      {edited !== null && (
        <RadiusWindow
          billing={edited === 'new' ? null : edited}
          onClose={() => setEdited(null)}
          onDone={() => {
            setEdited(null);
            refresh();
          }}
        />
      )}
      {doomed && (
        <ConfirmDelete
          name={doomed.name}
          remove={() => deleteRadius(doomed.id)}
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
