import { ActionIcon, Alert, Drawer, FileButton, Button, Tooltip } from '@mantine/core';
import { IconTrash, IconUpload } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import {
  addPackageFile,
  deletePackageFile,
  getGetPackageFileAudioUrl,
  listPackageFiles,
} from '../api/generated/ats';
import type { PackageFileOut, PackageOut } from '../api/generated/model';
import { ApiError } from '../api/http';
import { ConfirmDelete } from '../form/ConfirmDelete';
import { errorText } from '../form/errors';
import { duration } from '../format/time';
import classes from '../resource/Player.module.css';
import { may } from '../session/rights';
import { useMe } from '../session/session';
import { EntityTable, type Column } from '../table/EntityTable';

interface Props {
  clientId: number;
  media: PackageOut;
  onClose: () => void;
}

/** The files of a media package: «Загрузка файла» and it plays at once (S190, S191). */
export function FilesDrawer({ clientId, media, onClose }: Props) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const mayChange = may(useMe(), 'sounds_change', clientId);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [doomed, setDoomed] = useState<PackageFileOut | null>(null);
  const refresh = () => void cache.invalidateQueries({ queryKey: ['packages', clientId] });

  const upload = async (files: File[]) => {
    setBusy(true);
    setError(null);
    try {
      for (const file of files) {
        await addPackageFile(clientId, media.id, { file, name: file.name.replace(/\.[^.]+$/, '').slice(0, 80) });
      }
    } catch (failure) {
      const words = failure instanceof ApiError ? Object.values(failure.fields).join(' ') : '';
      setError(words || errorText(failure, t));
    } finally {
      setBusy(false);
      refresh();
    }
  };

  const columns: Column<PackageFileOut>[] = [
    { key: 'name', title: t('field.name'), sort: 'name', render: (row) => row.name },
    {
      key: 'duration',
      title: t('sounds.duration'),
      sort: 'duration_ms',
      align: 'right',
      render: (row) => <span className="digits">{duration(row.duration_ms)}</span>,
    },
    {
      key: 'play',
      title: t('sounds.listen'),
      render: (row) => (
        <audio
          controls
          preload="none"
          className={classes.player}
          src={getGetPackageFileAudioUrl(clientId, media.id, row.id)}
          aria-label={t('sounds.listenTo', { name: row.name })}
        />
      ),
    },
  ];
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="xl"
      title={t('packages.filesOf', { name: media.is_default ? `${media.name} *` : media.name })}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {error !== null && (
        <Alert color="red" role="alert" mb="sm">
          {error}
        </Alert>
      )}
      <EntityTable
        id="package-files"
        label={t('packages.files')}
        queryKey={['packages', clientId, media.id, 'files']}
        load={(query) => listPackageFiles(clientId, media.id, query)}
        columns={columns}
        defaultSort="id"
        empty={t(media.is_default ? 'packages.noMusic' : 'packages.noFiles')}
        toolbar={
          mayChange && (
            <FileButton onChange={(files) => void upload(files)} accept=".wav,.mp3,.ogg,.m4a,audio/*" multiple>
              {(props) => (
                <Button leftSection={<IconUpload size={16} />} loading={busy} {...props}>
                  {t('sounds.upload')}
                </Button>
              )}
            </FileButton>
          )
        }
        {...(mayChange
          ? {
              actions: (row: PackageFileOut) => (
                <Tooltip label={t('action.delete')}>
                  <ActionIcon
                    variant="subtle"
                    color="red"
                    aria-label={t('aria.delete', { name: row.name })}
                    onClick={() => setDoomed(row)}
                  >
                    <IconTrash size={18} />
                  </ActionIcon>
                </Tooltip>
              ),
            }
          : {})}
      />
      {doomed && (
        <ConfirmDelete
          name={doomed.name}
          remove={() => deletePackageFile(clientId, media.id, doomed.id)}
          onClose={() => setDoomed(null)}
          onDone={() => {
            setDoomed(null);
            refresh();
          }}
        />
      )}
    </Drawer>
  );
}
