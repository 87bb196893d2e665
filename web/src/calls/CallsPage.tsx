import { ActionIcon, Button, Checkbox, Group, NumberInput, Select, Text, TextInput, Tooltip } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconFilter, IconInfoCircle } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { getListCallsUrl, listCalls } from '../api/generated/ats';
import type { ListCallsDirection, ListCallsParams, ListCallsResult } from '../api/generated/model';
import { fromUnits } from '../format/money';
import { shownNumber } from '../format/number';
import { startOfDay } from '../format/time';
import { useTimes } from '../format/useTimes';
import { ThingSelect } from '../resource/ThingSelect';
import { useClientId } from '../shell/clientScope';
import { PageTitle } from '../shell/PageTitle';
import { EntityTable } from '../table/EntityTable';
import { CallCardDrawer } from './CallCardDrawer';
import { callColumns, DIRECTIONS, RESULTS } from './columns';
import { PhoneCall } from './PhoneCall';
import { Summary } from './Summary';

/** «Детализация» (S183): finished calls with filters; a row opens the card of the call. */
export function CallsPage() {
  const { t, i18n } = useTranslation();
  const clientId = useClientId();
  const times = useTimes();
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [direction, setDirection] = useState<ListCallsDirection>('');
  const [result, setResult] = useState<ListCallsResult>('');
  const [number, setNumber] = useState('');
  const [portId, setPortId] = useState<number | null>(null);
  const [costFrom, setCostFrom] = useState<number | null>(null);
  const [talkFrom, setTalkFrom] = useState<number | null>(null);
  const [recorded, setRecorded] = useState(false);
  const [faxed, setFaxed] = useState(false);
  const [opened, setOpened] = useState<number | null>(null);
  const [typed] = useDebouncedValue(number.trim(), 300);

  const filters: ListCallsParams = {};
  if (from) filters.from = startOfDay(from, times.zone);
  if (to) filters.to = startOfDay(to, times.zone, 1); // the last day is included
  if (direction) filters.direction = direction;
  if (result) filters.result = result;
  if (typed) filters.number = typed;
  if (portId !== null) filters.port_id = portId;
  if (costFrom !== null) filters.cost_from = fromUnits(costFrom);
  if (talkFrom !== null) filters.talk_from_s = talkFrom;
  if (recorded) filters.has_recording = true;
  if (faxed) filters.has_fax = true;
  const filtered = Object.keys(filters).length > 0;

  return (
    <>
      <PageTitle title={t('menu.calls')} hint={t('calls.hint', { zone: times.zone })} />
      <Summary clientId={clientId} filters={filters} />
      <EntityTable
        id="calls"
        label={t('menu.calls')}
        queryKey={['calls', clientId, filters]}
        note={({ looked_since: since }) =>
          since && (
            <Text size="sm" c="dimmed" role="note">
              {t('calls.lookedSince', { since: times.dateTime(since) })}
            </Text>
          )
        }
        load={(query) => listCalls(clientId, { ...query, ...filters })}
        exportUrl={(query) => getListCallsUrl(clientId, { ...query, ...filters })}
        menu={(row) => [
          { label: t('calls.card'), icon: <IconInfoCircle size={16} />, onClick: () => setOpened(row.id) },
          ...[...new Set([row.caller, row.called])]
            .filter((one) => one !== '')
            .map((one) => ({
              label: t('calls.onlyNumber', { number: shownNumber(one) }),
              icon: <IconFilter size={16} />,
              onClick: () => setNumber(one),
            })),
        ]}
        columns={callColumns(t, times.dateTime, i18n.language)}
        onPhone={(row) => <PhoneCall row={row} t={t} moment={times.dateTime} />}
        defaultSort="-started_at"
        refetchInterval={5000}
        empty={filtered ? t('table.nothingFound') : t('calls.empty')}
        onOpen={(row) => setOpened(row.id)}
        actions={(row) => (
          <Tooltip label={t('calls.card')}>
            <ActionIcon
              variant="subtle"
              onClick={() => setOpened(row.id)}
              aria-label={t('calls.openCard', { caller: shownNumber(row.caller), called: shownNumber(row.called) })}
            >
              <IconInfoCircle size={18} />
            </ActionIcon>
          </Tooltip>
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
            <TextInput
              label={t('calls.number')}
              placeholder={t('calls.numberHint')}
              w={170}
              value={number}
              onChange={(event) => setNumber(event.currentTarget.value)}
            />
            <ThingSelect
              clientId={clientId}
              kind="lines"
              label={t('calls.port')}
              placeholder={t('calls.any')}
              clearable
              w={170}
              value={portId}
              onChange={setPortId}
            />
            <NumberInput
              label={t('calls.talkFrom')}
              placeholder={t('calls.any')}
              w={130}
              min={1}
              allowDecimal={false}
              allowNegative={false}
              value={talkFrom ?? ''}
              onChange={(value) => setTalkFrom(value === '' ? null : Number(value))}
            />
            <NumberInput
              label={t('calls.costFrom')}
              placeholder={t('calls.any')}
              w={130}
              min={0}
              allowNegative={false}
              decimalScale={4}
              value={costFrom ?? ''}
              onChange={(value) => setCostFrom(value === '' ? null : Number(value))}
            />
            <Checkbox
              mb={8}
              label={t('calls.withRecording')}
              checked={recorded}
              onChange={(event) => setRecorded(event.currentTarget.checked)}
            />
            <Checkbox
              mb={8}
              label={t('calls.withFax')}
              checked={faxed}
              onChange={(event) => setFaxed(event.currentTarget.checked)}
            />
            {filtered && (
              <Button
                variant="subtle"
                onClick={() => {
                  setFrom('');
                  setTo('');
                  setDirection('');
                  setResult('');
                  setNumber('');
                  setPortId(null);
                  setTalkFrom(null);
                  setCostFrom(null);
                  setRecorded(false);
                  setFaxed(false);
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
