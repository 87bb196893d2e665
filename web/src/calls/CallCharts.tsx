import '@mantine/charts/styles.layer.css';

import { BarChart, DonutChart } from '@mantine/charts';
import { Group, Paper, SimpleGrid, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { CallSummary } from '../api/generated/model';
import { shownNumber } from '../format/number';
import { RESULT_COLORS } from './columns';

/** A number that the axis keeps in one line. */
const unbroken = (number: string) => number.replaceAll(' ', '\u00a0');

/** Calls of each hour of the day, answered ones and the others. */
export function HourChart({ hours, height = 180 }: { hours: CallSummary['hours']; height?: number }) {
  const { t } = useTranslation();
  return (
    <BarChart
      h={height}
      data={hours.map((row) => ({
        hour: String(row.hour).padStart(2, '0'),
        [t('charts.answered')]: row.answered,
        [t('charts.missed')]: row.missed,
      }))}
      dataKey="hour"
      type="stacked"
      withLegend
      series={[
        { name: t('charts.answered'), color: 'teal.6' },
        { name: t('charts.missed'), color: 'orange.6' },
      ]}
    />
  );
}

/** Charts of «Детализация»: by hour, by result, and the numbers that talk most. */
export function CallCharts({ summary }: { summary: CallSummary }) {
  const { t } = useTranslation();
  return (
    <SimpleGrid cols={{ base: 1, md: 3 }}>
      <Paper withBorder p="sm" radius="md" role="img" aria-label={t('charts.byHour')}>
        <Title order={3} size="h6" mb="xs">
          {t('charts.byHour')}
        </Title>
        <HourChart hours={summary.hours} />
      </Paper>
      <Paper withBorder p="sm" radius="md" role="img" aria-label={t('charts.byResult')}>
        <Title order={3} size="h6" mb="xs">
          {t('charts.byResult')}
        </Title>
        <Group wrap="nowrap" align="center" gap="md">
          <DonutChart
            size={130}
            thickness={20}
            data={summary.results.map((row) => ({
              name: t(`result.${row.result}`),
              value: row.count,
              color: `${RESULT_COLORS[row.result] ?? 'gray'}.6`,
            }))}
          />
          <div>
            {summary.results.map((row) => (
              <Text key={row.result} size="xs">
                {t(`result.${row.result}`)}: <b>{row.count}</b>
              </Text>
            ))}
          </div>
        </Group>
      </Paper>
      <Paper withBorder p="sm" radius="md" role="img" aria-label={t('charts.byNumber')}>
        <Title order={3} size="h6" mb="xs">
          {t('charts.byNumber')}
        </Title>
        <BarChart
          h={Math.max(180, 20 + summary.numbers.length * 22)}
          orientation="vertical"
          yAxisProps={{ width: 130 }}
          data={summary.numbers.map((row) => ({ number: unbroken(shownNumber(row.number)), [t('charts.calls')]: row.count }))}
          dataKey="number"
          series={[{ name: t('charts.calls'), color: 'blue.6' }]}
        />
      </Paper>
    </SimpleGrid>
  );
}
