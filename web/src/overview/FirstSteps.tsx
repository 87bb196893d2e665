import { Anchor, Paper, Stack, Text, ThemeIcon, Title, Group } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { listInternalNumbers } from '../api/generated/ats';
import type { Overview } from '../api/types';

/** What is still missing on the way to the first call; disappears once telephones are registered. */
export function FirstSteps({ clientId, overview }: { clientId: number; overview: Overview }) {
  const { t } = useTranslation();
  const { numbers, ports } = overview;
  const needed = !overview.client.is_operator && ports.registered === 0 && overview.calls_today === 0;
  const { data } = useQuery({
    queryKey: ['numbers', clientId, 'internal', 'first-steps'],
    queryFn: () => listInternalNumbers(clientId, { page_size: 100 }),
    enabled: needed,
  });
  if (!needed) return null;
  const drawn = data?.items.some((number) => number.steps_count > 0) ?? false;
  const steps = [
    { done: ports.total > 0, text: t('first.port'), to: `/c/${clientId}/ports` },
    { done: numbers.internal > 0, text: t('first.number'), to: `/c/${clientId}/numbers/internal` },
    { done: drawn, text: t('first.dialplan'), to: `/c/${clientId}/numbers/internal` },
    { done: ports.registered > 0, text: t('first.register'), to: `/c/${clientId}/ports` },
  ];
  return (
    <Paper withBorder p="md" radius="md" mb="lg">
      <Title order={2} size="h5" mb="xs">
        {t('first.title')}
      </Title>
      <Stack gap={8} component="ol" m={0} p={0} style={{ listStyle: 'none' }}>
        {steps.map(({ done, text, to }, index) => (
          <Group key={text} gap="sm" component="li" wrap="nowrap">
            <ThemeIcon
              size={24}
              radius="xl"
              variant={done ? 'filled' : 'light'}
              color={done ? 'teal' : 'line'}
              {...(done ? { role: 'img', 'aria-label': t('first.done') } : {})}
            >
              {done ? <IconCheck size={14} /> : <Text size="xs">{index + 1}</Text>}
            </ThemeIcon>
            <Anchor component={Link} to={to} size="sm" td={done ? 'line-through' : undefined}>
              {text}
            </Anchor>
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}
