import { Anchor, Button, Group, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { StepCalendar } from '../api/types';
import { WeekDays } from '../form/WeekDays';
import { clock, DAY_MINUTES, minutes } from '../format/time';
import { ALWAYS } from './model';

interface Props {
  clientId: number;
  calendar: StepCalendar;
  showErrors: boolean;
  onChange: (calendar: StepCalendar) => void;
}

const HOLIDAYS = ['any', 'only', 'except'];

/** Whether a calendar can be saved. */
export function calendarFault(calendar: StepCalendar): 'days' | 'time' | 'empty' | 'dates' | null {
  if (calendar.days.length === 0) return 'days';
  const from = minutes(calendar.time_from);
  const to = minutes(calendar.time_to);
  if (from === null || to === null || from === DAY_MINUTES) return 'time';
  if (from === to) return 'empty';
  if (calendar.date_from !== null && calendar.date_to !== null && calendar.date_from > calendar.date_to) {
    return 'dates';
  }
  return null;
}

/** «Дни» (S95, S96): days of the week, a window of the day, optional dates; untouched it is always. */
export function DaysTab({ clientId, calendar, showErrors, onChange }: Props) {
  const { t } = useTranslation();
  const fault = showErrors ? calendarFault(calendar) : null;
  const wrongTime =
    fault === 'time' ? t('dialplan.badTime') : fault === 'empty' ? t('dialplan.emptyWindow') : null;
  const set = (change: Partial<StepCalendar>) => onChange({ ...calendar, ...change });
  const from = minutes(calendar.time_from);
  const to = minutes(calendar.time_to);
  const night = from !== null && to !== null && from > to;

  return (
    <Stack>
      <div>
        <Text size="sm" fw={500} mb={6}>
          {t('dialplan.days')}
        </Text>
        <WeekDays value={calendar.days} onChange={(days) => set({ days })} />
        {fault === 'days' && (
          <Text size="xs" c="red" mt={4}>
            {t('dialplan.chooseDay')}
          </Text>
        )}
      </div>
      <SimpleGrid cols={2}>
        <TextInput
          label={t('dialplan.timeFrom')}
          placeholder="09:30"
          className="digits"
          value={calendar.time_from}
          onChange={(event) => set({ time_from: event.currentTarget.value })}
          error={wrongTime}
        />
        <TextInput
          label={t('dialplan.timeTo')}
          placeholder="18:30"
          className="digits"
          value={calendar.time_to}
          onChange={(event) => set({ time_to: event.currentTarget.value })}
          error={wrongTime !== null}
        />
        <TextInput
          type="date"
          label={t('dialplan.dateFrom')}
          value={calendar.date_from ?? ''}
          onChange={(event) => set({ date_from: event.currentTarget.value || null })}
          error={fault === 'dates' ? t('dialplan.badDates') : null}
        />
        <TextInput
          type="date"
          label={t('dialplan.dateTo')}
          value={calendar.date_to ?? ''}
          onChange={(event) => set({ date_to: event.currentTarget.value || null })}
          error={fault === 'dates'}
        />
      </SimpleGrid>
      <Select
        label={t('dialplan.holidaysLabel')}
        description={
          <>
            {t('dialplan.holidaysHint')}{' '}
            <Anchor href={`/c/${clientId}/holidays`} target="_blank" rel="noopener" size="xs">
              {t('menu.holidays')}
            </Anchor>
          </>
        }
        data={HOLIDAYS.map((value) => ({ value, label: t(`holidayRule.${value}`) }))}
        value={calendar.holidays}
        onChange={(value) => value !== null && set({ holidays: value })}
        allowDeselect={false}
        w={{ base: '100%', xs: 320 }}
      />
      <Text size="xs" c="dimmed">
        {night ? t('dialplan.nightHint') : t('dialplan.windowHint')}
      </Text>
      <Group>
        <Button size="compact-sm" variant="subtle" onClick={() => onChange({ ...ALWAYS })}>
          {t('dialplan.always')}
        </Button>
      </Group>
    </Stack>
  );
}

/** «9:30» → «09:30». */
export function tidy(calendar: StepCalendar): StepCalendar {
  const pad = (text: string) => clock(minutes(text) ?? 0);
  return { ...calendar, time_from: pad(calendar.time_from), time_to: pad(calendar.time_to) };
}
