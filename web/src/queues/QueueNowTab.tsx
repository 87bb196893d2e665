import { Badge, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { getQueueLive } from '../api/generated/ats';
import type { AgentNow } from '../api/generated/model';
import { shownNumber } from '../format/number';
import { duration } from '../format/time';
import { Trouble } from '../shell/Trouble';

const EVERY_MS = 2_000;

const COLORS: Record<AgentNow['state'], string> = {
  unknown: 'gray',
  out: 'gray',
  away: 'gray',
  paused: 'yellow',
  free: 'teal',
  ringing: 'blue',
  talking: 'orange',
};

interface Props {
  clientId: number;
  queueId: number;
}

/** «Сейчас»: who waits and how long, and what each agent does. */
export function QueueNowTab({ clientId, queueId }: Props) {
  const { t } = useTranslation();
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ['queue-now', clientId, queueId],
    queryFn: () => getQueueLive(clientId, queueId),
    refetchInterval: EVERY_MS,
  });
  if (error && !data) return <Trouble error={error} retry={refetch} busy={isFetching} />;
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} data-testid="queue-now">
      <Stack gap={6}>
        <Text size="sm" fw={600}>
          {t('queues.nowWaiting')}
        </Text>
        {!data?.updated_at && (
          <Text size="sm" c="dimmed">
            {t('queues.nowAsking')}
          </Text>
        )}
        {data?.updated_at && data.waiting.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('queues.nowNobody')}
          </Text>
        )}
        {data?.waiting.map(({ position, caller, wait_s }) => (
          <Group key={position} justify="space-between" wrap="nowrap">
            <Text size="sm" className="digits">
              {position}. {shownNumber(caller) || t('queues.nowHidden')}
            </Text>
            <Text size="sm" className="digits" c="dimmed">
              {duration(wait_s * 1000)}
            </Text>
          </Group>
        ))}
      </Stack>
      <Stack gap={6}>
        <Text size="sm" fw={600}>
          {t('queues.nowAgents')}
        </Text>
        {data?.agents.map(({ id, title, state, calls }) => (
          <Group key={id} justify="space-between" wrap="nowrap">
            <Text size="sm" truncate>
              {title}
            </Text>
            <Group gap={6} wrap="nowrap">
              <Text size="xs" className="digits" c="dimmed">
                {t('queues.nowTaken', { count: calls })}
              </Text>
              <Badge size="sm" tt="none" variant="light" color={COLORS[state]}>
                {t(`queues.agentState.${state}`)}
              </Badge>
            </Group>
          </Group>
        ))}
      </Stack>
    </SimpleGrid>
  );
}
