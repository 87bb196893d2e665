import { Badge, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { deleteRadius, listRadius } from '../api/generated/ats';
import type { RadiusOut } from '../api/generated/model';
import { useTimes } from '../format/useTimes';
import { ResourceTable } from '../resource/ResourcePage';
import { isSystem } from '../session/rights';
import { useMe } from '../session/session';
import type { Column } from '../table/EntityTable';
import { RadiusWindow } from './RadiusWindow';

/** «Внешний биллинг»: RADIUS servers, whom they rate, and whether what they must be told arrives. */
export function RadiusTab() {
  const { t } = useTranslation();
  const me = useMe();
  const times = useTimes();
  const mayChange = isSystem(me);

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
      <ResourceTable
        id="radius"
        title={t('radius.tab')}
        empty={t('radius.empty')}
        queryKey={['radius']}
        load={(query) => listRadius(query)}
        columns={columns}
        defaultSort="name"
        mayChange={mayChange}
        nameOf={(row) => row.name}
        remove={(row) => deleteRadius(row.id)}
        window={(row, acts) => <RadiusWindow billing={row} {...acts} />}
        {...(mayChange ? {} : { onOpen: null })}
      />
    </>
  );
}
