import { Badge, Card, Group, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { getHealth, getNetwork } from '../api/generated/ats';
import { useTimes } from '../format/useTimes';
import { Trouble } from '../shell/Trouble';

/** What a part says of itself, for people: «22.10.1+dfsg…» is Asterisk 22.10.1, and «ok» says the badge already. */
function shortly(detail: string): string {
  const version = /^(\d+\.\d+\.\d+)([+~-]|$)/.exec(detail);
  if (version) return `Asterisk ${version[1]}`;
  return detail === 'ok' ? '' : detail;
}

/** What there is to know of a node, a line each. */
function Facts({ facts }: { facts: [name: string, value: string][] }) {
  return (
    <Table verticalSpacing={2} horizontalSpacing={0} withRowBorders={false} mt="xs">
      <Table.Tbody>
        {facts.map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th fw={400}>
              <Text size="xs" c="dimmed">
                {name}
              </Text>
            </Table.Th>
            <Table.Td ta="right">
              <Text size="xs" className="digits">
                {value}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** Every part of the installation and every engine node, asked for each 5 seconds. */
export function HealthTab() {
  const { t, i18n } = useTranslation();
  const times = useTimes();
  const health = useQuery({ queryKey: ['health'], queryFn: () => getHealth(), refetchInterval: 5000 });
  const network = useQuery({ queryKey: ['network', null, 'nodes'], queryFn: () => getNetwork(), refetchInterval: 5000 });
  const name = (part: string) => (i18n.exists(`part.${part}`) ? t(`part.${part}`) : part);
  const error = health.error ?? network.error;

  return (
    <Stack gap="lg">
      {error && <Trouble error={error} retry={() => Promise.all([health.refetch(), network.refetch()])} />}
      {health.data && (
        <section>
          <Group mb="sm" gap="sm">
            <Title order={2} size="h5">
              {t('system.parts')}
            </Title>
            <Text size="sm" c="dimmed">
              {t('system.version', { version: health.data.version })}
            </Text>
          </Group>
          <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
            {Object.entries(health.data.parts).map(([part, state]) => (
              <Card key={part} withBorder padding="md">
                <Group justify="space-between" mb={4} wrap="nowrap">
                  <Text fw={600}>{name(part)}</Text>
                  <Badge color={state.ok ? 'teal' : 'red'} variant="light" tt="none" style={{ flexShrink: 0 }}>
                    {t(state.ok ? 'system.ok' : 'system.bad')}
                  </Badge>
                </Group>
                <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }} title={state.detail}>
                  {shortly(state.detail)}
                </Text>
              </Card>
            ))}
          </SimpleGrid>
        </section>
      )}
      {network.data && (
        <section>
          <Title order={2} size="h5" mb="sm">
            {t('system.nodes')}
          </Title>
          {network.data.nodes.length === 0 && (
            <Text size="sm" c="dimmed">
              {t('system.noNodes')}
            </Text>
          )}
          <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }}>
            {network.data.nodes.map((node) => (
              <Card key={node.name} withBorder padding="md">
                <Group justify="space-between" mb={4} wrap="nowrap">
                  <Text fw={600}>{node.name}</Text>
                  <Badge color={node.alive ? 'teal' : 'red'} variant="light" tt="none" style={{ flexShrink: 0 }}>
                    {t(node.alive ? 'system.ok' : 'system.bad')}
                  </Badge>
                </Group>
                <Text size="xs" c="dimmed" title={node.engine_version}>
                  {shortly(node.engine_version)}
                </Text>
                <Facts
                  facts={[
                    [t('system.heartbeatAt'), times.dateTime(node.heartbeat_at) || '—'],
                    [t('system.uptime'), times.dateTime(node.engine_started_at) || '—'],
                    [t('system.calls'), String(node.calls)],
                    [t('system.registered'), String(node.registered)],
                    [t('system.clients'), String(node.clients)],
                    [
                      t('system.configuration'),
                      node.failed > 0
                        ? t('system.failed', { count: node.failed })
                        : node.behind > 0
                          ? t('system.behind', { count: node.behind })
                          : t('system.current', { change: node.newest_outbox_id }),
                    ],
                  ]}
                />
              </Card>
            ))}
          </SimpleGrid>
        </section>
      )}
    </Stack>
  );
}
