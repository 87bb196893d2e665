import { Anchor, Text } from '@mantine/core';
import type { TFunction } from 'i18next';
import { Link } from 'react-router';

import type { ConnectedOut } from '../api/generated/model';
import type { useTimes } from '../format/useTimes';
import { RegistrationBadge } from '../ports/RegistrationBadge';
import type { Column } from '../table/EntityTable';

const STATES = ['registered', 'rejected', 'unreachable'];

/** What is said of a device or trunk, whoever's it is. */
export function connectedColumns(t: TFunction, times: ReturnType<typeof useTimes>): Column<ConnectedOut>[] {
  return [
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
}
