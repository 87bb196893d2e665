import { Badge, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { deleteWebhook, listWebhooks } from '../api/generated/ats';
import type { WebhookOut } from '../api/generated/model';
import { OnceShown } from '../form/OnceShown';
import { useTimes } from '../format/useTimes';
import { ResourcePage } from '../resource/ResourcePage';
import { may } from '../session/rights';
import { useMe } from '../session/session';
import { useClientId } from '../shell/clientScope';
import type { Column } from '../table/EntityTable';
import { WebhookWindow } from './WebhookWindow';

/** Deliveries are tried each second; so often the table looks. */
const LOOK_MS = 5000;

/** «Веб-хуки» (S5): whom the exchange tells of finished calls and of money, and how the telling goes. */
export function WebhooksPage() {
  const { t } = useTranslation();
  const clientId = useClientId();
  const times = useTimes();
  const [secret, setSecret] = useState<string | null>(null);
  const columns: Column<WebhookOut>[] = [
    {
      key: 'name',
      title: t('field.name'),
      sort: 'name',
      render: (row) => (
        <>
          {row.name}{' '}
          {!row.is_active && (
            <Badge size="xs" color="gray">
              {t('table.off')}
            </Badge>
          )}
        </>
      ),
    },
    {
      key: 'url',
      title: t('webhooks.url'),
      sort: 'url',
      render: (row) => <span style={{ overflowWrap: 'anywhere' }}>{row.url}</span>,
    },
    {
      key: 'events',
      title: t('webhooks.events'),
      render: (row) => (
        <Group gap={4}>
          {row.events.map((event) => (
            <Badge key={event} variant="light" tt="none">
              {t(`webhooks.${event}`)}
            </Badge>
          ))}
        </Group>
      ),
    },
    {
      key: 'delivered',
      title: t('webhooks.delivered'),
      render: (row) => <span className="digits">{times.dateTime(row.delivered_at) || '—'}</span>,
    },
    {
      key: 'state',
      title: t('table.state'),
      render: (row) =>
        row.failures === 0 ? (
          t(row.delivered_at === null ? 'webhooks.waiting' : 'webhooks.fine')
        ) : (
          <>
            <Badge color="red" variant="light" tt="none">
              {t('webhooks.failures', { count: row.failures })}
            </Badge>
            <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
              {row.error}
            </Text>
          </>
        ),
    },
    {
      key: 'created',
      title: t('field.created'),
      sort: 'created_at',
      hidden: true,
      render: (row) => <span className="digits">{times.dateTime(row.created_at)}</span>,
    },
  ];
  return (
    <ResourcePage
      id="webhooks"
      title={t('menu.webhooks')}
      hint={t('webhooks.hint')}
      empty={t('webhooks.empty')}
      queryKey={['webhooks', clientId]}
      load={(query) => listWebhooks(clientId, query)}
      columns={columns}
      defaultSort="name"
      refetchInterval={LOOK_MS}
      mayChange={may(useMe(), 'webhooks', clientId)}
      nameOf={(row) => row.name}
      remove={(row) => deleteWebhook(clientId, row.id)}
      toolbar={
        secret !== null && (
          <OnceShown title={t('webhooks.secret')} value={secret} onClose={() => setSecret(null)} />
        )
      }
      window={(row, { onClose, onDone }) => (
        <WebhookWindow
          clientId={clientId}
          webhook={row}
          onClose={onClose}
          onDone={(made) => {
            if (made !== null) setSecret(made);
            onDone();
          }}
        />
      )}
    />
  );
}
