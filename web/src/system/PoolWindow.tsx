import { SimpleGrid, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { addToPool } from '../api/generated/ats';
import type { PoolAdded, PoolIn } from '../api/generated/model';
import { FormModal } from '../form/FormModal';
import { useSending } from '../form/useApiForm';

/** Adds one number, or a range of them, to the operator's pool. */
export function PoolWindow({ onClose, onDone }: { onClose: () => void; onDone: (added: PoolAdded) => void }) {
  const { t } = useTranslation();
  const form = useForm<Required<PoolIn> & Record<string, unknown>>({
    initialValues: { digits: '', to: '', description: '' },
  });
  const sending = useSending(form, (values) => addToPool(values), onDone);
  return (
    <FormModal
      title={t('pool.addTitle')}
      onClose={onClose}
      sending={sending}
      submitLabel={t('action.add')}
      size="md"
    >
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput
          label={t('pool.from')}
          placeholder="+7 495 123-45-00"
          inputMode="tel"
          required
          data-autofocus
          {...form.getInputProps('digits')}
        />
        <TextInput
          label={t('pool.to')}
          placeholder="+7 495 123-45-99"
          inputMode="tel"
          {...form.getInputProps('to')}
        />
      </SimpleGrid>
      <TextInput label={t('field.description')} {...form.getInputProps('description')} />
    </FormModal>
  );
}
