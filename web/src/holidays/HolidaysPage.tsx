import { ActionIcon, Button, Group, NumberInput, Popover, Stack, Text, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconCalendarPlus, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { deleteHoliday, importHolidays, listHolidays } from '../api/generated/ats';
import type { HolidayOut } from '../api/generated/model';
import { ConfirmDelete } from '../form/ConfirmDelete';
import { errorText } from '../form/errors';
import { may } from '../session/rights';
import { useMe } from '../session/session';
import { useClientId } from '../shell/clientScope';
import { PageTitle } from '../shell/PageTitle';
import { EntityTable, type Column } from '../table/EntityTable';
import { HolidayWindow } from './HolidayWindow';

/** The client's holidays, which the calendars of steps can ask for. */
export function HolidaysPage() {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const clientId = useClientId();
  const cache = useQueryClient();
  const [adding, setAdding] = useState(false);
  const [doomed, setDoomed] = useState<HolidayOut | null>(null);
  const [year, setYear] = useState<number | string>(new Date().getFullYear());
  const [busy, setBusy] = useState(false);
  const key = ['holidays', clientId];
  const mayChange = may(me, 'dialplan_change', clientId);
  const refresh = () => void cache.invalidateQueries({ queryKey: key });
  // The day is a day wherever one looks from: read in UTC so that no zone moves it.
  const named = (day: string) =>
    new Date(`${day}T00:00:00Z`).toLocaleDateString(i18n.language === 'en' ? 'en-GB' : i18n.language, {
      timeZone: 'UTC',
      weekday: 'short',
      day: 'numeric',
      month: 'long',
      year: 'numeric',
    });
  const columns: Column<HolidayOut>[] = [
    { key: 'day', title: t('holidays.day'), sort: 'day', render: (row) => named(row.day) },
    { key: 'name', title: t('field.name'), sort: 'name', render: (row) => row.name },
  ];
  const importYear = async () => {
    setBusy(true);
    try {
      const { items } = await importHolidays(clientId, { year: Number(year) });
      notifications.show({ message: t('holidays.imported', { count: items.length }) });
      refresh();
    } catch (failure) {
      notifications.show({ color: 'red', message: errorText(failure, t) });
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <PageTitle title={t('menu.holidays')} hint={t('holidays.hint')} />
      <EntityTable
        id="holidays"
        label={t('menu.holidays')}
        queryKey={key}
        load={(query) => listHolidays(clientId, query)}
        columns={columns}
        defaultSort="day"
        empty={t('holidays.empty')}
        toolbar={
          mayChange && (
            <Group gap="xs">
              <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
                {t('action.add')}
              </Button>
              <Popover position="bottom-start" shadow="md" trapFocus returnFocus>
                <Popover.Target>
                  <Button variant="default" leftSection={<IconCalendarPlus size={16} />}>
                    {t('holidays.import')}
                  </Button>
                </Popover.Target>
                <Popover.Dropdown>
                  <Stack gap="xs" maw={260}>
                    <NumberInput
                      label={t('holidays.year')}
                      min={2000}
                      max={2100}
                      allowDecimal={false}
                      thousandSeparator=""
                      value={year}
                      onChange={setYear}
                    />
                    <Text size="xs" c="dimmed">
                      {t('holidays.importHint')}
                    </Text>
                    <Button loading={busy} onClick={() => void importYear()}>
                      {t('action.add')}
                    </Button>
                  </Stack>
                </Popover.Dropdown>
              </Popover>
            </Group>
          )
        }
        {...(mayChange
          ? {
              actions: (row: HolidayOut) => (
                <Tooltip label={t('action.delete')}>
                  <ActionIcon
                    variant="subtle"
                    color="red"
                    aria-label={t('aria.delete', { name: named(row.day) })}
                    onClick={() => setDoomed(row)}
                  >
                    <IconTrash size={18} />
                  </ActionIcon>
                </Tooltip>
              ),
            }
          : {})}
      />
      {adding && (
        <HolidayWindow
          clientId={clientId}
          onClose={() => setAdding(false)}
          onDone={() => {
            setAdding(false);
            refresh();
          }}
        />
      )}
      {doomed && (
        <ConfirmDelete
          name={named(doomed.day)}
          remove={() => deleteHoliday(clientId, doomed.id)}
          onClose={() => setDoomed(null)}
          onDone={() => {
            setDoomed(null);
            refresh();
          }}
        />
      )}
    </>
  );
}
