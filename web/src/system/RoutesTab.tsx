import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { deleteRoute, listRoutes } from '../api/generated/ats';
import type { Route } from '../api/types';
import { ResourceTable } from '../resource/ResourcePage';
import { isSystem } from '../session/rights';
import { useMe } from '../session/session';
import type { Column } from '../table/EntityTable';
import { RouteWindow } from './RouteWindow';

/** «Маршруты»: which trunk takes a call to the city; the longest prefix wins. */
export function RoutesTab() {
  const { t } = useTranslation();
  const me = useMe();
  const mayChange = isSystem(me);
  const named = (route: Route) => (route.prefix ? `+${route.prefix}…` : t('routes.everything'));

  const columns: Column<Route>[] = [
    {
      key: 'prefix',
      title: t('routes.prefix'),
      sort: 'prefix',
      render: (row) => (
        <Text size="sm" fw={600} className="digits">
          {named(row)}
        </Text>
      ),
    },
    {
      key: 'trunks',
      title: t('routes.trunks'),
      render: (row) => row.trunks.map((trunk) => trunk.title).join(' → '),
    },
    { key: 'description', title: t('field.description'), sort: 'description', render: (row) => row.description },
  ];

  return (
    <ResourceTable
      id="routes"
      title={t('system.routes')}
      empty={t('routes.empty')}
      queryKey={['routes']}
      load={(query) => listRoutes(query)}
      columns={columns}
      defaultSort="prefix"
      mayChange={mayChange}
      nameOf={named}
      remove={(row) => deleteRoute(row.id)}
      window={(row, acts) => <RouteWindow route={row} {...acts} />}
      {...(mayChange ? {} : { onOpen: null })}
    />
  );
}
