import { ActionIcon, Alert, Button, Group, Paper, Select, Stack, Text, Tooltip } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { deleteSoundVersion, getGetSoundAudioUrl, setSoundVersion } from '../api/generated/ats';
import { ApiError } from '../api/http';
import { useMeta } from '../api/meta';
import type { Sound } from '../api/types';
import { errorText } from '../form/errors';
import { duration } from '../format/time';
import classes from '../resource/Player.module.css';
import { NO_SOURCE, SourceFields, type Source } from './SourceFields';

interface Props {
  clientId: number;
  sound: Sound;
}

/** The same message in several languages: callers hear that of their own (S193). Saved at once. */
export function VersionsTab({ clientId, sound }: Props) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { languages } = useMeta();
  const [shown, setShown] = useState(sound);
  const [language, setLanguage] = useState('en');
  const [source, setSource] = useState<Source>(NO_SOURCE);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const nameOf = (code: string) => languages.find((item) => item.code === code)?.name ?? code;
  const versions = [
    { language: shown.language, duration_ms: shown.duration_ms, main: true },
    ...shown.versions.map((version) => ({ ...version, main: false })),
  ];

  const run = async (deed: () => Promise<Sound>) => {
    setBusy(true);
    setError(null);
    try {
      setShown(await deed());
      setSource(NO_SOURCE);
      void cache.invalidateQueries({ queryKey: ['sounds', clientId] });
    } catch (failure) {
      const words = failure instanceof ApiError ? Object.values(failure.fields).join(' ') : '';
      setError(words || errorText(failure, t));
    } finally {
      setBusy(false);
    }
  };

  const add = () =>
    run(() =>
      setSoundVersion(clientId, shown.id, language, {
        ...(source.kind === 'upload' && source.file ? { file: source.file } : {}),
        ...(source.kind === 'package' && source.packageFile ? { package_file_id: Number(source.packageFile) } : {}),
        ...(source.kind === 'text' ? { text: source.text } : {}),
      }),
    );

  const remove = (code: string) =>
    run(async () => {
      await deleteSoundVersion(clientId, shown.id, code);
      return { ...shown, versions: shown.versions.filter((version) => version.language !== code) };
    });

  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {t('sounds.versionsHint')}
      </Text>
      {versions.map((version) => (
        <Paper key={version.language} withBorder px="sm" py={6}>
          <Group justify="space-between">
            <Text size="sm" fw={600}>
              {nameOf(version.language)}{' '}
              <Text span size="sm" c="dimmed" className="digits">
                {duration(version.duration_ms)}
              </Text>
            </Text>
            <Group gap="xs">
              <audio
                controls
                preload="none"
                className={classes.player}
                src={getGetSoundAudioUrl(clientId, shown.id, { language: version.language })}
                aria-label={t('sounds.listenTo', { name: nameOf(version.language) })}
              />
              {!version.main && (
                <Tooltip label={t('action.delete')}>
                  <ActionIcon
                    variant="subtle"
                    color="red"
                    aria-label={t('aria.delete', { name: nameOf(version.language) })}
                    onClick={() => void remove(version.language)}
                  >
                    <IconTrash size={18} />
                  </ActionIcon>
                </Tooltip>
              )}
            </Group>
          </Group>
        </Paper>
      ))}
      {error !== null && (
        <Alert color="red" role="alert">
          {error}
        </Alert>
      )}
      <Select
        label={t('sounds.versionLanguage')}
        data={languages.map(({ code, name }) => ({ value: code, label: name }))}
        value={language}
        onChange={(code) => code !== null && setLanguage(code)}
        allowDeselect={false}
        w={{ base: '100%', xs: 240 }}
      />
      <SourceFields clientId={clientId} value={source} language={language} error={null} onChange={setSource} />
      <Group>
        <Button variant="default" loading={busy} onClick={() => void add()}>
          {t('sounds.versionAdd')}
        </Button>
      </Group>
    </Stack>
  );
}
