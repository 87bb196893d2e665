import { FileInput, Select, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconUpload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { createSound, updateSound } from '../api/generated/ats';
import { useMeta } from '../api/meta';
import type { Sound } from '../api/types';
import { ApiError } from '../api/http';
import { FormModal } from '../form/FormModal';
import { useSending } from '../form/useApiForm';

interface Props {
  clientId: number;
  sound: Sound | null;
  onClose: () => void;
  onDone: () => void;
}

interface Values extends Record<string, unknown> {
  file: File | null;
  name: string;
  description: string;
  language: string;
}

/** Upload of a sound message, or the change of its name and description. */
export function SoundWindow({ clientId, sound, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const { languages } = useMeta();
  const form = useForm<Values>({
    initialValues: {
      file: null,
      name: sound?.name ?? '',
      description: sound?.description ?? '',
      language: sound?.language ?? 'ru',
    },
  });
  const { submit, busy, error } = useSending<Values, Sound>(
    form,
    async ({ file, ...rest }) => {
      if (sound) return updateSound(clientId, sound.id, rest);
      if (!file) throw new ApiError(422, 'invalid', '', { file: t('sounds.chooseFile') });
      return createSound(clientId, { ...rest, file });
    },
    onDone,
  );
  return (
    <FormModal
      title={sound ? t('sounds.editTitle', { name: sound.name }) : t('sounds.createTitle')}
      onClose={onClose}
      onSubmit={submit}
      busy={busy}
      error={error}
      size="md"
    >
      {!sound && (
        <FileInput
          label={t('sounds.file')}
          description={t('sounds.fileHint')}
          placeholder={t('sounds.choose')}
          accept=".wav,.mp3,.ogg,.m4a,audio/*"
          leftSection={<IconUpload size={16} />}
          required
          clearable
          {...form.getInputProps('file')}
          onChange={(file) => {
            form.setFieldValue('file', file);
            if (file && form.getValues().name === '') {
              form.setFieldValue('name', file.name.replace(/\.[^.]+$/, '').slice(0, 80));
            }
          }}
        />
      )}
      <TextInput label={t('field.name')} required {...form.getInputProps('name')} />
      <Textarea label={t('field.description')} autosize minRows={2} {...form.getInputProps('description')} />
      <Select
        label={t('field.language')}
        allowDeselect={false}
        data={languages.map(({ code, name }) => ({ value: code, label: name }))}
        {...form.getInputProps('language')}
      />
    </FormModal>
  );
}
