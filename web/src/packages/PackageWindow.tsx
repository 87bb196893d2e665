import { Checkbox, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { createPackage, updatePackage } from '../api/generated/ats';
import type { PackageOut } from '../api/generated/model';
import { FormModal } from '../form/FormModal';
import { useSending } from '../form/useApiForm';

interface Values extends Record<string, unknown> {
  name: string;
  description: string;
  is_default: boolean;
}

interface Props {
  clientId: number;
  media: PackageOut | null;
  onClose: () => void;
  onDone: () => void;
}

/** A media package; the mark «по умолчанию» moves here when it is set (S188, S189). */
export function PackageWindow({ clientId, media, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const form = useForm<Values>({
    initialValues: {
      name: media?.name ?? '',
      description: media?.description ?? '',
      is_default: media?.is_default ?? false,
    },
  });
  const sending = useSending<Values, PackageOut>(
    form,
    (values) => (media ? updatePackage(clientId, media.id, values) : createPackage(clientId, values)),
    onDone,
  );
  return (
    <FormModal
      title={media ? t('packages.editTitle', { name: media.name }) : t('packages.createTitle')}
      onClose={onClose}
      sending={sending}
      size="md"
    >
      <TextInput label={t('field.name')} required data-autofocus {...form.getInputProps('name')} />
      <Textarea label={t('field.description')} autosize minRows={2} {...form.getInputProps('description')} />
      <Checkbox
        label={t('packages.default')}
        description={t('packages.defaultHint')}
        disabled={media?.is_default ?? false}
        {...form.getInputProps('is_default', { type: 'checkbox' })}
      />
    </FormModal>
  );
}
