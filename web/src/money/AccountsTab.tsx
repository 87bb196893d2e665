import { ActionIcon, Badge, Button, Text, Tooltip } from '@mantine/core';
import { IconCash, IconDownload, IconHistory } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { deleteAccount, listAccounts } from '../api/generated/ats';
import type { AccountOut } from '../api/generated/model';
import { money } from '../format/money';
import { ResourceTable } from '../resource/ResourcePage';
import { ofOperator } from '../session/rights';
import { useMe } from '../session/session';
import { StatementWindow } from './StatementWindow';
import type { Column } from '../table/EntityTable';
import { AccountDrawer } from './AccountDrawer';
import { AccountWindow } from './AccountWindow';
import { PaymentWindow } from './PaymentWindow';

/** «Счета»: billing accounts, what they have and what may still be spent. */
export function AccountsTab() {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const cache = useQueryClient();
  const [paid, setPaid] = useState<AccountOut | null>(null);
  const [stated, setStated] = useState<AccountOut | 'all' | null>(null);
  const [opened, setOpened] = useState<AccountOut | null>(null);
  const mayChange = ofOperator(me, 'change_clients');
  const amount = (value: number, row: AccountOut) => (
    <span className="digits">{money(value, row.currency, i18n.language)}</span>
  );
  const columns: Column<AccountOut>[] = [
    {
      key: 'code',
      title: t('accounts.code'),
      sort: 'code',
      render: (row) => (
        <Text size="sm" fw={600}>
          {row.code} {!row.is_active && <Badge color="gray">{t('accounts.off')}</Badge>}
        </Text>
      ),
    },
    { key: 'name', title: t('field.name'), sort: 'name', render: (row) => row.name },
    { key: 'kind', title: t('accounts.kind'), sort: 'kind', spare: true, render: (row) => t(`accounts.${row.kind}`) },
    { key: 'tariff', title: t('accounts.tariff'), render: (row) => row.tariff_name },
    {
      key: 'balance',
      title: t('accounts.balance'),
      sort: 'balance',
      align: 'right',
      render: (row) => amount(row.balance, row),
    },
    { key: 'spent', title: t('accounts.spentToday'), align: 'right', render: (row) => amount(row.spent_today, row) },
    {
      key: 'reserved',
      title: t('accounts.reserved'),
      sort: 'reserved',
      spare: true,
      align: 'right',
      render: (row) => amount(row.reserved, row),
    },
    { key: 'left', title: t('accounts.left'), align: 'right', render: (row) => amount(row.left, row) },
  ];
  const pay = { label: t('accounts.pay'), icon: <IconCash size={16} />, onClick: setPaid };
  const look = { label: t('accounts.history'), icon: <IconHistory size={16} />, onClick: setOpened };
  const file = { label: t('statement.button'), icon: <IconDownload size={16} />, onClick: setStated };
  const offered = mayChange ? [file, look, pay] : [file, look];
  return (
    <>
      <ResourceTable
        id="accounts"
        title={t('accounts.tab')}
        empty={t('accounts.empty')}
        queryKey={['accounts']}
        load={(query) => listAccounts(query)}
        columns={columns}
        defaultSort="code"
        mayChange={mayChange}
        nameOf={(row) => row.code}
        remove={(row) => deleteAccount(row.id)}
        removeHint={t('accounts.removeHint')}
        {...(mayChange ? {} : { onOpen: setOpened })}
        further={(row) => offered.map((one) => ({ ...one, onClick: () => one.onClick(row) }))}
        buttons={(row) =>
          offered.map(({ label, icon, onClick }) => (
            <Tooltip key={label} label={label}>
              <ActionIcon variant="subtle" aria-label={`${label}: ${row.code}`} onClick={() => onClick(row)}>
                {icon}
              </ActionIcon>
            </Tooltip>
          ))
        }
        toolbar={
          <Button variant="default" leftSection={<IconDownload size={16} />} onClick={() => setStated('all')}>
            {t('statement.button')}
          </Button>
        }
        window={(row, acts) => <AccountWindow account={row} {...acts} />}
      />
      {paid && (
        <PaymentWindow
          account={paid}
          onClose={() => setPaid(null)}
          onDone={() => {
            setPaid(null);
            void cache.invalidateQueries({ queryKey: ['accounts'] });
          }}
        />
      )}
      {stated !== null && (
        <StatementWindow account={stated === 'all' ? null : stated} onClose={() => setStated(null)} />
      )}
      {opened && <AccountDrawer account={opened} onClose={() => setOpened(null)} />}
    </>
  );
}
