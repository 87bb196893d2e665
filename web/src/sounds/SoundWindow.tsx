import { Select, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { createSound, speakSound, updateSound } from '../api/generated/ats';
import { ApiError } from '../api/http';
import { useMeta } from '../api/meta';
import type { Sound } from '../api/types';
import { FormModal } from '../form/FormModal';
import { FormTabs } from '../form/FormTabs';
import { useSending } from '../form/useApiForm';
import { NO_SOURCE, SourceFields, type Source } from './SourceFields';
import { VersionsTab } from './VersionsTab';

interface Props {
  clientId: number;
  sound: Sound | null;
  /** Where a new message comes from at first. */
  source: Source['kind'];
  onClose: () => void;
  onDone: () => void;
}

interface Values extends Record<string, unknown> {
  /** The source; named as the API names the field it refuses. */
  file: Source;
  name: string;
  description: string;
  language: string;
}

/** A media file: «Медиафайл», «Описание», «Название», «Язык» (S192), and its versions in other languages (S193). */
export function SoundWindow({ clientId, sound, source, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const { languages } = useMeta();
  const form = useForm<Values>({
    initialValues: {
      file: { ...NO_SOURCE, kind: source },
      name: sound?.name ?? '',
      description: sound?.description ?? '',
      language: sound?.language ?? 'ru',
    },
  });
  const sending = useSending<Values, Sound>(
    form,
    async ({ file: from, ...rest }) => {
      if (sound) return updateSound(clientId, sound.id, rest);
      if (from.kind === 'text') return speakSound(clientId, { ...rest, text: from.text });
      if (from.kind === 'package' && from.packageFile) {
        return createSound(clientId, { ...rest, package_file_id: Number(from.packageFile) });
      }
      if (from.kind === 'upload' && from.file) return createSound(clientId, { ...rest, file: from.file });
      throw new ApiError(422, 'invalid', '', { file: t('sounds.chooseFile') });
    },
    onDone,
  );
  const fields = (
    <>
      <TextInput label={t('field.name')} required={source !== 'text'} {...form.getInputProps('name')} />
      <Textarea label={t('field.description')} autosize minRows={2} mt="sm" {...form.getInputProps('description')} />
      <Select
        label={t('field.language')}
        mt="sm"
        allowDeselect={false}
        data={languages.map(({ code, name }) => ({ value: code, label: name }))}
        {...form.getInputProps('language')}
      />
    </>
  );
  return (
    <FormModal
      title={sound ? t('sounds.editTitle', { name: sound.name }) : t('sounds.createTitle')}
      onClose={sound ? onDone : onClose}
      sending={sending}
      size={sound ? 'lg' : 'md'}
    >
      {sound ? (
        <FormTabs
          errors={form.errors}
          tabs={[
            { key: 'general', label: t('tab.general'), fields: ['name', 'description', 'language'], panel: fields },
            {
              key: 'versions',
              label: t('sounds.versions'),
              fields: [],
              panel: <VersionsTab clientId={clientId} sound={sound} />,
            },
          ]}
        />
      ) : (
        <>
          <SourceFields
            clientId={clientId}
            value={form.values.file}
            language={form.values.language}
            error={form.errors.file ?? form.errors.text ?? form.errors.package_file_id}
            onChange={(from) => {
              form.setFieldValue('file', from);
              form.clearFieldError('file');
              if (from.file && form.getValues().name === '') {
                form.setFieldValue('name', from.file.name.replace(/\.[^.]+$/, '').slice(0, 80));
              }
            }}
          />
          {fields}
        </>
      )}
    </FormModal>
  );
}
