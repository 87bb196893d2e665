import { ActionIcon, Group, Paper, Select, Stack, Text, Tooltip } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconDeviceLandlinePhone, IconPhoneOutgoing, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { DialplanTargets } from '../api/types';
import { moved } from './values';

interface Props {
  agents: string[];
  things: DialplanTargets | undefined;
  /** Whether their order matters to how calls are shared out. */
  ordered: boolean;
  error: ReactNode;
  onChange: (agents: string[]) => void;
}

/** «Агенты»: VoIP ports and forwarding numbers (S119, S120). */
export function AgentsTab({ agents, things, ordered, error, onChange }: Props) {
  const { t } = useTranslation();
  const ports = (things?.ports ?? []).map(({ id, title }) => ({ value: `port:${id}`, label: title }));
  const forwardings = (things?.forwardings ?? []).map(({ id, title }) => ({
    value: `forwarding:${id}`,
    label: title,
  }));
  const titles = new Map([...ports, ...forwardings].map(({ value, label }) => [value, label]));
  const free = (list: typeof ports) => list.filter(({ value }) => !agents.includes(value));
  const groups = [
    { group: t('menu.ports'), items: free(ports) },
    { group: t('menu.forwardings'), items: free(forwardings) },
  ].filter(({ items }) => items.length > 0);

  return (
    <Stack gap="sm">
      <Select
        label={t('queues.addAgent')}
        description={t('queues.addAgentHint')}
        placeholder={t('dialplan.chooseThing')}
        data={groups}
        value={null}
        onChange={(value) => value !== null && onChange([...agents, value])}
        searchable
        limit={200}
        nothingFoundMessage={t('table.nothingFound')}
        error={error}
      />
      {agents.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('queues.noAgents')}
        </Text>
      )}
      <Stack gap={6} role="list" aria-label={t('queues.agents')}>
        {agents.map((agent, index) => {
          const name = titles.get(agent) ?? agent;
          return (
            <Paper key={agent} withBorder px="sm" py={6} role="listitem">
              <Group justify="space-between" wrap="nowrap">
                <Group gap="xs" wrap="nowrap">
                  {agent.startsWith('port:') ? <IconDeviceLandlinePhone size={17} /> : <IconPhoneOutgoing size={17} />}
                  <Text size="sm">{name}</Text>
                </Group>
                <Group gap={2} wrap="nowrap">
                  {ordered && (
                    <>
                      <ActionIcon
                        variant="subtle"
                        color="gray"
                        disabled={index === 0}
                        aria-label={t('queues.sooner', { name })}
                        onClick={() => onChange(moved(agents, index, -1))}
                      >
                        <IconArrowUp size={16} />
                      </ActionIcon>
                      <ActionIcon
                        variant="subtle"
                        color="gray"
                        disabled={index === agents.length - 1}
                        aria-label={t('queues.later', { name })}
                        onClick={() => onChange(moved(agents, index, 1))}
                      >
                        <IconArrowDown size={16} />
                      </ActionIcon>
                    </>
                  )}
                  <Tooltip label={t('queues.removeAgent')}>
                    <ActionIcon
                      variant="subtle"
                      color="red"
                      aria-label={t('aria.delete', { name })}
                      onClick={() => onChange(agents.filter((one) => one !== agent))}
                    >
                      <IconX size={16} />
                    </ActionIcon>
                  </Tooltip>
                </Group>
              </Group>
            </Paper>
          );
        })}
      </Stack>
    </Stack>
  );
}
