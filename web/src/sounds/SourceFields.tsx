import { Button, FileInput, Group, SegmentedControl, Select, Stack, Textarea } from '@mantine/core';
import { IconPlayerPlay, IconUpload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { listPackageFiles, listPackages, previewSpeech } from '../api/generated/ats';
import { ApiError } from '../api/http';
import { errorText } from '../form/errors';

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

/** Files of all the client's media packages, as «Медиафайл» offers them (S192). */
async function packageFiles(clientId: number): Promise<{ group: string; items: { value: string; label: string }[] }[]> {
  const { items } = await listPackages(clientId, { page_size: 100, sort: 'name' });
  return Promise.all(
    items.map(async ({ id, name, is_default }) => ({
      group: is_default ? `${name} *` : name,
      items: (await listPackageFiles(clientId, id, { page_size: 500 })).items.map((file) => ({
        value: String(file.id),
        label: file.name,
      })),
    })),
  );
}

/** Where a message comes from: a file of a media package, an upload, or a text that the exchange speaks. */
export function SourceFields({ clientId, value, language, error, onChange }: Props) {
  const { t } = useTranslation();
  const [spoken, setSpoken] = useState<string | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const { data: files } = useQuery({
    queryKey: ['packages', clientId, 'choices'],
    queryFn: () => packageFiles(clientId),
    enabled: value.kind === 'package',
  });

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
        <Select
          label={t('sounds.packageFile')}
          description={t('sounds.packageFileHint')}
          placeholder={t('dialplan.chooseThing')}
          data={(files ?? []).filter(({ items }) => items.length > 0)}
          value={value.packageFile || null}
          onChange={(packageFile) => onChange({ ...value, packageFile: packageFile ?? '' })}
          error={error}
          nothingFoundMessage={t('table.nothingFound')}
          searchable
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
