import { Checkbox, NumberInput, SimpleGrid, Stack } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import type { QueueValues } from './values';

/** «Ожидание»: how long agents ring, how many callers may wait, what they are told. */
export function WaitingTab({ form }: { form: UseFormReturnType<QueueValues> }) {
  const { t } = useTranslation();
  const seconds = { suffix: t('dialplan.secondsSuffix'), allowDecimal: false, allowNegative: false };
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <NumberInput
          label={t('queues.ring')}
          description={t('queues.ringHint')}
          min={1}
          {...seconds}
          {...form.getInputProps('ring_s')}
        />
        <NumberInput
          label={t('queues.retry')}
          description={t('queues.retryHint')}
          min={0}
          {...seconds}
          {...form.getInputProps('retry_s')}
        />
        <NumberInput
          label={t('queues.wrapup')}
          description={t('queues.wrapupHint')}
          min={0}
          {...seconds}
          {...form.getInputProps('wrapup_s')}
        />
        <NumberInput
          label={t('queues.most')}
          description={t('queues.mostHint')}
          min={0}
          allowDecimal={false}
          allowNegative={false}
          {...form.getInputProps('max_waiting')}
        />
      </SimpleGrid>
      <Checkbox
        label={t('queues.place')}
        description={t('queues.placeHint')}
        {...form.getInputProps('announce_place', { type: 'checkbox' })}
      />
      {form.values.announce_place && (
        <NumberInput
          label={t('queues.every')}
          min={10}
          w={{ base: '100%', xs: 260 }}
          {...seconds}
          {...form.getInputProps('announce_every_s')}
        />
      )}
    </Stack>
  );
}
