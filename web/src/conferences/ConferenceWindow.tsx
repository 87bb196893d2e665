import { Checkbox, NumberInput, SimpleGrid, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { createConference, updateConference } from '../api/generated/ats';
import type { ConferenceOut } from '../api/generated/model';
import { FormModal } from '../form/FormModal';
import { LanguageSelect } from '../form/LanguageSelect';
import { useSending } from '../form/useApiForm';
import { may } from '../session/rights';
import { useMe } from '../session/session';

interface Values extends Record<string, unknown> {
  name: string;
  description: string;
  pin: string;
  language: string;
  max_members: number;
  record: boolean;
}

interface Props {
  clientId: number;
  conference: ConferenceOut | null;
  onClose: () => void;
  onDone: () => void;
}

/** A conference room. */
export function ConferenceWindow({ clientId, conference, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const readOnly = !may(useMe(), 'dialplan_change', clientId);
  const form = useForm<Values>({
    initialValues: {
      name: conference?.name ?? '',
      description: conference?.description ?? '',
      pin: conference?.pin ?? '',
      language: conference?.language ?? '',
      max_members: conference?.max_members ?? 0,
      record: conference?.record ?? false,
    },
  });
  const sending = useSending<Values, ConferenceOut>(
    form,
    (values) =>
      conference ? updateConference(clientId, conference.id, values) : createConference(clientId, values),
    onDone,
  );
  return (
    <FormModal
      title={conference ? t('conferences.editTitle', { name: conference.name }) : t('conferences.createTitle')}
      onClose={onClose}
      sending={sending}
      readOnly={readOnly}
    >
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput label={t('field.name')} required data-autofocus {...form.getInputProps('name')} />
        <TextInput
          label="PIN"
          description={t('conferences.pinHint')}
          inputMode="numeric"
          autoComplete="off"
          {...form.getInputProps('pin')}
        />
        <NumberInput
          label={t('conferences.most')}
          description={t('conferences.mostHint')}
          min={0}
          allowDecimal={false}
          allowNegative={false}
          {...form.getInputProps('max_members')}
        />
        <LanguageSelect {...form.getInputProps('language')} />
        <Textarea label={t('field.description')} autosize minRows={2} {...form.getInputProps('description')} />
        <Checkbox
          label={t('extra.record')}
          description={t('conferences.recordHint')}
          {...form.getInputProps('record', { type: 'checkbox' })}
        />
      </SimpleGrid>
    </FormModal>
  );
}
