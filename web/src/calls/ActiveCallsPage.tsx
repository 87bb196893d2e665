import { Alert, Badge, Group, Paper, Table, Text } from '@mantine/core';
import { useInterval } from '@mantine/hooks';
import { IconAlertCircle, IconArrowForwardUp, IconPhoneOff } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { hangUpCall } from '../api/generated/ats';
import type { LiveCall } from '../api/types';
import { shownNumber } from '../format/number';
import { duration } from '../format/time';
import { useTimes } from '../format/useTimes';
import { may } from '../session/rights';
import { useMe } from '../session/session';
import { useClientId } from '../shell/clientScope';
import { PageTitle } from '../shell/PageTitle';
import { Trouble } from '../shell/Trouble';
import { useRoomy } from '../table/useRoomy';
import { oneRowPerCall } from './group';
import { CallCommand } from './CallCommand';
import { TransferWindow } from './TransferWindow';
import { useCommand } from './useCommand';
import { useLiveCalls } from './useLiveCalls';

const STATE_COLORS: Record<string, string> = { up: 'teal', ringing: 'yellow', dialing: 'gray' };

/** «Активные вызовы» (S209-S211): shown to all, hung up and transferred by those with «Управление вызовами». */
export function ActiveCallsPage() {
  const { t, i18n } = useTranslation();
  const clientId = useClientId();
  const times = useTimes();
  const { data, error, refetch, streaming } = useLiveCalls(clientId);
  const [now, setNow] = useState(() => Date.now());
  useInterval(() => setNow(Date.now()), 1000, { autoInvoke: true });

  // Durations run from the server's clock: the browser's may be wrong, only its ticking is used.
  const [anchor, setAnchor] = useState({ at: '', local: 0 });
  if (data && anchor.at !== data.updated_at) setAnchor({ at: data.updated_at, local: now });
  const passed = Math.max(0, now - anchor.local);

  const mayControl = may(useMe(), 'calls_control', clientId);
  const { run, busy, error: refused } = useCommand(clientId);
  const [moved, setMoved] = useState<string | null>(null);
  const channelsOf = (call: LiveCall) =>
    [...(data?.items ?? [])]
      .filter((item) => item.linkedid === call.linkedid)
      .sort((a, b) => Number(b.id === b.linkedid) - Number(a.id === a.linkedid));
  const movedCall = moved === null ? undefined : data?.items.find((item) => item.id === moved);

  // On a phone a row stands in two lines, so that what can be done with the call is in sight.
  const roomy = useRoomy();
  const calls = oneRowPerCall(data?.items ?? []);
  const stateName = (state: string) => (i18n.exists(`callState.${state}`) ? t(`callState.${state}`) : state);

  return (
    <>
      <PageTitle title={t('menu.activeCalls')} hint={t('active.hint')}>
        <Badge variant="light" color={streaming ? 'teal' : 'gray'} tt="none" size="lg">
          {t(streaming ? 'active.live' : 'active.polling')}
        </Badge>
      </PageTitle>
      {error && <Trouble error={error} retry={refetch} mb="md" />}
      {refused !== null && (
        <Alert color="red" icon={<IconAlertCircle size={18} />} role="alert" mb="md">
          {refused}
        </Alert>
      )}
      <Paper withBorder radius="md">
        <Table verticalSpacing="sm" horizontalSpacing={roomy ? 'md' : 'xs'} aria-label={t('menu.activeCalls')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('calls.caller')}</Table.Th>
              {roomy && <Table.Th>{t('calls.called')}</Table.Th>}
              <Table.Th>{t('active.state')}</Table.Th>
              {roomy && <Table.Th>{t('calls.started')}</Table.Th>}
              {roomy && <Table.Th ta="right">{t('active.duration')}</Table.Th>}
              {mayControl && <Table.Th aria-label={t('table.actions')} />}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {calls.map((call) => {
              const called = shownNumber(call.called || call.connected);
              const lasts = duration(call.duration_ms + passed);
              return (
                <Table.Tr key={call.id}>
                  <Table.Td className="digits">
                    {shownNumber(call.caller)}
                    {!roomy && <div>→ {called}</div>}
                  </Table.Td>
                  {roomy && <Table.Td className="digits">{called}</Table.Td>}
                  <Table.Td>
                    <Badge variant="light" color={STATE_COLORS[call.state] ?? 'gray'} tt="none">
                      {stateName(call.state)}
                    </Badge>
                    {!roomy && <div className="digits">{lasts}</div>}
                  </Table.Td>
                  {roomy && <Table.Td className="digits">{times.timeOfDay(call.started_at)}</Table.Td>}
                  {roomy && (
                    <Table.Td ta="right" className="digits">
                      {lasts}
                    </Table.Td>
                  )}
                  {mayControl && (
                    <Table.Td>
                      <Group gap="xs" justify="flex-end" wrap="nowrap">
                        {call.answered && (
                          <CallCommand
                            label={t('active.transfer')}
                            icon={<IconArrowForwardUp size={16} />}
                            roomy={roomy}
                            onClick={() => setMoved(call.id)}
                          />
                        )}
                        <CallCommand
                          label={t('active.hangUp')}
                          icon={<IconPhoneOff size={16} />}
                          roomy={roomy}
                          color="red"
                          busy={busy === call.id}
                          onClick={() => void run(call.id, () => hangUpCall(clientId, { id: call.id }))}
                        />
                      </Group>
                    </Table.Td>
                  )}
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
        {data && calls.length === 0 && (
          <Text ta="center" c="dimmed" p="xl">
            {t('active.none')}
          </Text>
        )}
      </Paper>
      {movedCall && (
        <TransferWindow clientId={clientId} channels={channelsOf(movedCall)} onClose={() => setMoved(null)} />
      )}
    </>
  );
}
