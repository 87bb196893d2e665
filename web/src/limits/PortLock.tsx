import { Alert, Button, List, Stack, Text } from '@mantine/core';
import { IconShieldLock } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { listFraudCases, unlockPort } from '../api/generated/ats';
import type { SignalOut } from '../api/generated/model';
import { errorText } from '../form/errors';
import { MONEY } from './values';

/** Says that the fraud guard locked this port, why, and unlocks it with one click. */
export function PortLock({ clientId, portId }: { clientId: number; portId: number }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { data } = useQuery({
    queryKey: ['fraud', clientId],
    queryFn: () => listFraudCases(clientId, { page_size: 200 }),
  });
  const unlock = useMutation({
    mutationFn: (caseId: number) => unlockPort(clientId, caseId),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['fraud', clientId] });
      void queries.invalidateQueries({ queryKey: ['overview', clientId] });
    },
  });
  const open = data?.items.find((one) => one.port_id === portId && one.unlocked_at === null);
  if (!open) return null;
  return (
    <Alert color="red" icon={<IconShieldLock size={20} />} title={t('fraud.locked')}>
      <Stack gap="xs" align="start">
        <Text size="sm">{t('fraud.lockedHint')}</Text>
        <List size="sm">
          {open.signals.map((signal) => (
            <List.Item key={`${signal.code}${signal.detail}`}>{signalText(signal, t)}</List.Item>
          ))}
        </List>
        {unlock.error && <Text c="red">{errorText(unlock.error, t)}</Text>}
        <Button color="red" size="xs" loading={unlock.isPending} onClick={() => unlock.mutate(open.id)}>
          {t('fraud.unlock')}
        </Button>
      </Stack>
    </Alert>
  );
}

function signalText(signal: SignalOut, t: ReturnType<typeof useTranslation>['t']): string {
  const count = signal.code === 'spend' ? signal.count / MONEY : signal.count;
  return t(`fraud.signal.${signal.code}`, { value: count, detail: signal.detail });
}
