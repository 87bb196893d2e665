import { Button } from '@mantine/core';
import { IconListNumbers } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';

import { deleteTariff, listTariffs } from '../api/generated/ats';
import type { TariffOut } from '../api/generated/model';
import { ResourceTable } from '../resource/ResourcePage';
import { ofOperator } from '../session/rights';
import { useMe } from '../session/session';
import type { Column } from '../table/EntityTable';
import { TariffWindow } from './TariffWindow';

/** «Тарифы»: price lists; a click opens the prices. */
export function TariffsTab() {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const count = (value: number) => <span className="digits">{value}</span>;
  const columns: Column<TariffOut>[] = [
    { key: 'name', title: t('field.name'), sort: 'name', render: (row) => row.name },
    { key: 'currency', title: t('tariffs.currency'), sort: 'currency', render: (row) => row.currency },
    { key: 'rates', title: t('tariffs.rates'), align: 'right', render: (row) => count(row.rates) },
    { key: 'accounts', title: t('accounts.tab'), align: 'right', render: (row) => count(row.accounts) },
    { key: 'zone', title: t('field.zone'), hidden: true, render: (row) => row.time_zone },
    { key: 'description', title: t('field.description'), render: (row) => row.description },
  ];
  return (
    <ResourceTable
      id="tariffs"
      title={t('tariffs.tab')}
      empty={t('tariffs.empty')}
      queryKey={['tariffs']}
      load={(query) => listTariffs(query)}
      columns={columns}
      defaultSort="name"
      mayChange={ofOperator(me, 'change_clients')}
      nameOf={(row) => row.name}
      remove={(row) => deleteTariff(row.id)}
      removeHint={t('tariffs.removeHint')}
      onOpen={(row) => void navigate(`/system/tariffs/${row.id}`)}
      further={(row) => [
        { label: t('tariffs.rates'), icon: <IconListNumbers size={16} />, to: `/system/tariffs/${row.id}` },
      ]}
      buttons={(row) => (
        <Button
          component={Link}
          to={`/system/tariffs/${row.id}`}
          size="compact-sm"
          variant="light"
          leftSection={<IconListNumbers size={16} />}
          aria-label={t('tariffs.ratesOf', { name: row.name })}
        >
          {t('tariffs.rates')}
        </Button>
      )}
      window={(row, acts) => <TariffWindow tariff={row} {...acts} />}
    />
  );
}
