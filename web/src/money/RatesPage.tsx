import { Anchor, Button, Text } from '@mantine/core';
import { IconArrowLeft, IconFileImport } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';

import { deleteRate, listRates, listTariffs } from '../api/generated/ats';
import type { RateOut, TariffOut } from '../api/generated/model';
import { money } from '../format/money';
import { clock, DAY_MINUTES, dayOf } from '../format/time';
import { Loaded } from '../resource/Loaded';
import { ResourceTable } from '../resource/ResourcePage';
import { ofOperator } from '../session/rights';
import { useMe } from '../session/session';
import { Failure } from '../shell/Failure';
import { PageTitle } from '../shell/PageTitle';
import type { Column } from '../table/EntityTable';
import { daysOf } from './days';
import { ImportRatesWindow } from './ImportRatesWindow';
import { RateWindow } from './RateWindow';

/** The prices of one tariff. */
export function RatesPage() {
  const tariffId = Number(useParams().tariffId);
  const query = useQuery({ queryKey: ['tariffs', 'choices'], queryFn: () => listTariffs({ page_size: 500 }) });
  return (
    <Loaded query={query} height={320}>
      {({ items }) => {
        const tariff = items.find(({ id }) => id === tariffId);
        return tariff ? <Rates tariff={tariff} /> : <Failure />;
      }}
    </Loaded>
  );
}

function Rates({ tariff }: { tariff: TariffOut }) {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const cache = useQueryClient();
  const [importing, setImporting] = useState(false);
  const mayChange = ofOperator(me, 'change_clients');
  const amount = (value: number) => <span className="digits">{money(value, '', i18n.language)}</span>;
  const day = (moment: string | null) => (moment ? dayOf(new Date(moment), tariff.time_zone) : '…');
  const when = (row: RateOut) => {
    const days = daysOf(row.days);
    return [
      row.valid_from || row.valid_until ? `${day(row.valid_from)} – ${day(row.valid_until)}` : '',
      days.length < 7 ? days.map((one) => t(`day.${one}`)).join(', ') : '',
      row.time_from !== 0 || row.time_to !== DAY_MINUTES ? `${clock(row.time_from)}–${clock(row.time_to)}` : '',
    ]
      .filter((part) => part !== '')
      .join('; ');
  };
  const nameOf = (row: RateOut) => row.zone_name || (row.prefix ? `+${row.prefix}` : t('tariffs.anywhere'));
  const columns: Column<RateOut>[] = [
    {
      key: 'prefix',
      title: t('tariffs.where'),
      sort: 'prefix',
      render: (row) => (
        <Text size="sm" fw={600} className="digits">
          {nameOf(row)}
        </Text>
      ),
    },
    { key: 'title', title: t('tariffs.title'), sort: 'title', render: (row) => row.title },
    {
      key: 'price',
      title: t('tariffs.price', { currency: tariff.currency }),
      sort: 'price',
      align: 'right',
      render: (row) => amount(row.price),
    },
    { key: 'connection', title: t('tariffs.connection'), align: 'right', render: (row) => amount(row.connection_fee) },
    {
      key: 'attempt',
      title: t('tariffs.attempt'),
      align: 'right',
      hidden: true,
      render: (row) => amount(row.attempt_fee),
    },
    {
      key: 'steps',
      title: t('tariffs.steps'),
      render: (row) => <span className="digits">{`${row.free_s} / ${row.first_s} / ${row.next_s}`}</span>,
    },
    { key: 'when', title: t('tariffs.when'), render: (row) => <span className="digits">{when(row)}</span> },
  ];
  return (
    <>
      <Anchor component={Link} to="/system?tab=tariffs" size="sm">
        <IconArrowLeft size={14} /> {t('tariffs.tab')}
      </Anchor>
      <PageTitle title={t('tariffs.editTitle', { name: tariff.name })} hint={t('tariffs.ratesHint')} />
      <ResourceTable
        id="rates"
        title={t('tariffs.rates')}
        empty={t('tariffs.noRates')}
        queryKey={['rates', tariff.id]}
        load={(query) => listRates(tariff.id, query)}
        columns={columns}
        defaultSort="prefix"
        mayChange={mayChange}
        nameOf={nameOf}
        remove={(row) => deleteRate(tariff.id, row.id)}
        toolbar={
          mayChange && (
            <Button
              variant="default"
              leftSection={<IconFileImport size={16} />}
              onClick={() => setImporting(true)}
            >
              {t('classifiers.import')}
            </Button>
          )
        }
        window={(row, acts) => <RateWindow tariff={tariff} rate={row} readOnly={!mayChange} {...acts} />}
      />
      {importing && (
        <ImportRatesWindow
          tariffId={tariff.id}
          onClose={() => setImporting(false)}
          onDone={() => {
            setImporting(false);
            void cache.invalidateQueries({ queryKey: ['rates', tariff.id] });
          }}
        />
      )}
    </>
  );
}
