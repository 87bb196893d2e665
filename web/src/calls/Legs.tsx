import { useTranslation } from 'react-i18next';

import type { CallCard } from '../api/generated/model';
import { shownNumber } from '../format/number';
import { duration } from '../format/time';
import { useTimes } from '../format/useTimes';
import { PlainTable } from '../table/PlainTable';

/** A leg that the exchange itself made, to carry a call out: its name in the engine says nothing to people. */
const isOwn = (endpoint: string) => endpoint.includes('@');

/** Every telephone, line and service a call went through, one below another. */
export function Legs({ legs }: { legs: CallCard['legs'] }) {
  const { t } = useTranslation();
  const times = useTimes();
  const figures = (text: string | number) => <span className="digits">{text}</span>;
  return (
    <PlainTable
      label={t('calls.legs')}
      rows={legs}
      keyOf={(leg) => leg.seq}
      minWidth={420}
      columns={[
        { key: 'endpoint', title: t('calls.endpoint'), render: (leg) => (isOwn(leg.endpoint) ? t('calls.ofExchange') : leg.endpoint) },
        {
          key: 'number',
          title: t('numbers.number'),
          render: (leg) => (leg.number ? figures(shownNumber(leg.number)) : null),
        },
        { key: 'started', title: t('calls.started'), render: (leg) => figures(times.timeOfDay(leg.started_at)) },
        {
          key: 'talk',
          title: t('calls.talk'),
          align: 'right',
          render: (leg) =>
            figures(leg.answered_at ? duration(Date.parse(leg.ended_at) - Date.parse(leg.answered_at)) : '—'),
        },
        { key: 'cause', title: t('calls.cause'), align: 'right', render: (leg) => figures(leg.cause) },
      ]}
    />
  );
}
