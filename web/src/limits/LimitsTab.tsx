import {
  Alert,
  Button,
  Checkbox,
  Fieldset,
  Group,
  NumberInput,
  SimpleGrid,
  Stack,
  TagsInput,
  Text,
} from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { getLimits, setLimits } from '../api/generated/ats';
import type { LimitsOut, LimitValues } from '../api/generated/model';
import { ApiError } from '../api/http';
import { errorText } from '../form/errors';
import { useUnsaved } from '../form/unsaved';
import { Loaded } from '../resource/Loaded';
import { PortLock } from './PortLock';
import { DIRECTIONS, GROUPS, isMoney, MONEY, sent, shown, type LimitScope, type NumberField } from './values';

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
  const [values, setValues] = useState<Required<LimitValues>>(data.limits as Required<LimitValues>);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const known = new Set(data.fields);
  const readOnly = !data.may_change;
  useUnsaved(JSON.stringify(values) !== JSON.stringify(data.limits));
  const set = (change: Partial<LimitValues>) => setValues((before) => ({ ...before, ...change }));

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

  const number = (field: NumberField) => (
    <NumberInput
      key={field}
      label={t(`limits.${field}`)}
      placeholder={t('limits.none')}
      min={0}
      allowDecimal={isMoney(field)}
      decimalScale={isMoney(field) ? 4 : 0}
      readOnly={readOnly}
      value={shown(field, values[field])}
      onChange={(value) => set({ [field]: sent(field, value) })}
      error={errors[field]}
    />
  );

  return (
    <Stack>
      {scope === 'client' && readOnly && <Text c="dimmed">{t('limits.operatorOnly')}</Text>}
      {errors[''] !== undefined && (
        <Alert color="red" role="alert">
          {errors['']}
        </Alert>
      )}
      {data.used && <UsedNow used={data.used} limits={data.limits as Required<LimitValues>} />}
      {GROUPS.map(({ title, fields }) => {
        const here = fields.filter((field) => known.has(field));
        return here.length > 0 ? (
          <Fieldset key={title} legend={t(`limits.group.${title}`)}>
            <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }}>{here.map(number)}</SimpleGrid>
          </Fieldset>
        ) : null;
      })}
      {known.has('closed') && (
        <Fieldset legend={t('limits.group.directions')}>
          <Stack gap="sm">
            <Group>
              {DIRECTIONS.map((direction) => (
                <Checkbox
                  key={direction}
                  label={t(`destination.${direction}`)}
                  disabled={readOnly}
                  checked={!values.closed.includes(direction)}
                  onChange={(event) =>
                    set({
                      closed: event.currentTarget.checked
                        ? values.closed.filter((one) => one !== direction)
                        : [...values.closed, direction],
                    })
                  }
                />
              ))}
            </Group>
            <Text size="xs" c="dimmed">
              {t('limits.emergency')}
            </Text>
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              {(['allow_prefixes', 'deny_prefixes'] as const).map((field) => (
                <TagsInput
                  key={field}
                  label={t(`limits.${field}`)}
                  description={t('limits.prefixHint')}
                  placeholder={readOnly ? '' : '+375'}
                  splitChars={[',', ' ', ';']}
                  acceptValueOnBlur
                  readOnly={readOnly}
                  value={values[field]}
                  onChange={(list) => set({ [field]: list })}
                  error={errors[field]}
                />
              ))}
            </SimpleGrid>
          </Stack>
        </Fieldset>
      )}
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

function UsedNow({ used, limits }: { used: NonNullable<LimitsOut['used']>; limits: Required<LimitValues> }) {
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
