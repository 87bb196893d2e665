import { Anchor, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { getListConnectedUrl, listConnected } from '../api/generated/ats';
import type { ConnectedOut } from '../api/generated/model';
import { useTimes } from '../format/useTimes';
import { RegistrationBadge } from '../ports/RegistrationBadge';
import { PageTitle } from '../shell/PageTitle';
import { EntityTable, type Column } from '../table/EntityTable';

const STATES = ['registered', 'rejected', 'unreachable'];

/** Devices and trunks of every client, for the operator. */
export function AllConnected() {
  const { t } = useTranslation();
  const times = useTimes();
  const columns: Column<ConnectedOut>[] = [
    {
      key: 'client',
      title: t('network.client'),
      sort: 'client_id',
      render: (row) => (
        <Anchor component={Link} to={`/c/${row.client_id}/network`} size="sm">
          {row.client_name || `№ ${row.client_id}`}
        </Anchor>
      ),
    },
    {
      key: 'port',
      title: t('network.port'),
      render: (row) => (
        <>
          <Anchor component={Link} to={`/c/${row.client_id}/ports?search=${encodeURIComponent(row.port_name)}`} size="sm">
            {row.port_name || `№ ${row.port_id}`}
          </Anchor>
          <Text size="xs" c="dimmed" className="digits">
            {row.kind.toUpperCase()} {row.login}
          </Text>
        </>
      ),
    },
    { key: 'address', title: t('network.address'), sort: 'address', render: (row) => <span className="digits">{row.address}</span> },
    { key: 'agent', title: t('network.agent'), sort: 'user_agent', render: (row) => row.user_agent },
    {
      key: 'status',
      title: t('ports.registration'),
      sort: 'status',
      filter: { param: 'status', options: STATES.map((state) => ({ value: state, label: t(`registration.${state}`) })) },
      render: (row) => <RegistrationBadge registration={row} />,
    },
    {
      key: 'rtt',
      title: 'RTT',
      align: 'right',
      sort: 'rtt_ms',
      render: (row) => (row.rtt_ms === null ? '' : t('network.ms', { ms: row.rtt_ms })),
    },
    { key: 'until', title: t('network.until'), sort: 'expires_at', render: (row) => times.dateTime(row.expires_at) },
    { key: 'node', title: t('network.node'), sort: 'node', render: (row) => row.node },
  ];
  return (
    <>
      <PageTitle title={t('menu.network')} hint={t('network.hint')} />
      <EntityTable
        id="network"
        label={t('menu.network')}
        queryKey={['network', 'all']}
        load={(query) => listConnected(query)}
        exportUrl={(query) => getListConnectedUrl(query)}
        columns={columns}
        defaultSort="-updated_at"
        refetchInterval={5000}
        empty={t('network.none')}
      />
    </>
  );
}
