import { ActionIcon, Button, Text, Tooltip } from '@mantine/core';
import { IconEdit, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { deleteRoute, listRoutes } from '../api/generated/ats';
import type { Route } from '../api/types';
import { ConfirmDelete } from '../form/ConfirmDelete';
import { isSystem } from '../session/rights';
import { useMe } from '../session/session';
import { EntityTable, type Column } from '../table/EntityTable';
import { RouteWindow } from './RouteWindow';

/** «Маршруты»: which trunk takes a call to the city; the longest prefix wins. */
export function RoutesTab() {
  const { t } = useTranslation();
  const me = useMe();
  const cache = useQueryClient();
  const [edited, setEdited] = useState<Route | 'new' | null>(null);
  const [doomed, setDoomed] = useState<Route | null>(null);
  const mayChange = isSystem(me);
  const refresh = () => void cache.invalidateQueries({ queryKey: ['routes'] });
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
    <>
      <EntityTable
        id="routes"
        label={t('system.routes')}
        queryKey={['routes']}
        load={(query) => listRoutes(query)}
        columns={columns}
        defaultSort="prefix"
        empty={t('routes.empty')}
        toolbar={
          mayChange && (
            <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited('new')}>
              {t('action.create')}
            </Button>
          )
        }
        {...(mayChange
          ? {
              onOpen: setEdited,
              actions: (row: Route) => (
                <>
                  <Tooltip label={t('action.edit')}>
                    <ActionIcon
                      variant="subtle"
                      aria-label={t('aria.edit', { name: named(row) })}
                      onClick={() => setEdited(row)}
                    >
                      <IconEdit size={18} />
                    </ActionIcon>
                  </Tooltip>
                  <Tooltip label={t('action.delete')}>
                    <ActionIcon
                      variant="subtle"
                      color="red"
                      aria-label={t('aria.delete', { name: named(row) })}
                      onClick={() => setDoomed(row)}
                    >
                      <IconTrash size={18} />
                    </ActionIcon>
                  </Tooltip>
                </>
              ),
            }
          : {})}
      />
      {edited !== null && (
        <RouteWindow
          route={edited === 'new' ? null : edited}
          onClose={() => setEdited(null)}
          onDone={() => {
            setEdited(null);
            refresh();
          }}
        />
      )}
      {doomed && (
        <ConfirmDelete
          name={named(doomed)}
          remove={() => deleteRoute(doomed.id)}
          onClose={() => setDoomed(null)}
          onDone={() => {
            setDoomed(null);
            refresh();
          }}
        />
      )}
    </>
  );
}
