import { Checkbox, NumberInput, Select, SimpleGrid, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { createAccount, listTariffs, updateAccount } from '../api/generated/ats';
import type { AccountIn, AccountOut } from '../api/generated/model';
import { FormModal } from '../form/FormModal';
import { useSending } from '../form/useApiForm';
import { ZoneSelect } from '../form/ZoneSelect';
import { fromUnits, toUnits } from '../format/money';

interface Props {
  account: AccountOut | null;
  onClose: () => void;
  onDone: () => void;
}

interface Values extends Record<string, unknown> {
  code: string;
  name: string;
  kind: 'prepaid' | 'daily_cap';
  /** Drop-downs speak in text. */
  tariff_id: string;
  time_zone: string;
  is_active: boolean;
  credit: number;
  daily_cap: number;
}

/** The terms of a billing account. Amounts are shown in the currency's units. */
export function AccountWindow({ account, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const { data: tariffs } = useQuery({
    queryKey: ['tariffs', 'choices'],
    queryFn: () => listTariffs({ page_size: 500 }),
  });
  const form = useForm<Values>({
    initialValues: {
      code: account?.code ?? '',
      name: account?.name ?? '',
      kind: account?.kind === 'daily_cap' ? 'daily_cap' : 'prepaid',
      tariff_id: account ? String(account.tariff_id) : '',
      time_zone: account?.time_zone ?? 'Europe/Moscow',
      is_active: account?.is_active ?? true,
      credit: toUnits(account?.credit ?? 0),
      daily_cap: toUnits(account?.daily_cap ?? 0),
    },
  });
  const sending = useSending<Values, AccountOut>(
    form,
    ({ tariff_id, credit, daily_cap, ...rest }) => {
      const draft: AccountIn = {
        ...rest,
        tariff_id: tariff_id ? Number(tariff_id) : null,
        credit: fromUnits(credit),
        daily_cap: fromUnits(daily_cap),
      };
      return account ? updateAccount(account.id, draft) : createAccount(draft);
    },
    onDone,
  );
  const prepaid = form.values.kind === 'prepaid';
  return (
    <FormModal
      title={account ? t('accounts.editTitle', { name: account.code }) : t('accounts.createTitle')}
      onClose={onClose}
      sending={sending}
    >
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput label={t('accounts.code')} required data-autofocus {...form.getInputProps('code')} />
        <TextInput label={t('field.name')} {...form.getInputProps('name')} />
        <Select
          label={t('accounts.tariff')}
          required
          searchable
          data={(tariffs?.items ?? []).map((row) => ({ value: String(row.id), label: `${row.name}, ${row.currency}` }))}
          {...form.getInputProps('tariff_id')}
        />
        <Select
          label={t('accounts.kind')}
          allowDeselect={false}
          data={(['prepaid', 'daily_cap'] as const).map((kind) => ({ value: kind, label: t(`accounts.${kind}`) }))}
          {...form.getInputProps('kind')}
        />
        {prepaid ? (
          <NumberInput label={t('accounts.credit')} min={0} decimalScale={4} {...form.getInputProps('credit')} />
        ) : (
          <NumberInput label={t('accounts.cap')} min={0} decimalScale={4} {...form.getInputProps('daily_cap')} />
        )}
        <ZoneSelect label={t('field.zone')} {...form.getInputProps('time_zone')} allowDeselect={false} />
      </SimpleGrid>
      <Checkbox label={t('accounts.active')} {...form.getInputProps('is_active', { type: 'checkbox' })} />
    </FormModal>
  );
}
