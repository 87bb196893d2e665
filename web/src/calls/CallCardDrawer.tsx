import { Anchor, Drawer, Group, Skeleton, Stack, Text, Timeline, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { getCall } from '../api/generated/ats';
import { useMeta } from '../api/meta';
import type { PathItem } from '../api/types';
import { money } from '../format/money';
import { shownNumber, withShownNumbers } from '../format/number';
import { duration } from '../format/time';
import { useTimes } from '../format/useTimes';
import { Trouble } from '../shell/Trouble';
import { CallFiles } from './CallFiles';
import { Legs } from './Legs';
import { ResultBadge } from './columns';
import { PriceLines } from './PriceLines';

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Group justify="space-between" gap="md" wrap="nowrap" align="flex-start">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text size="sm" ta="right" className="digits" component="div">
        {children}
      </Text>
    </Group>
  );
}

/** The card of a call: who, when, its legs, and its way through the dialplan in words. */
export function CallCardDrawer({ clientId, callId, onClose }: { clientId: number; callId: number; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const times = useTimes();
  const { endings } = useMeta();
  const { data, error, refetch } = useQuery({
    queryKey: ['call', clientId, callId],
    queryFn: () => getCall(clientId, callId),
  });

  const cause = (code: number) => {
    const name = endings.find((item) => item.code === code)?.name;
    return name === undefined ? String(code) : `${code} — ${name}`;
  };

  const stage = (item: PathItem) =>
    item.number_id && item.number ? (
      <Anchor component={Link} to={`/c/${clientId}/numbers/${item.number_id}/dialplan`} size="sm">
        {withShownNumbers(item.text ?? '')}
      </Anchor>
    ) : (
      <Text size="sm">{withShownNumbers(item.text ?? '')}</Text>
    );

  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="lg"
      title={t('calls.cardTitle')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {error && <Trouble error={error} retry={refetch} />}
      {!data && !error && <Skeleton h={320} />}
      {data && (
        <Stack gap="lg">
          <Stack gap={6}>
            <Title order={2} size="h4" className="digits">
              {shownNumber(data.caller) || '—'} → {shownNumber(data.called) || '—'}
            </Title>
            <Group gap="xs">
              <ResultBadge result={data.result} t={t} />
              <Text size="sm" c="dimmed">
                {t(`direction.${data.direction}`)}
              </Text>
            </Group>
          </Stack>
          <Stack gap={6}>
            <Fact label={t('calls.started')}>{times.dateTime(data.started_at)}</Fact>
            {data.answered_at && <Fact label={t('calls.answered')}>{times.dateTime(data.answered_at)}</Fact>}
            <Fact label={t('calls.ended')}>{times.dateTime(data.ended_at)}</Fact>
            <Fact label={t('calls.ring')}>{duration(data.ring_ms)}</Fact>
            <Fact label={t('calls.talk')}>{duration(data.talk_ms)}</Fact>
            {data.caller_name && <Fact label={t('calls.callerName')}>{data.caller_name}</Fact>}
            {data.via && <Fact label={t('calls.via')}>{shownNumber(data.via)}</Fact>}
            {data.answered_by && <Fact label={t('calls.answeredBy')}>{shownNumber(data.answered_by)}</Fact>}
            {data.destination && <Fact label={t('calls.destination')}>{t(`destination.${data.destination}`)}</Fact>}
            {data.cost !== null && (
              <Fact label={t('calls.cost')}>{money(data.cost, data.currency, i18n.language)}</Fact>
            )}
            <Fact label={t('calls.cause')}>{cause(data.cause)}</Fact>
            {data.rated_outside && <Fact label={t('calls.cost')}>{t('calls.ratedOutside')}</Fact>}
            {(data.cost !== null || data.rated_outside) && <PriceLines clientId={clientId} callId={callId} />}
          </Stack>
          <CallFiles clientId={clientId} call={data} />
          {data.path.length > 0 && (
            <section>
              <Title order={3} size="h5" mb="sm">
                {t('calls.path')}
              </Title>
              <Timeline bulletSize={14} lineWidth={2} active={data.path.length}>
                {data.path.map((item, index) => (
                  <Timeline.Item key={index}>{stage(item)}</Timeline.Item>
                ))}
              </Timeline>
            </section>
          )}
          <section>
            <Title order={3} size="h5" mb="sm">
              {t('calls.legs')}
            </Title>
            <Legs legs={data.legs} />
          </section>
        </Stack>
      )}
    </Drawer>
  );
}
