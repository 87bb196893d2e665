import { Button, FileInput, Group, SegmentedControl, Stack, Textarea } from '@mantine/core';
import { IconPlayerPlay, IconUpload } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { previewSpeech } from '../api/generated/ats';
import { ApiError } from '../api/http';
import { errorText } from '../form/errors';
import { ThingSelect } from '../resource/ThingSelect';

export interface Source {
  kind: 'package' | 'upload' | 'text';
  file: File | null;
  /** '' is «not chosen». */
  packageFile: string;
  text: string;
}

export const NO_SOURCE: Source = { kind: 'upload', file: null, packageFile: '', text: '' };

interface Props {
  clientId: number;
  value: Source;
  language: string;
  error: ReactNode;
  onChange: (source: Source) => void;
}

/** Where a message comes from: a file of a media package, an upload, or a text that the exchange speaks. */
export function SourceFields({ clientId, value, language, error, onChange }: Props) {
  const { t } = useTranslation();
  const [spoken, setSpoken] = useState<string | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const preview = async () => {
    setBusy(true);
    setRefused(null);
    try {
      setSpoken(URL.createObjectURL(await previewSpeech(clientId, { text: value.text, language })));
    } catch (failure) {
      const words = failure instanceof ApiError ? Object.values(failure.fields).join(' ') : '';
      setRefused(words || errorText(failure, t));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label={t('sounds.source')}
        data={[
          { value: 'upload', label: t('sounds.fromFile') },
          { value: 'package', label: t('sounds.fromPackage') },
          { value: 'text', label: t('sounds.fromText') },
        ]}
        value={value.kind}
        onChange={(kind) => onChange({ ...value, kind })}
      />
      {value.kind === 'upload' && (
        <FileInput
          label={t('sounds.file')}
          description={t('sounds.fileHint')}
          placeholder={t('sounds.choose')}
          accept=".wav,.mp3,.ogg,.m4a,audio/*"
          leftSection={<IconUpload size={16} />}
          value={value.file}
          onChange={(file) => onChange({ ...value, file })}
          error={error}
          required
          clearable
        />
      )}
      {value.kind === 'package' && (
        <ThingSelect
          clientId={clientId}
          kind="package_files"
          label={t('sounds.packageFile')}
          description={t('sounds.packageFileHint')}
          placeholder={t('dialplan.chooseThing')}
          value={value.packageFile === '' ? null : Number(value.packageFile)}
          onChange={(id) => onChange({ ...value, packageFile: id === null ? '' : String(id) })}
          error={error}
          required
        />
      )}
      {value.kind === 'text' && (
        <>
          <Textarea
            label={t('sounds.text')}
            description={t('sounds.textHint')}
            autosize
            minRows={3}
            value={value.text}
            onChange={(event) => onChange({ ...value, text: event.currentTarget.value })}
            error={error ?? refused}
            required
          />
          <Group gap="sm">
            <Button
              variant="default"
              leftSection={<IconPlayerPlay size={16} />}
              loading={busy}
              disabled={value.text.trim() === ''}
              onClick={() => void preview()}
            >
              {t('sounds.preview')}
            </Button>
            {spoken !== null && <audio controls autoPlay src={spoken} aria-label={t('sounds.preview')} />}
          </Group>
        </>
      )}
    </Stack>
  );
}
