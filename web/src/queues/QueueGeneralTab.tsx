import { Select, SimpleGrid, Textarea, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { LanguageSelect } from '../form/LanguageSelect';
import { ThingSelect } from '../resource/ThingSelect';
import type { QueueValues } from './values';

/** The manual's five, in its order (S121-S125). */
const STRATEGIES = ['ringall', 'leastrecent', 'fewestcalls', 'random', 'rrmemory'];

interface Props {
  clientId: number;
  form: UseFormReturnType<QueueValues>;
}

/** «Общие»: name, pickup group, language, how calls are shared out (S116-S118, S121-S125). */
export function QueueGeneralTab({ clientId, form }: Props) {
  const { t } = useTranslation();
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      <TextInput label={t('field.name')} required data-autofocus {...form.getInputProps('name')} />
      <ThingSelect
        clientId={clientId}
        kind="pickup_groups"
        label={t('queues.pickup')}
        description={t('queues.pickupHint')}
        placeholder={t('ports.noPickup')}
        value={form.values.pickup_group_id}
        onChange={(id) => form.setFieldValue('pickup_group_id', id)}
        error={form.errors.pickup_group_id}
        clearable
      />
      <Select
        label={t('queues.strategy')}
        description={t(`strategyHint.${form.values.strategy}`)}
        data={STRATEGIES.map((value) => ({ value, label: t(`strategy.${value}`) }))}
        allowDeselect={false}
        {...form.getInputProps('strategy')}
      />
      <LanguageSelect {...form.getInputProps('language')} />
      <Textarea label={t('field.description')} autosize minRows={2} {...form.getInputProps('description')} />
    </SimpleGrid>
  );
}
