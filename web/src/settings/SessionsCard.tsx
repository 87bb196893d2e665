import { Alert, Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { endOtherSessions, endOwnSession, listOwnSessions } from '../api/generated/ats';
import { errorText } from '../form/errors';
import { device } from '../format/device';
import { useTimes } from '../format/useTimes';
import { Trouble } from '../shell/Trouble';
import { PlainTable } from '../table/PlainTable';

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
        <PlainTable
          label={t('sessions.title')}
          rows={items}
          keyOf={(row) => row.id}
          minWidth={480}
          columns={[
            {
              key: 'device',
              title: t('sessions.device'),
              render: (row) => (
                <Text size="sm" lineClamp={2} title={row.user_agent}>
                  {device(row.user_agent) || '—'}
                </Text>
              ),
            },
            { key: 'address', title: t('sessions.address'), render: (row) => <span className="digits">{row.address}</span> },
            {
              key: 'seen',
              title: t('sessions.seen'),
              render: (row) => <span className="digits">{times.dateTime(row.seen_at)}</span>,
            },
          ]}
          actions={(row) =>
            row.current ? (
              <Badge variant="light">{t('sessions.current')}</Badge>
            ) : (
              <Button size="compact-sm" variant="default" disabled={ending.isPending} onClick={() => ending.mutate(row.id)}>
                {t('sessions.end')}
              </Button>
            )
          }
        />
      </Stack>
    </Paper>
  );
}
