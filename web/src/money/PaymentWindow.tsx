import { NumberInput, Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { addLedgerEntry } from '../api/generated/ats';
import type { AccountOut } from '../api/generated/model';
import { FormModal } from '../form/FormModal';
import { useSending } from '../form/useApiForm';
import { fromUnits } from '../format/money';

interface Props {
  account: AccountOut;
  onClose: () => void;
  onDone: () => void;
}

interface Values extends Record<string, unknown> {
  kind: 'payment' | 'adjustment';
  amount: number;
  note: string;
}

/** A payment or an adjustment of an account: a row that stays. */
export function PaymentWindow({ account, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const form = useForm<Values>({ initialValues: { kind: 'payment', amount: 0, note: '' } });
  const sending = useSending<Values, AccountOut>(
    form,
    ({ kind, amount, note }) => addLedgerEntry(account.id, { kind, note, amount: fromUnits(amount) }),
    onDone,
  );
  return (
    <FormModal
      title={t('accounts.payTitle', { name: account.code })}
      onClose={onClose}
      sending={sending}
      size="md"
    >
      <Select
        label={t('accounts.entryKind')}
        allowDeselect={false}
        data={(['payment', 'adjustment'] as const).map((kind) => ({ value: kind, label: t(`accounts.${kind}`) }))}
        {...form.getInputProps('kind')}
      />
      <NumberInput
        label={t('accounts.amount', { currency: account.currency })}
        required
        decimalScale={4}
        data-autofocus
        {...form.getInputProps('amount')}
      />
      <TextInput label={t('accounts.note')} {...form.getInputProps('note')} />
    </FormModal>
  );
}
