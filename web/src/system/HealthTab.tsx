import { Alert, Badge, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { getHealth, getNetwork } from '../api/generated/ats';
import { errorText } from '../form/errors';
import { useTimes } from '../format/useTimes';

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
      {error && (
        <Alert color="red" icon={<IconAlertCircle size={18} />} role="alert">
          {errorText(error, t)}
        </Alert>
      )}
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
                <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                  {state.detail}
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
          <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
            {network.data.nodes.map((node) => (
              <Card key={node.name} withBorder padding="md">
                <Group justify="space-between" mb={4} wrap="nowrap">
                  <Text fw={600}>{node.name}</Text>
                  <Badge color={node.alive ? 'teal' : 'red'} variant="light" tt="none" style={{ flexShrink: 0 }}>
                    {t(node.alive ? 'system.ok' : 'system.bad')}
                  </Badge>
                </Group>
                <Text size="xs" c="dimmed">
                  {node.engine_version}
                </Text>
                <Text size="xs" c="dimmed" className="digits">
                  {t('system.heartbeat', { at: times.dateTime(node.heartbeat_at) || '—' })}
                </Text>
              </Card>
            ))}
          </SimpleGrid>
        </section>
      )}
    </Stack>
  );
}
