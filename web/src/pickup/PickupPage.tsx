import { Code } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { deletePickupGroup, getCodes, getListPickupGroupsUrl, listPickupGroups } from '../api/generated/ats';
import type { PickupGroupOut } from '../api/generated/model';
import { ResourcePage } from '../resource/ResourcePage';
import { may } from '../session/rights';
import { useMe } from '../session/session';
import { useClientId } from '../shell/clientScope';
import type { Column } from '../table/EntityTable';
import { PickupWindow } from './PickupWindow';

/** «Группы перехвата» (S176-S182). */
export function PickupPage() {
  const { t } = useTranslation();
  const me = useMe();
  const clientId = useClientId();
  const { data: codes } = useQuery({ queryKey: ['codes'], queryFn: () => getCodes(), staleTime: 300_000 });
  const code = codes?.items.find(({ feature }) => feature === 'pickup')?.digits;
  const titles = (things: { title: string }[]) => things.map(({ title }) => title).join(', ') || '—';
  const columns: Column<PickupGroupOut>[] = [
    {
      key: 'group',
      title: t('pickup.group'),
      sort: 'group',
      render: (row) => <b className="digits">{row.group}</b>,
    },
    { key: 'name', title: t('field.description'), sort: 'name', render: (row) => row.name },
    { key: 'ports', title: t('menu.ports'), render: (row) => titles(row.ports) },
    { key: 'queues', title: t('pickup.queues'), render: (row) => titles(row.queues) },
  ];
  return (
    <ResourcePage
      id="pickup"
      title={t('menu.pickup')}
      hint={t('pickup.hint')}
      empty={t('pickup.empty')}
      queryKey={['pickup', clientId]}
      load={(query) => listPickupGroups(clientId, query)}
      exportUrl={(query) => getListPickupGroupsUrl(clientId, query)}
      columns={columns}
      defaultSort="group"
      mayChange={may(me, 'dialplan_change', clientId)}
      nameOf={(row) => row.name}
      remove={(row) => deletePickupGroup(clientId, row.id)}
      window={(row, acts) => <PickupWindow clientId={clientId} group={row} {...acts} />}
      toolbar={
        code && (
          <span>
            {t('pickup.code')} <Code>{code}</Code>
          </span>
        )
      }
    />
  );
}
