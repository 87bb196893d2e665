import { Button, Group, Select, TextInput } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { listCalls } from '../api/generated/ats';
import type { ListCallsDirection, ListCallsParams, ListCallsResult } from '../api/generated/model';
import { startOfDay } from '../format/time';
import { useTimes } from '../format/useTimes';
import { useClientId } from '../shell/clientScope';
import { PageTitle } from '../shell/PageTitle';
import { EntityTable } from '../table/EntityTable';
import { CallCardDrawer } from './CallCardDrawer';
import { callColumns, DIRECTIONS, RESULTS } from './columns';

/** «Детализация» (S183): finished calls with filters; a row opens the card of the call. */
export function CallsPage() {
  const { t } = useTranslation();
  const clientId = useClientId();
  const times = useTimes();
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [direction, setDirection] = useState<ListCallsDirection>('');
  const [result, setResult] = useState<ListCallsResult>('');
  const [opened, setOpened] = useState<number | null>(null);

  const filters: ListCallsParams = {};
  if (from) filters.from = startOfDay(from, times.zone);
  if (to) filters.to = startOfDay(to, times.zone, 1); // the last day is included
  if (direction) filters.direction = direction;
  if (result) filters.result = result;
  const filtered = Object.keys(filters).length > 0;

  return (
    <>
      <PageTitle title={t('menu.calls')} hint={t('calls.hint', { zone: times.zone })} />
      <EntityTable
        id="calls"
        label={t('menu.calls')}
        queryKey={['calls', clientId, filters]}
        load={(query) => listCalls(clientId, { ...query, ...filters })}
        columns={callColumns(t, times.dateTime)}
        defaultSort="-started_at"
        refetchInterval={5000}
        empty={filtered ? t('table.nothingFound') : t('calls.empty')}
        onOpen={(row) => setOpened(row.id)}
        actions={(row) => (
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconInfoCircle size={16} />}
            onClick={() => setOpened(row.id)}
            aria-label={t('calls.openCard', { caller: row.caller, called: row.called })}
          >
            {t('calls.card')}
          </Button>
        )}
        filters={
          <Group gap="sm" align="flex-end">
            <TextInput
              type="date"
              label={t('calls.from')}
              value={from}
              max={to || undefined}
              onChange={(event) => setFrom(event.currentTarget.value)}
            />
            <TextInput
              type="date"
              label={t('calls.to')}
              value={to}
              min={from || undefined}
              onChange={(event) => setTo(event.currentTarget.value)}
            />
            <Select
              label={t('calls.direction')}
              placeholder={t('calls.any')}
              clearable
              w={170}
              value={direction || null}
              onChange={(value) => setDirection(DIRECTIONS.find((item) => item === value) ?? '')}
              data={DIRECTIONS.map((item) => ({ value: item, label: t(`direction.${item}`) }))}
            />
            <Select
              label={t('calls.result')}
              placeholder={t('calls.any')}
              clearable
              w={190}
              value={result || null}
              onChange={(value) => setResult(RESULTS.find((item) => item === value) ?? '')}
              data={RESULTS.map((item) => ({ value: item, label: t(`result.${item}`) }))}
            />
            {filtered && (
              <Button
                variant="subtle"
                onClick={() => {
                  setFrom('');
                  setTo('');
                  setDirection('');
                  setResult('');
                }}
              >
                {t('calls.reset')}
              </Button>
            )}
          </Group>
        }
      />
      {opened !== null && <CallCardDrawer clientId={clientId} callId={opened} onClose={() => setOpened(null)} />}
    </>
  );
}
