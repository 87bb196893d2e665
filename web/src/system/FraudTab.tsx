import { Alert, Button, Checkbox, Fieldset, Group, NumberInput, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { getFraudSettings, updateFraudSettings } from '../api/generated/ats';
import type { FraudThresholds } from '../api/generated/model';
import { errorText } from '../form/errors';
import { useSending } from '../form/useApiForm';
import { MONEY } from '../limits/values';

type Values = FraudThresholds & Record<string, unknown>;

const GROUPS: { title: string; fields: (keyof FraudThresholds)[] }[] = [
  { title: 'velocity', fields: ['velocity_calls', 'velocity_points'] },
  { title: 'destinations', fields: ['destinations', 'destinations_points'] },
  { title: 'new_country', fields: ['country_points'] },
  { title: 'night', fields: ['night_from', 'night_to', 'night_calls', 'night_points'] },
  { title: 'spend', fields: ['spend', 'spend_points'] },
];

/** «Система → Защита»: every threshold of the fraud guard, for the operator to see and tune. */
export function FraudTab() {
  const { t } = useTranslation();
  const { data, error } = useQuery({ queryKey: ['fraud-settings'], queryFn: () => getFraudSettings() });
  if (error) {
    return (
      <Alert color="red" role="alert">
        {errorText(error, t)}
      </Alert>
    );
  }
  return data ? <FraudForm key={JSON.stringify(data)} saved={data} /> : <Skeleton h={300} />;
}

function FraudForm({ saved }: { saved: FraudThresholds }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const form = useForm<Values>({ initialValues: { ...saved, spend: saved.spend / MONEY } });
  const { submit, busy, error } = useSending<Values, FraudThresholds>(
    form,
    (values) => updateFraudSettings({ ...values, spend: Math.round(values.spend * MONEY) }),
    (result) => {
      queries.setQueryData(['fraud-settings'], result);
      notifications.show({ color: 'teal', message: t('settings.saved') });
    },
  );
  const number = (field: keyof FraudThresholds) => (
    <NumberInput key={field} label={t(`fraud.field.${field}`)} min={0} {...form.getInputProps(field)} />
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack maw={860}>
        <Text c="dimmed">{t('fraud.hint')}</Text>
        {error !== null && (
          <Alert color="red" role="alert">
            {error}
          </Alert>
        )}
        <Group align="end">
          <Checkbox label={t('fraud.enabled')} {...form.getInputProps('enabled', { type: 'checkbox' })} />
          {number('lock_at')}
        </Group>
        {GROUPS.map(({ title, fields }) => (
          <Fieldset key={title} legend={t(`fraud.group.${title}`)}>
            <SimpleGrid cols={{ base: 1, xs: 2, sm: 4 }}>{fields.map(number)}</SimpleGrid>
          </Fieldset>
        ))}
        <Group>
          <Button type="submit" loading={busy}>
            {t('action.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
