import { useTranslation } from 'react-i18next';

import { deleteConference, getListConferencesUrl, listConferences } from '../api/generated/ats';
import type { ConferenceOut } from '../api/generated/model';
import { ResourcePage } from '../resource/ResourcePage';
import { may } from '../session/rights';
import { useMe } from '../session/session';
import { useClientId } from '../shell/clientScope';
import type { Column } from '../table/EntityTable';
import { ConferenceWindow } from './ConferenceWindow';

/** «Сервисы → Конференции»: rooms where everybody hears everybody. */
export function ConferencesPage() {
  const { t } = useTranslation();
  const me = useMe();
  const clientId = useClientId();
  const columns: Column<ConferenceOut>[] = [
    { key: 'name', title: t('field.name'), sort: 'name', render: (row) => row.name },
    { key: 'pin', title: 'PIN', render: (row) => t(row.pin ? 'resource.yes' : 'resource.no') },
    {
      key: 'most',
      title: t('conferences.most'),
      sort: 'max_members',
      align: 'right',
      render: (row) => <span className="digits">{row.max_members || t('limit.none')}</span>,
    },
    {
      key: 'record',
      title: t('extra.record'),
      sort: 'record',
      render: (row) => t(row.record ? 'resource.yes' : 'resource.no'),
    },
    { key: 'description', title: t('field.description'), render: (row) => row.description },
  ];
  return (
    <ResourcePage
      id="conferences"
      title={t('menu.conferences')}
      hint={t('conferences.hint')}
      empty={t('conferences.empty')}
      queryKey={['conferences', clientId]}
      load={(query) => listConferences(clientId, query)}
      exportUrl={(query) => getListConferencesUrl(clientId, query)}
      columns={columns}
      defaultSort="name"
      mayChange={may(me, 'dialplan_change', clientId)}
      nameOf={(row) => row.name}
      remove={(row) => deleteConference(clientId, row.id)}
      window={(row, acts) => <ConferenceWindow clientId={clientId} conference={row} {...acts} />}
    />
  );
}
