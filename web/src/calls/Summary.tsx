import { Button, Group, Paper, Skeleton, Stack, Text } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconChartBar } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';

import { getCallSummary } from '../api/generated/ats';
import type { ListCallsParams } from '../api/generated/model';
import { money } from '../format/money';
import { duration } from '../format/time';
import { useTimes } from '../format/useTimes';
import { Trouble } from '../shell/Trouble';

// The charts are the heaviest part of the screen and come only when they are looked at.
const CallCharts = lazy(async () => ({ default: (await import('./CallCharts')).CallCharts }));

/** Totals and charts of the calls that the filters find; asked for only while it is open. */
export function Summary({ clientId, filters }: { clientId: number; filters: ListCallsParams }) {
  const { t, i18n } = useTranslation();
  const times = useTimes();
  const [open, setOpen] = useLocalStorage({ key: 'ats.calls.summary', defaultValue: false });
  const { data, error, refetch } = useQuery({
    queryKey: ['call-summary', clientId, filters],
    queryFn: () => getCallSummary(clientId, filters),
    enabled: open,
    placeholderData: keepPreviousData,
  });
  const facts = data && [
    { label: t('charts.calls'), value: String(data.calls) },
    { label: t('charts.answered'), value: String(data.answered) },
    { label: t('charts.talk'), value: duration(data.talk_ms) },
    { label: t('charts.wait'), value: duration(data.wait_ms) },
    ...(data.cost > 0 ? [{ label: t('calls.cost'), value: money(data.cost, '', i18n.language) }] : []),
  ];
  return (
    <Stack gap="xs" mb="sm">
      <Group>
        <Button
          size="compact-sm"
          variant={open ? 'light' : 'default'}
          leftSection={<IconChartBar size={16} />}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {t('charts.title')}
        </Button>
      </Group>
      {/* No Collapse: with motion switched off it keeps the height of what stood there before the charts came. */}
      {open && (
        <Stack gap="sm">
          {error && <Trouble error={error} retry={refetch} />}
          {!data && !error && <Skeleton h={220} />}
          {facts && (
            <Paper withBorder p="sm" radius="md" role="group" aria-label={t('charts.totals')}>
              <Group gap="xl">
                {facts.map(({ label, value }) => (
                  <div key={label}>
                    <Text size="xs" c="dimmed">
                      {label}
                    </Text>
                    <Text fw={650} size="lg" className="digits">
                      {value}
                    </Text>
                  </div>
                ))}
              </Group>
              {data.since && (
                <Text size="xs" c="dimmed" mt={4}>
                  {t('charts.since', { moment: times.dateTime(data.since) })}
                </Text>
              )}
            </Paper>
          )}
          {data && data.calls > 0 && (
            <Suspense fallback={<Skeleton h={220} />}>
              <CallCharts summary={data} />
            </Suspense>
          )}
        </Stack>
      )}
    </Stack>
  );
}
