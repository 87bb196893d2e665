import { Anchor, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { explainPrice } from '../api/generated/ats';
import type { OutsidePart as OutsidePartShape } from '../api/generated/model';
import { money } from '../format/money';
import { shownNumber } from '../format/number';
import { Trouble } from '../shell/Trouble';

/** What an outside billing was asked about a call, and what it said. */
function OutsidePart({ part }: { part: OutsidePartShape }) {
  const { t } = useTranslation();
  const lines = [
    t('calls.outside.who', { billing: part.billing, account: part.account }),
    ...(part.silent ? [t('calls.outside.silent')] : []),
    part.refusal ? t('calls.outside.refused', { reason: part.refusal }) : t('calls.outside.allowed', { seconds: part.allowed_s }),
    ...(part.reply ? [t('calls.outside.reply', { text: part.reply })] : []),
    ...(part.renewed > 0 ? [t('calls.outside.renewed', { count: part.renewed })] : []),
    ...(part.no_more ? [t('calls.outside.noMore', { reason: part.no_more })] : []),
    ...(part.end_reply ? [t('calls.outside.reply', { text: part.end_reply })] : []),
    ...(part.talk_s !== null ? [t('calls.outside.talk', { seconds: part.talk_s })] : []),
    ...(part.waiting > 0 ? [t('calls.outside.waiting', { count: part.waiting })] : []),
  ];
  return (
    <Stack gap={2}>
      <Text size="sm" fw={600}>
        {shownNumber(part.digits)} · {t('calls.ratedOutside')}
      </Text>
      {lines.map((line) => (
        <Text key={line} size="sm">
          {line}
        </Text>
      ))}
    </Stack>
  );
}

/** «Почему столько стоит»: the lines that add up to what a call cost, asked only when somebody wants to know. */
export function PriceLines({ clientId, callId }: { clientId: number; callId: number }) {
  const { t, i18n } = useTranslation();
  const [open, setOpen] = useState(false);
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ['call-price', clientId, callId],
    queryFn: () => explainPrice(clientId, callId),
    enabled: open,
  });
  return (
    <Stack gap={4}>
      <Anchor component="button" type="button" size="sm" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t('calls.whyCost')}
      </Anchor>
      {open && error && <Trouble error={error} retry={refetch} busy={isFetching} />}
      {open &&
        data?.charges.map((charge) => (
          <Stack key={charge.id} gap={2}>
            <Text size="sm" fw={600}>
              {shownNumber(charge.digits)} · {charge.rate.title || charge.rate.prefix} · {charge.account}
            </Text>
            {charge.lines.map((line) => (
              <Group key={line.code} justify="space-between" wrap="nowrap" align="flex-start">
                <Text size="sm">{line.text}</Text>
                <Text size="sm" className="digits">
                  {money(line.amount, charge.currency, i18n.language)}
                </Text>
              </Group>
            ))}
            {charge.uncovered > 0 && (
              <Group justify="space-between" wrap="nowrap">
                <Text size="sm">{t('calls.uncovered')}</Text>
                <Text size="sm" className="digits">
                  {money(-charge.uncovered, charge.currency, i18n.language)}
                </Text>
              </Group>
            )}
          </Stack>
        ))}
      {open && data?.outside.map((part) => <OutsidePart key={part.session} part={part} />)}
    </Stack>
  );
}
