import { ActionIcon, Badge, Button, Group, Text, Tooltip } from '@mantine/core';
import { IconCash, IconDownload, IconEdit, IconPlus } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { listAccounts } from '../api/generated/ats';
import type { AccountOut } from '../api/generated/model';
import { money } from '../format/money';
import { ofOperator } from '../session/rights';
import { useMe } from '../session/session';
import { EntityTable, type Column } from '../table/EntityTable';
import { AccountWindow } from './AccountWindow';
import { PaymentWindow } from './PaymentWindow';
import { StatementWindow } from './StatementWindow';

/** «Счета»: billing accounts, what they have and what may still be spent. */
export function AccountsTab() {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const cache = useQueryClient();
  const [edited, setEdited] = useState<AccountOut | 'new' | null>(null);
  const [paid, setPaid] = useState<AccountOut | null>(null);
  const [stated, setStated] = useState<AccountOut | 'all' | null>(null);
  const mayChange = ofOperator(me, 'change_clients');
  const done = () => {
    setEdited(null);
    setPaid(null);
    void cache.invalidateQueries({ queryKey: ['accounts'] });
  };
  const amount = (value: number, row: AccountOut) => money(value, row.currency, i18n.language);
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
    { key: 'kind', title: t('accounts.kind'), sort: 'kind', render: (row) => t(`accounts.${row.kind}`) },
    { key: 'tariff', title: t('accounts.tariff'), render: (row) => row.tariff_name },
    { key: 'balance', title: t('accounts.balance'), sort: 'balance', render: (row) => amount(row.balance, row) },
    { key: 'spent', title: t('accounts.spentToday'), render: (row) => amount(row.spent_today, row) },
    { key: 'reserved', title: t('accounts.reserved'), sort: 'reserved', render: (row) => amount(row.reserved, row) },
    { key: 'left', title: t('accounts.left'), render: (row) => amount(row.left, row) },
  ];
  return (
    <>
      <EntityTable
        id="accounts"
        label={t('accounts.tab')}
        queryKey={['accounts']}
        load={(query) => listAccounts(query)}
        columns={columns}
        defaultSort="code"
        empty={t('accounts.empty')}
        toolbar={
          <Group gap="xs">
            <Button variant="default" leftSection={<IconDownload size={16} />} onClick={() => setStated('all')}>
              {t('statement.button')}
            </Button>
            {mayChange && (
              <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited('new')}>
                {t('action.create')}
              </Button>
            )}
          </Group>
        }
        {...(mayChange
          ? {
              onOpen: setEdited,
              actions: (row: AccountOut) => (
                <>
                  <Tooltip label={t('statement.button')}>
                    <ActionIcon
                      variant="subtle"
                      aria-label={t('statement.titleOf', { name: row.code })}
                      onClick={() => setStated(row)}
                    >
                      <IconDownload size={18} />
                    </ActionIcon>
                  </Tooltip>
                  <Tooltip label={t('accounts.pay')}>
                    <ActionIcon variant="subtle" aria-label={t('accounts.pay')} onClick={() => setPaid(row)}>
                      <IconCash size={18} />
                    </ActionIcon>
                  </Tooltip>
                  <Tooltip label={t('action.edit')}>
                    <ActionIcon
                      variant="subtle"
                      aria-label={t('aria.edit', { name: row.code })}
                      onClick={() => setEdited(row)}
                    >
                      <IconEdit size={18} />
                    </ActionIcon>
                  </Tooltip>
                </>
              ),
            }
          : {})}
      />
      {edited !== null && (
        <AccountWindow account={edited === 'new' ? null : edited} onClose={() => setEdited(null)} onDone={done} />
      )}
      {stated !== null && (
        <StatementWindow account={stated === 'all' ? null : stated} onClose={() => setStated(null)} />
      )}
      {paid && <PaymentWindow account={paid} onClose={() => setPaid(null)} onDone={done} />}
    </>
  );
}
