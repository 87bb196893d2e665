import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { addHoliday } from '../api/generated/ats';
import type { HolidayOut } from '../api/generated/model';
import { FormModal } from '../form/FormModal';
import { useSending } from '../form/useApiForm';

interface Values extends Record<string, unknown> {
  day: string;
  name: string;
}

interface Props {
  clientId: number;
  onClose: () => void;
  onDone: () => void;
}

/** A day of the client's holiday calendar. */
export function HolidayWindow({ clientId, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const form = useForm<Values>({ initialValues: { day: '', name: '' } });
  const sending = useSending<Values, HolidayOut>(form, (values) => addHoliday(clientId, values), onDone);
  return (
    <FormModal title={t('holidays.createTitle')} onClose={onClose} sending={sending} size="md">
      <TextInput type="date" label={t('holidays.day')} required data-autofocus {...form.getInputProps('day')} />
      <TextInput label={t('field.name')} placeholder={t('holidays.placeholder')} {...form.getInputProps('name')} />
    </FormModal>
  );
}
