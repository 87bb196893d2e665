import { useTranslation } from 'react-i18next';

import { deleteQueue, getListQueuesUrl, listQueues } from '../api/generated/ats';
import type { QueueOut } from '../api/generated/model';
import { ResourcePage } from '../resource/ResourcePage';
import { may } from '../session/rights';
import { useMe } from '../session/session';
import { useClientId } from '../shell/clientScope';
import type { Column } from '../table/EntityTable';
import { QueueWindow } from './QueueWindow';

/** «Сервисы → Очереди обработки вызовов» (S115-S128). */
export function QueuesPage() {
  const { t } = useTranslation();
  const me = useMe();
  const clientId = useClientId();
  const columns: Column<QueueOut>[] = [
    { key: 'name', title: t('field.name'), sort: 'name', render: (row) => row.name },
    {
      key: 'strategy',
      title: t('queues.strategy'),
      sort: 'strategy',
      render: (row) => t(`strategy.${row.strategy}`),
    },
    {
      key: 'agents',
      title: t('queues.agents'),
      render: (row) => row.agents.map(({ title }) => title).join(', ') || t('queues.nobody'),
    },
    { key: 'pickup', title: t('queues.pickup'), render: (row) => row.pickup_group_name || '—' },
    { key: 'description', title: t('field.description'), hidden: true, render: (row) => row.description },
  ];
  return (
    <ResourcePage
      id="queues"
      title={t('menu.queues')}
      hint={t('queues.hint')}
      empty={t('queues.empty')}
      queryKey={['queues', clientId]}
      load={(query) => listQueues(clientId, query)}
      exportUrl={(query) => getListQueuesUrl(clientId, query)}
      columns={columns}
      defaultSort="name"
      mayChange={may(me, 'dialplan_change', clientId)}
      nameOf={(row) => row.name}
      remove={(row) => deleteQueue(clientId, row.id)}
      window={(row, acts) => <QueueWindow clientId={clientId} queue={row} {...acts} />}
    />
  );
}
