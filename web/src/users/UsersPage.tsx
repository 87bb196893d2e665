import { ActionIcon, Badge, Button, Tooltip } from '@mantine/core';
import { IconEdit, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { bulkUsers, deleteUser, getListUsersUrl, listUsers } from '../api/generated/ats';
import type { BulkIn } from '../api/generated/model';
import { useMeta } from '../api/meta';
import type { User } from '../api/types';
import { ConfirmDelete } from '../form/ConfirmDelete';
import { useTimes } from '../format/useTimes';
import { may } from '../session/rights';
import { useMe } from '../session/session';
import { useClientId } from '../shell/clientScope';
import { PageTitle } from '../shell/PageTitle';
import type { BulkAction } from '../table/BulkBar';
import { EntityTable, type Column, type RowAction } from '../table/EntityTable';
import { activeFilter } from '../table/filters';
import { UserWindow } from './UserWindow';

/** «Пользователи» (S26): accounts of one client. */
export function UsersPage() {
  const { t } = useTranslation();
  const me = useMe();
  const clientId = useClientId();
  const cache = useQueryClient();
  const times = useTimes();
  const { roles, languages } = useMeta();
  const [edited, setEdited] = useState<User | 'new' | null>(null);
  const [doomed, setDoomed] = useState<User | null>(null);
  const key = ['users', clientId];
  const refresh = () => void cache.invalidateQueries({ queryKey: key });

  const roleOf = (user: User) =>
    roles.find(
      (role) => role.rights.length === user.rights.length && role.rights.every((code) => user.rights.includes(code)),
    )?.name ?? t('users.ownRights', { count: user.rights.length });

  const columns: Column<User>[] = [
    {
      key: 'login',
      title: t('users.login'),
      sort: 'login',
      render: (row) => (
        <>
          {row.login}{' '}
          {!row.is_active && (
            <Badge size="xs" color="gray">
              {t('users.blocked')}
            </Badge>
          )}
        </>
      ),
    },
    { key: 'name', title: t('users.fullName'), sort: 'name', render: (row) => row.name },
    { key: 'role', title: t('users.rights'), render: roleOf },
    { key: 'email', title: t('field.email'), sort: 'email', render: (row) => row.email },
    {
      key: 'language',
      title: t('field.language'),
      hidden: true,
      render: (row) => languages.find((item) => item.code === row.language)?.name ?? row.language,
    },
    { key: 'zone', title: t('field.zone'), hidden: true, render: (row) => row.time_zone },
    {
      key: 'active',
      title: t('table.state'),
      hidden: true,
      filter: activeFilter(t),
      render: (row) => t(row.is_active ? 'table.on' : 'table.off'),
    },
    { key: 'billing', title: t('field.billing'), hidden: true, render: (row) => row.billing_account },
    {
      key: 'created',
      title: t('field.created'),
      sort: 'created_at',
      render: (row) => <span className="digits">{times.dateTime(row.created_at)}</span>,
    },
  ];

  const mayChange = may(me, 'users_change', clientId);
  const mayDelete = may(me, 'users_delete', clientId);
  const menu = (row: User): RowAction[] => [
    ...(mayChange
      ? [{ label: t('action.edit'), icon: <IconEdit size={16} />, onClick: () => setEdited(row) }]
      : []),
    ...(mayDelete && row.id !== me.id
      ? [{ label: t('action.delete'), icon: <IconTrash size={16} />, color: 'red', onClick: () => setDoomed(row) }]
      : []),
  ];
  const together: BulkAction[] = [
    ...(mayChange ? (['activate', 'deactivate'] as const) : []),
    ...(mayDelete ? (['delete'] as const) : []),
  ];
  return (
    <>
      <PageTitle title={t('menu.users')} hint={t('users.hint')} />
      <EntityTable
        id="users"
        label={t('menu.users')}
        queryKey={key}
        load={(query) => listUsers(clientId, query)}
        exportUrl={(query) => getListUsersUrl(clientId, query)}
        columns={columns}
        menu={menu}
        {...(together.length > 0
          ? {
              bulk: {
                actions: together,
                nameOf: (row: User) => row.login,
                run: (body: BulkIn) => bulkUsers(clientId, body),
                onDone: refresh,
              },
            }
          : {})}
        defaultSort="login"
        empty={t('users.empty')}
        {...(mayChange ? { onOpen: setEdited } : {})}
        toolbar={
          may(me, 'users_add', clientId) && (
            <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited('new')}>
              {t('action.create')}
            </Button>
          )
        }
        actions={(row) => (
          <>
            {mayChange && (
              <Tooltip label={t('action.edit')}>
                <ActionIcon
                  variant="subtle"
                  aria-label={t('aria.edit', { name: row.login })}
                  onClick={() => setEdited(row)}
                >
                  <IconEdit size={18} />
                </ActionIcon>
              </Tooltip>
            )}
            {mayDelete && row.id !== me.id && (
              <Tooltip label={t('action.delete')}>
                <ActionIcon
                  variant="subtle"
                  color="red"
                  aria-label={t('aria.delete', { name: row.login })}
                  onClick={() => setDoomed(row)}
                >
                  <IconTrash size={18} />
                </ActionIcon>
              </Tooltip>
            )}
          </>
        )}
      />
      {edited !== null && (
        <UserWindow
          clientId={clientId}
          user={edited === 'new' ? null : edited}
          onClose={() => setEdited(null)}
          onDone={() => {
            setEdited(null);
            refresh();
          }}
        />
      )}
      {doomed && (
        <ConfirmDelete
          name={doomed.login}
          remove={() => deleteUser(clientId, doomed.id)}
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
