import { Drawer, Tabs } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { listCharges, listLedger } from '../api/generated/ats';
import type { AccountOut, ChargeOut, EntryOut } from '../api/generated/model';
import { money } from '../format/money';
import { shownNumber } from '../format/number';
import { duration } from '../format/time';
import { useTimes } from '../format/useTimes';
import { EntityTable, type Column } from '../table/EntityTable';

interface Props {
  account: AccountOut;
  onClose: () => void;
}

/** What came to an account and what calls took from it, the newest first. */
export function AccountDrawer({ account, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const times = useTimes();
  const amount = (value: number) => <span className="digits">{money(value, account.currency, i18n.language)}</span>;
  const at = (moment: string) => <span className="digits">{times.dateTime(moment)}</span>;

  const entries: Column<EntryOut>[] = [
    { key: 'at', title: t('accounts.when'), sort: 'at', render: (row) => at(row.at) },
    { key: 'kind', title: t('accounts.entryKind'), sort: 'kind', render: (row) => t(`accounts.${row.kind}`) },
    { key: 'amount', title: t('accounts.sum'), sort: 'amount', align: 'right', render: (row) => amount(row.amount) },
    { key: 'balance', title: t('accounts.balance'), align: 'right', render: (row) => amount(row.balance) },
    { key: 'note', title: t('accounts.note'), render: (row) => row.note },
    { key: 'actor', title: t('accounts.who'), render: (row) => row.actor_login },
  ];
  const charges: Column<ChargeOut>[] = [
    { key: 'asked_at', title: t('accounts.when'), sort: 'asked_at', render: (row) => at(row.asked_at) },
    { key: 'digits', title: t('calls.called'), render: (row) => <span className="digits">{shownNumber(row.digits)}</span> },
    {
      key: 'direction',
      title: t('calls.direction'),
      sort: 'direction',
      render: (row) => t(`destination.${row.direction}`),
    },
    {
      key: 'talk',
      title: t('calls.talk'),
      align: 'right',
      render: (row) => <span className="digits">{row.talk_s === null ? '—' : duration(row.talk_s * 1000)}</span>,
    },
    { key: 'cost', title: t('accounts.sum'), sort: 'cost', align: 'right', render: (row) => amount(row.cost) },
    {
      key: 'uncovered',
      title: t('accounts.uncovered'),
      align: 'right',
      hidden: true,
      render: (row) => amount(row.uncovered),
    },
  ];
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="xl"
      title={t('accounts.historyOf', { name: account.code })}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <Tabs defaultValue="ledger" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="ledger">{t('accounts.ledger')}</Tabs.Tab>
          <Tabs.Tab value="charges">{t('accounts.charges')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="ledger">
          <EntityTable
            id="ledger"
            label={t('accounts.ledger')}
            queryKey={['accounts', account.id, 'ledger']}
            load={(query) => listLedger(account.id, query)}
            columns={entries}
            defaultSort="-at"
            empty={t('accounts.noEntries')}
          />
        </Tabs.Panel>
        <Tabs.Panel value="charges">
          <EntityTable
            id="charges"
            label={t('accounts.charges')}
            queryKey={['accounts', account.id, 'charges']}
            load={(query) => listCharges(account.id, query)}
            columns={charges}
            defaultSort="-asked_at"
            empty={t('accounts.noCharges')}
          />
        </Tabs.Panel>
      </Tabs>
    </Drawer>
  );
}
