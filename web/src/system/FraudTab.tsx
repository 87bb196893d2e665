import { Checkbox, Fieldset, Group, NumberInput, SimpleGrid, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { getFraudSettings, updateFraudSettings } from '../api/generated/ats';
import type { FraudThresholds } from '../api/generated/model';
import { SavedForm, useSaved } from '../form/SavedForm';
import { MONEY } from '../limits/values';
import { Loaded } from '../resource/Loaded';

const KEY = ['fraud-settings'];

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
  const query = useQuery({ queryKey: KEY, queryFn: () => getFraudSettings() });
  return (
    <Loaded query={query} height={300}>
      {(saved) => <FraudForm key={JSON.stringify(saved)} saved={saved} />}
    </Loaded>
  );
}

function FraudForm({ saved }: { saved: FraudThresholds }) {
  const { t } = useTranslation();
  const form = useForm<Values>({ initialValues: { ...saved, spend: saved.spend / MONEY } });
  const sending = useSaved(form, KEY, (values) =>
    updateFraudSettings({ ...values, spend: Math.round(values.spend * MONEY) }),
  );
  const number = (field: keyof FraudThresholds) => (
    <NumberInput key={field} label={t(`fraud.field.${field}`)} min={0} {...form.getInputProps(field)} />
  );
  return (
    <SavedForm sending={sending} maw={860} head={<Text size="sm" c="dimmed">{t('fraud.hint')}</Text>}>
      <Group align="end">
        <Checkbox mb={8} label={t('fraud.enabled')} {...form.getInputProps('enabled', { type: 'checkbox' })} />
        {number('lock_at')}
      </Group>
      {GROUPS.map(({ title, fields }) => (
        <Fieldset key={title} legend={t(`fraud.group.${title}`)}>
          <SimpleGrid cols={{ base: 1, xs: 2, sm: 4 }} style={{ alignItems: 'end' }}>{fields.map(number)}</SimpleGrid>
        </Fieldset>
      ))}
    </SavedForm>
  );
}
