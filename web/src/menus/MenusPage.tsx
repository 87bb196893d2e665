import { Badge, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { deleteMenu, getListMenusUrl, listMenus } from '../api/generated/ats';
import type { MenuOut } from '../api/generated/model';
import { ResourcePage } from '../resource/ResourcePage';
import { may } from '../session/rights';
import { useMe } from '../session/session';
import { useClientId } from '../shell/clientScope';
import type { Column } from '../table/EntityTable';
import { MenuWindow } from './MenuWindow';

/** «Сервисы → Голосовые меню» (S148-S159). */
export function MenusPage() {
  const { t } = useTranslation();
  const me = useMe();
  const clientId = useClientId();
  const columns: Column<MenuOut>[] = [
    { key: 'name', title: t('field.name'), sort: 'name', render: (row) => row.name },
    { key: 'announcement', title: t('menus.announcement'), render: (row) => row.announcement_name || '—' },
    {
      key: 'keys',
      title: t('menus.keysTab'),
      render: (row) => (
        <Group gap={4}>
          {row.keys.map(({ key, number_digits }) => (
            <Badge key={key} variant="light" tt="none" className="digits">
              {key} → {number_digits}
            </Badge>
          ))}
        </Group>
      ),
    },
    {
      key: 'wait',
      title: t('menus.wait'),
      sort: 'wait_s',
      align: 'right',
      render: (row) => <span className="digits">{t('dialplan.seconds', { count: row.wait_s })}</span>,
    },
    {
      key: 'extension',
      title: t('menus.extension'),
      render: (row) => t(row.extension_dial ? 'resource.yes' : 'resource.no'),
    },
    { key: 'description', title: t('field.description'), hidden: true, render: (row) => row.description },
  ];
  return (
    <ResourcePage
      id="menus"
      title={t('menu.menus')}
      hint={t('menus.hint')}
      empty={t('menus.empty')}
      queryKey={['menus', clientId]}
      load={(query) => listMenus(clientId, query)}
      exportUrl={(query) => getListMenusUrl(clientId, query)}
      columns={columns}
      defaultSort="name"
      mayChange={may(me, 'dialplan_change', clientId)}
      nameOf={(row) => row.name}
      remove={(row) => deleteMenu(clientId, row.id)}
      window={(row, acts) => <MenuWindow clientId={clientId} menu={row} {...acts} />}
    />
  );
}
