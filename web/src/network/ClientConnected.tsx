import { useTranslation } from 'react-i18next';

import { getListRegistrationsUrl, listRegistrations } from '../api/generated/ats';
import { useTimes } from '../format/useTimes';
import { PageTitle } from '../shell/PageTitle';
import { EntityTable } from '../table/EntityTable';
import { connectedColumns } from './columns';

/** Devices and trunks of one client. */
export function ClientConnected({ clientId }: { clientId: number }) {
  const { t } = useTranslation();
  const times = useTimes();
  return (
    <>
      <PageTitle title={t('menu.network')} hint={t('network.hint')} />
      <EntityTable
        id="network-of-client"
        label={t('menu.network')}
        queryKey={['network', clientId]}
        load={(query) => listRegistrations(clientId, query)}
        exportUrl={(query) => getListRegistrationsUrl(clientId, query)}
        columns={connectedColumns(t, times)}
        defaultSort="port"
        refetchInterval={5000}
        empty={t('network.none')}
      />
    </>
  );
}
