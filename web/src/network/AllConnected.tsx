import { Anchor } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { getListConnectedUrl, listConnected } from '../api/generated/ats';
import type { ConnectedOut } from '../api/generated/model';
import { useTimes } from '../format/useTimes';
import { PageTitle } from '../shell/PageTitle';
import { EntityTable, type Column } from '../table/EntityTable';
import { connectedColumns } from './columns';

/** Devices and trunks of every client, for the operator. */
export function AllConnected() {
  const { t } = useTranslation();
  const times = useTimes();
  const columns: Column<ConnectedOut>[] = [
    {
      key: 'client',
      title: t('network.client'),
      sort: 'client_id',
      render: (row) => (
        <Anchor component={Link} to={`/c/${row.client_id}/network`} size="sm">
          {row.client_name || `№ ${row.client_id}`}
        </Anchor>
      ),
    },
    ...connectedColumns(t, times),
  ];
  return (
    <>
      <PageTitle title={t('menu.network')} hint={t('network.hint')} />
      <EntityTable
        id="network"
        label={t('menu.network')}
        queryKey={['network', 'all']}
        load={(query) => listConnected(query)}
        exportUrl={(query) => getListConnectedUrl(query)}
        columns={columns}
        defaultSort="-updated_at"
        refetchInterval={5000}
        empty={t('network.none')}
      />
    </>
  );
}
