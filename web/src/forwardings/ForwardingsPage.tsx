import { useTranslation } from 'react-i18next';

import { deleteForwarding, getListForwardingsUrl, listForwardings } from '../api/generated/ats';
import type { ForwardingOut } from '../api/generated/model';
import { shownNumber } from '../format/number';
import { ResourcePage } from '../resource/ResourcePage';
import { may } from '../session/rights';
import { useMe } from '../session/session';
import { useClientId } from '../shell/clientScope';
import type { Column } from '../table/EntityTable';
import { ForwardingWindow } from './ForwardingWindow';

/** «Сервисы → Номера переадресации» (S129-S147). */
export function ForwardingsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const clientId = useClientId();
  const columns: Column<ForwardingOut>[] = [
    { key: 'name', title: t('field.name'), sort: 'name', render: (row) => row.name },
    {
      key: 'digits',
      title: t('forwardings.number'),
      sort: 'digits',
      render: (row) => <span className="digits">{shownNumber(row.display)}</span>,
    },
    { key: 'description', title: t('field.description'), render: (row) => row.description },
  ];
  return (
    <ResourcePage
      id="forwardings"
      title={t('menu.forwardings')}
      hint={t('forwardings.hint')}
      empty={t('forwardings.empty')}
      queryKey={['forwardings', clientId]}
      load={(query) => listForwardings(clientId, query)}
      exportUrl={(query) => getListForwardingsUrl(clientId, query)}
      columns={columns}
      defaultSort="name"
      mayChange={may(me, 'dialplan_change', clientId)}
      nameOf={(row) => row.name}
      remove={(row) => deleteForwarding(clientId, row.id)}
      window={(row, acts) => <ForwardingWindow clientId={clientId} forwarding={row} {...acts} />}
    />
  );
}
