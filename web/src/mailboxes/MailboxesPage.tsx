import { Badge, Button } from '@mantine/core';
import { IconRecordMail } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { deleteMailbox, getListMailboxesUrl, listMailboxes } from '../api/generated/ats';
import { useNewThings } from '../api/meta';
import type { MailboxOut } from '../api/generated/model';
import { ResourcePage } from '../resource/ResourcePage';
import { may } from '../session/rights';
import { useMe } from '../session/session';
import { useClientId } from '../shell/clientScope';
import type { Column } from '../table/EntityTable';
import { MailboxWindow } from './MailboxWindow';
import { MessagesDrawer } from './MessagesDrawer';

/** «Сервисы → Ящики голосовой почты» (S163-S165). */
export function MailboxesPage() {
  const { t } = useTranslation();
  const me = useMe();
  const usual = useNewThings();
  const clientId = useClientId();
  const [opened, setOpened] = useState<MailboxOut | null>(null);
  const mayHear = may(me, 'calls_view', clientId);
  const columns: Column<MailboxOut>[] = [
    { key: 'box', title: t('mailboxes.box'), sort: 'box', render: (row) => <span className="digits">{row.box}</span> },
    { key: 'name', title: t('field.name'), sort: 'name', render: (row) => row.name },
    { key: 'email', title: t('field.email'), sort: 'email', render: (row) => row.email || '—' },
    { key: 'greeting', title: t('mailboxes.greeting'), render: (row) => row.greeting_name || t('mailboxes.standard') },
    {
      key: 'messages',
      title: t('mailboxes.messages'),
      align: 'right',
      render: (row) => <span className="digits">{row.messages_count}</span>,
    },
    {
      key: 'unread',
      title: t('mailboxes.unread'),
      align: 'right',
      render: (row) =>
        row.unread_count > 0 ? (
          <Badge variant="filled" className="digits">
            {row.unread_count}
          </Badge>
        ) : (
          <span className="digits">0</span>
        ),
    },
    {
      key: 'pin',
      title: 'PIN',
      hidden: true,
      render: (row) => t(row.has_pin ? 'resource.yes' : 'resource.no'),
    },
    { key: 'description', title: t('field.description'), hidden: true, render: (row) => row.description },
  ];
  return (
    <>
      <ResourcePage
        id="mailboxes"
        title={t('menu.mailboxes')}
        hint={t('mailboxes.hint')}
        empty={t('mailboxes.empty')}
        queryKey={['mailboxes', clientId]}
        load={(query) => listMailboxes(clientId, query)}
        exportUrl={(query) => getListMailboxesUrl(clientId, query)}
        columns={columns}
        defaultSort="box"
        mayChange={may(me, 'dialplan_change', clientId)}
        nameOf={(row) => row.name}
        remove={(row) => deleteMailbox(clientId, row.id)}
        removeHint={t('mailboxes.removeHint')}
        further={(row) =>
          mayHear
            ? [{ label: t('mailboxes.messages'), icon: <IconRecordMail size={16} />, onClick: () => setOpened(row) }]
            : []
        }
        buttons={(row) =>
          mayHear && (
            <Button
              size="compact-sm"
              variant="light"
              leftSection={<IconRecordMail size={16} />}
              aria-label={t('mailboxes.messagesOf', { name: row.name })}
              onClick={() => setOpened(row)}
            >
              {t('mailboxes.messages')}
            </Button>
          )
        }
        window={(row, acts) => usual && <MailboxWindow clientId={clientId} mailbox={row} usual={usual} {...acts} />}
      />
      {opened && <MessagesDrawer clientId={clientId} mailbox={opened} onClose={() => setOpened(null)} />}
    </>
  );
}
