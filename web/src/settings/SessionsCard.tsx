import { Alert, Badge, Button, Group, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { endOtherSessions, endOwnSession, listOwnSessions } from '../api/generated/ats';
import { errorText } from '../form/errors';
import { useTimes } from '../format/useTimes';
import { Trouble } from '../shell/Trouble';

/** Where one is logged in, with the way to end it. */
export function SessionsCard() {
  const { t } = useTranslation();
  const times = useTimes();
  const cache = useQueryClient();
  const open = useQuery({ queryKey: ['sessions'], queryFn: () => listOwnSessions() });
  const ending = useMutation({
    mutationFn: (id: number | 'others') => (id === 'others' ? endOtherSessions() : endOwnSession(id)),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['sessions'] }),
  });
  const items = open.data?.items ?? [];
  return (
    <Paper withBorder p="lg" radius="md">
      <Stack>
        <Group justify="space-between">
          <div>
            <Title order={2} size="h5">
              {t('sessions.title')}
            </Title>
            <Text size="sm" c="dimmed">
              {t('sessions.hint')}
            </Text>
          </div>
          {items.length > 1 && (
            <Button variant="default" loading={ending.isPending} onClick={() => ending.mutate('others')}>
              {t('sessions.endOthers')}
            </Button>
          )}
        </Group>
        {open.error && <Trouble error={open.error} retry={open.refetch} busy={open.isFetching} />}
        {ending.error && (
          <Alert color="red" role="alert">
            {errorText(ending.error, t)}
          </Alert>
        )}
        <Table.ScrollContainer minWidth={480}>
          <Table aria-label={t('sessions.title')}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('sessions.device')}</Table.Th>
                <Table.Th>{t('sessions.address')}</Table.Th>
                <Table.Th>{t('sessions.seen')}</Table.Th>
                <Table.Th />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map((row) => (
                <Table.Tr key={row.id}>
                  <Table.Td>
                    <Text size="sm" lineClamp={1} title={row.user_agent}>
                      {row.user_agent || '—'}
                    </Text>
                  </Table.Td>
                  <Table.Td className="digits">{row.address}</Table.Td>
                  <Table.Td className="digits">{times.dateTime(row.seen_at)}</Table.Td>
                  <Table.Td ta="right">
                    {row.current ? (
                      <Badge variant="light">{t('sessions.current')}</Badge>
                    ) : (
                      <Button size="compact-sm" variant="default" disabled={ending.isPending} onClick={() => ending.mutate(row.id)}>
                        {t('sessions.end')}
                      </Button>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </Stack>
    </Paper>
  );
}
