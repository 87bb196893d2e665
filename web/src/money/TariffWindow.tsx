import { SimpleGrid, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { createTariff, updateTariff } from '../api/generated/ats';
import type { TariffIn, TariffOut } from '../api/generated/model';
import { FormModal } from '../form/FormModal';
import { useSending } from '../form/useApiForm';
import { ZoneSelect } from '../form/ZoneSelect';

interface Props {
  tariff: TariffOut | null;
  onClose: () => void;
  onDone: () => void;
}

/** A tariff: its currency, and the zone its days and hours are meant in. */
export function TariffWindow({ tariff, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const form = useForm<Required<TariffIn> & Record<string, unknown>>({
    initialValues: {
      name: tariff?.name ?? '',
      currency: tariff?.currency ?? 'RUB',
      time_zone: tariff?.time_zone ?? 'Europe/Moscow',
      description: tariff?.description ?? '',
    },
  });
  const sending = useSending(
    form,
    (values) => (tariff ? updateTariff(tariff.id, values) : createTariff(values)),
    onDone,
  );
  return (
    <FormModal
      title={tariff ? t('tariffs.editTitle', { name: tariff.name }) : t('tariffs.createTitle')}
      onClose={onClose}
      sending={sending}
      size="md"
    >
      <TextInput label={t('field.name')} required data-autofocus {...form.getInputProps('name')} />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput
          label={t('tariffs.currency')}
          description={t('tariffs.currencyHint')}
          required
          maxLength={3}
          {...form.getInputProps('currency')}
        />
        <ZoneSelect
          label={t('field.zone')}
          description={t('tariffs.zoneHint')}
          allowDeselect={false}
          {...form.getInputProps('time_zone')}
        />
      </SimpleGrid>
      <Textarea label={t('field.description')} autosize minRows={2} {...form.getInputProps('description')} />
    </FormModal>
  );
}
