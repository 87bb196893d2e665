import { Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { createContact, updateContact } from '../api/generated/ats';
import type { ContactOut } from '../api/generated/model';
import { FormModal } from '../form/FormModal';
import { useSending } from '../form/useApiForm';

interface Values extends Record<string, unknown> {
  name: string;
  description: string;
  clip: string;
}

interface Props {
  clientId: number;
  classifierId: number;
  contact: ContactOut | null;
  onClose: () => void;
  onDone: () => void;
}

/** A contact: «Наименование», «Описание», «CLIP» (S169, S170). */
export function ContactWindow({ clientId, classifierId, contact, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const form = useForm<Values>({
    initialValues: {
      name: contact?.name ?? '',
      description: contact?.description ?? '',
      clip: contact?.clip ?? '',
    },
  });
  const sending = useSending<Values, ContactOut>(
    form,
    (values) =>
      contact
        ? updateContact(clientId, classifierId, contact.id, values)
        : createContact(clientId, classifierId, values),
    onDone,
  );
  return (
    <FormModal
      title={t(contact ? 'classifiers.contactEdit' : 'classifiers.contactCreate')}
      onClose={onClose}
      sending={sending}
      size="md"
    >
      <TextInput label={t('classifiers.contactName')} data-autofocus {...form.getInputProps('name')} />
      <Textarea label={t('field.description')} autosize minRows={2} {...form.getInputProps('description')} />
      <TextInput
        label="CLIP"
        description={t('classifiers.clipHint')}
        placeholder="+79161234567"
        inputMode="tel"
        className="digits"
        required
        {...form.getInputProps('clip')}
      />
    </FormModal>
  );
}
