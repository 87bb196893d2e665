import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconEdit, IconPlus, IconTrash, IconUpload } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { deleteSound, getGetSoundAudioUrl, listSounds } from '../api/generated/ats';
import { useMeta } from '../api/meta';
import type { Sound } from '../api/types';
import { ConfirmDelete } from '../form/ConfirmDelete';
import { duration } from '../format/time';
import { useTimes } from '../format/useTimes';
import { may } from '../session/rights';
import { useMe } from '../session/session';
import { useClientId } from '../shell/clientScope';
import { PageTitle } from '../shell/PageTitle';
import { EntityTable, type Column } from '../table/EntityTable';
import classes from '../resource/Player.module.css';
import { SoundWindow } from './SoundWindow';

/** «Медиаресурсы → Медиафайлы»: what a step of a dialplan can play, there called «Звуковые сообщения» (S192-S194). */
export function SoundsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const clientId = useClientId();
  const cache = useQueryClient();
  const times = useTimes();
  const { languages } = useMeta();
  const [edited, setEdited] = useState<Sound | 'new' | 'upload' | null>(null);
  const [doomed, setDoomed] = useState<Sound | null>(null);
  const key = ['sounds', clientId];
  const mayChange = may(me, 'sounds_change', clientId);
  const refresh = () => void cache.invalidateQueries({ queryKey: key });

  const languageName = (code: string) => languages.find((item) => item.code === code)?.name ?? code;

  const columns: Column<Sound>[] = [
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
          src={getGetSoundAudioUrl(clientId, row.id)}
          aria-label={t('sounds.listenTo', { name: row.name })}
          onClick={(event) => event.stopPropagation()}
        />
      ),
    },
    {
      key: 'language',
      title: t('field.language'),
      render: (row) => [row.language, ...row.versions.map((version) => version.language)].map(languageName).join(', '),
    },
    { key: 'description', title: t('field.description'), render: (row) => row.description },
    {
      key: 'created',
      title: t('field.created'),
      sort: 'created_at',
      hidden: true,
      render: (row) => <span className="digits">{times.dateTime(row.created_at)}</span>,
    },
  ];

  return (
    <>
      <PageTitle title={t('menu.sounds')} hint={t('sounds.hint')} />
      <EntityTable
        id="sounds"
        label={t('menu.sounds')}
        queryKey={key}
        load={(query) => listSounds(clientId, query)}
        columns={columns}
        defaultSort="name"
        empty={t('sounds.empty')}
        toolbar={
          mayChange && (
            <>
              <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited('new')}>
                {t('action.create')}
              </Button>
              <Button variant="default" leftSection={<IconUpload size={16} />} onClick={() => setEdited('upload')}>
                {t('sounds.upload')}
              </Button>
            </>
          )
        }
        {...(mayChange
          ? {
              actions: (row: Sound) => (
                <>
                  <Tooltip label={t('action.edit')}>
                    <ActionIcon
                      variant="subtle"
                      aria-label={t('aria.edit', { name: row.name })}
                      onClick={() => setEdited(row)}
                    >
                      <IconEdit size={18} />
                    </ActionIcon>
                  </Tooltip>
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
                </>
              ),
            }
          : {})}
      />
      {edited !== null && (
        <SoundWindow
          clientId={clientId}
          sound={typeof edited === 'string' ? null : edited}
          source={edited === 'upload' ? 'upload' : 'package'}
          onClose={() => setEdited(null)}
          onDone={() => {
            setEdited(null);
            refresh();
          }}
        />
      )}
      {doomed && (
        <ConfirmDelete
          name={doomed.name}
          remove={() => deleteSound(clientId, doomed.id)}
          onClose={() => setDoomed(null)}
          onDone={() => {
            setDoomed(null);
            refresh();
          }}
        />
      )}
    </>
  );
}
