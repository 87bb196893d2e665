import { NumberInput, SimpleGrid, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { LimitFields } from '../limits/LimitFields';
import { NO_LIMITS } from '../limits/values';
import type { Draft } from './model';
import { leadsOut, OUT_FIELDS, outOf, tidyLimits, type StepLimitValues } from './stepLimits';

interface Props {
  draft: Draft;
  readOnly: boolean;
  onChange: (change: Partial<Draft>) => void;
}

/**
 * «Ограничения» of a dialplan element (S114): calls in it at once, how long one may last, and for a step that leads
 * calls outside all that a client's calls out may be limited by (S39).
 */
export function StepLimitsTab({ draft, readOnly, onChange }: Props) {
  const { t } = useTranslation();
  const kind = draft.action?.kind;
  const limits: StepLimitValues = draft.limits ?? {};
  const set = (part: StepLimitValues) => onChange({ limits: tidyLimits({ ...limits, ...part }, kind) });
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <NumberInput
          label={t('limit.lines')}
          description={t('dialplan.linesHint')}
          placeholder={t('limit.none')}
          value={limits.lines ?? ''}
          onChange={(value) => set({ lines: value === '' ? null : Number(value) })}
          min={1}
          max={10_000}
          allowDecimal={false}
          allowNegative={false}
        />
        <NumberInput
          label={t('limit.duration')}
          description={t('dialplan.durationHint')}
          placeholder={t('limit.none')}
          value={limits.duration_s ?? ''}
          onChange={(value) => set({ duration_s: value === '' ? null : Number(value) })}
          min={1}
          max={86_400}
          suffix={t('dialplan.secondsSuffix')}
          allowDecimal={false}
          allowNegative={false}
        />
      </SimpleGrid>
      {leadsOut(kind) && (
        <>
          <Text size="sm">{t('dialplan.outLimitsHint')}</Text>
          <LimitFields
            known={OUT_FIELDS}
            values={{ ...NO_LIMITS, ...limits }}
            readOnly={readOnly}
            onChange={(values) => set(outOf(values))}
          />
        </>
      )}
      <Text size="xs" c="dimmed">
        {t('dialplan.limitsHint')}
      </Text>
    </Stack>
  );
}
