import { SegmentedControl, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { DEFAULT_EXTRAS } from '../extras/extras';
import { ExtrasFields } from '../extras/ExtrasFields';
import type { Draft } from './model';

interface Props {
  draft: Draft;
  readOnly: boolean;
  onChange: (change: Partial<Draft>) => void;
}

/** «ДВО» of a step: those of what it leads to, or switches of its own (S113). */
export function StepExtrasTab({ draft, readOnly, onChange }: Props) {
  const { t } = useTranslation();
  const own = draft.extras !== null && draft.extras !== undefined;
  return (
    <Stack>
      <SegmentedControl
        aria-label={t('tab.extras')}
        data={[
          { value: 'theirs', label: t('dialplan.extrasTheirs') },
          { value: 'own', label: t('dialplan.extrasOwn') },
        ]}
        value={own ? 'own' : 'theirs'}
        disabled={readOnly}
        onChange={(value) => onChange({ extras: value === 'own' ? { ...DEFAULT_EXTRAS } : null })}
      />
      {own ? (
        <ExtrasFields
          value={{ ...DEFAULT_EXTRAS, ...draft.extras }}
          onChange={(extras) => onChange({ extras })}
          disabled={readOnly}
        />
      ) : (
        <Text size="sm" c="dimmed">
          {t('dialplan.extrasTheirsHint')}
        </Text>
      )}
    </Stack>
  );
}
