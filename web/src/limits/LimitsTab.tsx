import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { getLimits, setLimits } from '../api/generated/ats';
import type { LimitsOut } from '../api/generated/model';
import { ApiError } from '../api/http';
import { errorText } from '../form/errors';
import { useUnsaved } from '../form/unsaved';
import { Loaded } from '../resource/Loaded';
import { LimitFields } from './LimitFields';
import { PortLock } from './PortLock';
import { MONEY, type LimitScope, type Limits } from './values';

interface Props {
  clientId: number;
  scope: LimitScope;
  objectId: number;
}

/**
 * «Ограничения» of a client, user, port, queue, forwarding number or menu (S34, S39, S79, S114). It is saved by
 * its own button: limits are a thing of their own, which somebody may change who may not change the rest.
 */
export function LimitsTab({ clientId, scope, objectId }: Props) {
  const query = useQuery({
    queryKey: ['limits', clientId, scope, objectId],
    queryFn: () => getLimits(clientId, scope, objectId),
  });
  return (
    <Loaded query={query} height={240}>
      {(data) => (
        <Stack>
          {scope === 'port' && <PortLock clientId={clientId} portId={objectId} />}
          <LimitsForm key={JSON.stringify(data.limits)} clientId={clientId} scope={scope} objectId={objectId} data={data} />
        </Stack>
      )}
    </Loaded>
  );
}

function LimitsForm({ clientId, scope, objectId, data }: Props & { data: LimitsOut }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [values, setValues] = useState<Limits>(data.limits as Limits);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const known = new Set(data.fields);
  const readOnly = !data.may_change;
  useUnsaved(JSON.stringify(values) !== JSON.stringify(data.limits));

  const save = async () => {
    setBusy(true);
    setErrors({});
    try {
      const wanted = Object.fromEntries(Object.entries(values).filter(([name]) => known.has(name)));
      const saved = await setLimits(clientId, scope, objectId, wanted);
      queries.setQueryData(['limits', clientId, scope, objectId], saved);
      notifications.show({ color: 'teal', message: t('limits.saved') });
    } catch (failure) {
      const fields = failure instanceof ApiError ? failure.fields : {};
      setErrors(Object.keys(fields).length > 0 ? fields : { '': errorText(failure, t) });
    } finally {
      setBusy(false);
    }
  };

  return (
    <Stack>
      {scope === 'client' && readOnly && <Text c="dimmed">{t('limits.operatorOnly')}</Text>}
      {errors[''] !== undefined && (
        <Alert color="red" role="alert">
          {errors['']}
        </Alert>
      )}
      {data.used && <UsedNow used={data.used} limits={data.limits as Limits} />}
      <LimitFields values={values} known={known} errors={errors} readOnly={readOnly} onChange={setValues} />
      {!readOnly && (
        <Group>
          <Button variant="light" onClick={() => void save()} loading={busy}>
            {t('limits.save')}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function UsedNow({ used, limits }: { used: NonNullable<LimitsOut['used']>; limits: Limits }) {
  const { t } = useTranslation();
  const lines: [string, number, number | null][] = [
    ['minutes_day', Math.ceil(used.seconds_day / 60), limits.minutes_day],
    ['minutes_month', Math.ceil(used.seconds_month / 60), limits.minutes_month],
    ['money_day', used.money_day / MONEY, limits.money_day === null ? null : limits.money_day / MONEY],
    ['money_month', used.money_month / MONEY, limits.money_month === null ? null : limits.money_month / MONEY],
    ['destinations_day', used.destinations_day, limits.destinations_day],
  ];
  const counted = lines.filter(([, , limit]) => limit !== null);
  if (counted.length === 0) return null;
  return (
    <Alert color="blue" variant="light" title={t('limits.used')}>
      {counted.map(([name, value, limit]) => (
        <Text key={name} size="sm">
          {t('limits.usedOf', { what: t(`limits.${name}`), value, limit })}
        </Text>
      ))}
    </Alert>
  );
}
