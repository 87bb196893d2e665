import { Badge, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { getListCalledUrl, listCalled } from '../api/generated/ats';
import type { CalledOut } from '../api/generated/model';
import { duration } from '../format/time';
import { useTimes } from '../format/useTimes';
import { EntityTable, type Column } from '../table/EntityTable';

const LOOK_MS = 3000;
const STATES = ['waiting', 'calling', 'answered', 'busy', 'no_answer', 'failed'] as const;
const COLOR: Partial<Record<CalledOut['state'], string>> = { calling: 'yellow', answered: 'green', failed: 'red' };

/** Whom a campaign calls, and what became of it. */
export function CalledTab({ clientId, campaignId }: { clientId: number; campaignId: number }) {
  const { t } = useTranslation();
  const times = useTimes();
  const columns: Column<CalledOut>[] = [
    { key: 'name', title: t('field.name'), sort: 'name', render: (row) => row.name },
    {
      key: 'display',
      title: t('campaigns.telephone'),
      sort: 'display',
      render: (row) => <span className="digits">{row.display}</span>,
    },
    {
      key: 'state',
      title: t('campaigns.result'),
      filter: {
        param: 'state',
        options: STATES.map((state) => ({ value: state, label: t(`campaigns.state.${state}`) })),
      },
      render: (row) => (
        <>
          <Badge color={COLOR[row.state] ?? 'gray'} variant="light" tt="none">
            {t(`campaigns.state.${row.state}`)}
          </Badge>
          {row.error && (
            <Text size="xs" c="dimmed">
              {row.error}
            </Text>
          )}
        </>
      ),
    },
    {
      key: 'called_at',
      title: t('campaigns.calledAt'),
      sort: 'called_at',
      render: (row) => <span className="digits">{times.dateTime(row.called_at) || '—'}</span>,
    },
    {
      key: 'talk',
      title: t('calls.talk'),
      render: (row) => <span className="digits">{row.talk_ms > 0 ? duration(row.talk_ms) : '—'}</span>,
    },
  ];
  return (
    <EntityTable
      id="called"
      label={t('campaigns.calledTab')}
      queryKey={['campaigns', clientId, campaignId, 'called']}
      load={(query) => listCalled(clientId, campaignId, query)}
      exportUrl={(query) => getListCalledUrl(clientId, campaignId, query)}
      columns={columns}
      empty={t('campaigns.nobody')}
      refetchInterval={LOOK_MS}
    />
  );
}
