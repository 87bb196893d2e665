import { Paper, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { listPorts, listRegistrations } from '../api/generated/ats';
import { useTimes } from '../format/useTimes';
import { RegistrationBadge } from '../ports/RegistrationBadge';
import { PageTitle } from '../shell/PageTitle';
import { Trouble } from '../shell/Trouble';

/** Devices and trunks of one client. */
export function ClientConnected({ clientId }: { clientId: number }) {
  const { t } = useTranslation();
  const times = useTimes();
  const { data, error, refetch } = useQuery({
    queryKey: ['network', clientId],
    queryFn: async () => (await listRegistrations(clientId)).items,
    refetchInterval: 5000,
  });
  const { data: ports } = useQuery({
    queryKey: ['port-names', clientId],
    queryFn: () => listPorts(clientId, { page_size: 500 }),
    staleTime: 60_000,
  });
  const portName = (id: number) => ports?.items.find((item) => item.id === id)?.name ?? `№ ${id}`;

  return (
    <>
      <PageTitle title={t('menu.network')} hint={t('network.hint')} />
      {error && <Trouble error={error} retry={refetch} mb="md" />}
      <Paper withBorder radius="md">
        <Table.ScrollContainer minWidth={720}>
          <Table verticalSpacing="sm" horizontalSpacing="md" aria-label={t('menu.network')}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('network.port')}</Table.Th>
                <Table.Th>{t('network.address')}</Table.Th>
                <Table.Th>{t('network.agent')}</Table.Th>
                <Table.Th>{t('ports.registration')}</Table.Th>
                <Table.Th ta="right">RTT</Table.Th>
                <Table.Th>{t('network.until')}</Table.Th>
                <Table.Th>{t('network.node')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data?.map((row) => (
                <Table.Tr key={`${row.node}:${row.port_id}:${row.contact}`}>
                  <Table.Td>{portName(row.port_id)}</Table.Td>
                  <Table.Td className="digits">{row.address}</Table.Td>
                  <Table.Td>{row.user_agent}</Table.Td>
                  <Table.Td>
                    <RegistrationBadge registration={row} />
                  </Table.Td>
                  <Table.Td ta="right" className="digits">
                    {row.rtt_ms === null ? '' : t('network.ms', { ms: row.rtt_ms })}
                  </Table.Td>
                  <Table.Td className="digits">{times.dateTime(row.expires_at)}</Table.Td>
                  <Table.Td>{row.node}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
        {data?.length === 0 && (
          <Text ta="center" c="dimmed" p="xl">
            {t('network.none')}
          </Text>
        )}
      </Paper>
    </>
  );
}
