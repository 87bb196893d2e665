import { NumberInput, SimpleGrid, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Draft } from './model';

interface Props {
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
}

/** «Ограничения» of a dialplan element (S114): calls in it at once, and how long one may last. */
export function StepLimitsTab({ draft, onChange }: Props) {
  const { t } = useTranslation();
  const { lines = null, duration_s = null } = draft.limits ?? {};
  const set = (part: { lines?: number | null; duration_s?: number | null }) => {
    const limits = { lines, duration_s, ...part };
    onChange({ limits: limits.lines === null && limits.duration_s === null ? null : limits });
  };
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <NumberInput
          label={t('limit.lines')}
          description={t('dialplan.linesHint')}
          placeholder={t('limit.none')}
          value={lines ?? ''}
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
          value={duration_s ?? ''}
          onChange={(value) => set({ duration_s: value === '' ? null : Number(value) })}
          min={1}
          max={86_400}
          suffix={t('dialplan.secondsSuffix')}
          allowDecimal={false}
          allowNegative={false}
        />
      </SimpleGrid>
      <Text size="xs" c="dimmed">
        {t('dialplan.limitsHint')}
      </Text>
    </Stack>
  );
}
