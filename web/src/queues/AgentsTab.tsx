import { ActionIcon, Group, Paper, Select, Stack, Text, Tooltip } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconDeviceLandlinePhone, IconPhoneOutgoing, IconX } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { useFound, useThings } from '../resource/things';
import { moved, thingOf } from './values';

interface Props {
  clientId: number;
  agents: string[];
  /** Whether their order matters to how calls are shared out. */
  ordered: boolean;
  error: ReactNode;
  onChange: (agents: string[]) => void;
}

/** «Агенты»: VoIP ports and forwarding numbers (S119, S120). */
export function AgentsTab({ clientId, agents, ordered, error, onChange }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const things = useThings(clientId, 'ports', agents.map(thingOf));
  const found = useFound(clientId, ['ports', 'forwardings'], things, typed);
  const free = (kind: 'ports' | 'forwardings', agent: string) =>
    found
      .of(kind)
      .map(({ id, title }) => ({ value: `${agent}:${id}`, label: title }))
      .filter(({ value }) => !agents.includes(value));
  const groups = [
    { group: t('menu.ports'), items: free('ports', 'port') },
    { group: t('menu.forwardings'), items: free('forwardings', 'forwarding') },
  ].filter(({ items }) => items.length > 0);
  const nameOf = (agent: string) => {
    const { kind, id } = thingOf(agent);
    return things?.[kind].find((one) => one.id === id)?.title ?? agent;
  };

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
        onSearchChange={setTyped}
        {...(found.sifted('ports') || found.sifted('forwardings') ? { filter: ({ options }) => options } : {})}
        nothingFoundMessage={t(found.busy ? 'state.loading' : 'table.nothingFound')}
        error={error}
      />
      {agents.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('queues.noAgents')}
        </Text>
      )}
      <Stack gap={6} role="list" aria-label={t('queues.agents')}>
        {agents.map((agent, index) => {
          const name = nameOf(agent);
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
