import { ActionIcon, Badge, Drawer, Group, Tooltip } from '@mantine/core';
import { IconMail, IconMailOpened, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import {
  deleteVoiceMessage,
  getGetVoiceMessageAudioUrl,
  getListVoiceMessagesUrl,
  listVoiceMessages,
  markVoiceMessage,
} from '../api/generated/ats';
import type { MailboxOut, VoiceMessageOut } from '../api/generated/model';
import { ConfirmDelete } from '../form/ConfirmDelete';
import { shownNumber } from '../format/number';
import { duration } from '../format/time';
import { useTimes } from '../format/useTimes';
import { may } from '../session/rights';
import { useMe } from '../session/session';
import { EntityTable, type Column } from '../table/EntityTable';
import classes from '../resource/Player.module.css';

interface Props {
  clientId: number;
  mailbox: MailboxOut;
  onClose: () => void;
}

/** The messages of a box: heard in the browser, and then no longer new. */
export function MessagesDrawer({ clientId, mailbox, onClose }: Props) {
  const { t } = useTranslation();
  const me = useMe();
  const cache = useQueryClient();
  const times = useTimes();
  const [doomed, setDoomed] = useState<VoiceMessageOut | null>(null);
  const key = ['mailboxes', clientId, mailbox.id, 'messages'];
  const refresh = () => void cache.invalidateQueries({ queryKey: ['mailboxes', clientId] });
  const mark = (row: VoiceMessageOut, read: boolean) =>
    void markVoiceMessage(clientId, mailbox.id, row.id, { is_read: read }).then(refresh, refresh);

  const columns: Column<VoiceMessageOut>[] = [
    {
      key: 'received',
      title: t('mailboxes.received'),
      sort: 'received_at',
      render: (row) => <span className="digits">{times.dateTime(row.received_at)}</span>,
    },
    {
      key: 'caller',
      title: t('mailboxes.caller'),
      sort: 'caller',
      render: (row) => (
        <Group gap={6} wrap="nowrap">
          <b className="digits">{shownNumber(row.caller)}</b>
          {!row.is_read && (
            <Badge size="sm" tt="none">
              {t('mailboxes.new')}
            </Badge>
          )}
        </Group>
      ),
    },
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
          src={getGetVoiceMessageAudioUrl(clientId, mailbox.id, row.id)}
          aria-label={t('sounds.listenTo', { name: shownNumber(row.caller) })}
          onPlay={() => !row.is_read && mark(row, true)}
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
      title={t('mailboxes.messagesOf', { name: mailbox.name })}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <EntityTable
        id="messages"
        label={t('mailboxes.messages')}
        queryKey={key}
        load={(query) => listVoiceMessages(clientId, mailbox.id, query)}
        exportUrl={(query) => getListVoiceMessagesUrl(clientId, mailbox.id, query)}
        columns={columns}
        defaultSort="-received_at"
        refetchInterval={10_000}
        empty={t('mailboxes.noMessages')}
        actions={(row) => (
          <>
            <Tooltip label={t(row.is_read ? 'mailboxes.markNew' : 'mailboxes.markHeard')}>
              <ActionIcon
                variant="subtle"
                aria-label={t(row.is_read ? 'mailboxes.markNew' : 'mailboxes.markHeard')}
                onClick={() => mark(row, !row.is_read)}
              >
                {row.is_read ? <IconMail size={18} /> : <IconMailOpened size={18} />}
              </ActionIcon>
            </Tooltip>
            {may(me, 'dialplan_change', clientId) && (
              <Tooltip label={t('action.delete')}>
                <ActionIcon
                  variant="subtle"
                  color="red"
                  aria-label={t('aria.delete', { name: shownNumber(row.caller) })}
                  onClick={() => setDoomed(row)}
                >
                  <IconTrash size={18} />
                </ActionIcon>
              </Tooltip>
            )}
          </>
        )}
      />
      {doomed && (
        <ConfirmDelete
          name={t('mailboxes.messageFrom', { caller: shownNumber(doomed.caller) })}
          remove={() => deleteVoiceMessage(clientId, mailbox.id, doomed.id)}
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
