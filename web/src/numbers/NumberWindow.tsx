import { Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { createInternalNumber, updateNumber } from '../api/generated/ats';
import type { InternalIn } from '../api/generated/model';
import type { NumberItem } from '../api/types';
import { FormModal } from '../form/FormModal';
import { useSending } from '../form/useApiForm';
import { ZoneSelect } from '../form/ZoneSelect';
import { may } from '../session/rights';
import { useMe } from '../session/session';
import { OwnerSelect } from '../users/OwnerSelect';

interface Props {
  clientId: number;
  /** null: a new internal number. */
  number: NumberItem | null;
  onClose: () => void;
  onDone: (number: NumberItem) => void;
}

/** «Внутренние номера → Создать» (S53) and the card of a number of either kind. */
export function NumberWindow({ clientId, number, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const me = useMe();
  const form = useForm<Required<InternalIn> & Record<string, unknown>>({
    initialValues: {
      digits: number?.digits ?? '',
      name: number?.name ?? '',
      description: number?.description ?? '',
      time_zone: number?.time_zone ?? '',
      owner_id: number?.owner_id ?? null,
    },
  });
  const sending = useSending(
    form,
    ({ digits, owner_id, ...rest }) => {
      // Who sees only what is his own cannot give it away, and is not asked.
      const fields = may(me, 'users_view', clientId) ? { ...rest, owner_id } : rest;
      return number ? updateNumber(clientId, number.id, fields) : createInternalNumber(clientId, { digits, ...fields });
    },
    onDone,
  );
  return (
    <FormModal
      title={number ? t('numbers.editTitle', { number: number.display }) : t('numbers.createTitle')}
      onClose={onClose}
      sending={sending}
      size="md"
    >
      {!number && (
        <TextInput
          label={t('numbers.digits')}
          description={t('numbers.digitsHint')}
          placeholder="100"
          inputMode="numeric"
          required
          data-autofocus
          {...form.getInputProps('digits')}
        />
      )}
      <TextInput label={t('field.name')} {...form.getInputProps('name')} />
      <Textarea label={t('field.description')} autosize minRows={2} {...form.getInputProps('description')} />
      <ZoneSelect
        label={t('field.zone')}
        placeholder={t('numbers.clientZone')}
        clearable
        value={form.values.time_zone || null}
        onChange={(value) => form.setFieldValue('time_zone', value ?? '')}
        error={form.errors.time_zone}
      />
      <OwnerSelect
        clientId={clientId}
        value={form.values.owner_id}
        onChange={(owner) => form.setFieldValue('owner_id', owner)}
        error={form.errors.owner_id}
      />
    </FormModal>
  );
}
