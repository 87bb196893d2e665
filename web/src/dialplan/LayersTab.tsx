import { Button, Group, NumberInput, SimpleGrid, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { atLevel, shownConditions, type Draft } from './model';

interface Props {
  draft: Draft;
  drafts: Draft[];
  titles: Map<string, string>;
  onChange: (change: Partial<Draft>) => void;
  onReorder: (by: -1 | 1) => void;
}

/** «Слои» (S92-S94): the step's own level, and the level each condition goes to. */
export function LayersTab({ draft, drafts, titles, onChange, onReorder }: Props) {
  const { t } = useTranslation();
  const mates = atLevel(drafts, draft.level);
  const place = mates.findIndex((mate) => mate.key === draft.key);

  const leadsTo = (level: number | null): string => {
    if (level === null) return '';
    const steps = atLevel(drafts, level);
    const first = steps[0];
    if (level === draft.level && !first) return t('dialplan.targetSelf');
    if (!first) return t('dialplan.targetMissing');
    const title = titles.get(first.key) ?? '';
    return steps.length > 1 ? t('dialplan.targetMany', { title, count: steps.length - 1 }) : `→ ${title}`;
  };

  return (
    <Stack>
      <NumberInput
        label={t('dialplan.level')}
        description={t('dialplan.levelHint')}
        value={draft.level}
        onChange={(value) => onChange({ level: Math.max(1, Number(value) || 1) })}
        min={1}
        max={9999}
        allowDecimal={false}
        allowNegative={false}
        w={{ base: '100%', xs: 220 }}
      />
      {place >= 0 && mates.length > 1 && (
        <Group gap="xs">
          <Text size="sm">{t('dialplan.place', { order: place + 1, of: mates.length })}</Text>
          <Button size="compact-xs" variant="default" disabled={place === 0} onClick={() => onReorder(-1)}>
            {t('dialplan.sooner')}
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            disabled={place === mates.length - 1}
            onClick={() => onReorder(1)}
          >
            {t('dialplan.later')}
          </Button>
        </Group>
      )}
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        {shownConditions(draft).map((condition) => (
          <div key={condition}>
            <NumberInput
              label={t(`condition.${condition}`)}
              description={t(`conditionHint.${condition}`)}
              placeholder={t('dialplan.targetNone')}
              value={draft.targets[condition] ?? ''}
              onChange={(value) =>
                onChange({
                  targets: { ...draft.targets, [condition]: value === '' ? null : Math.max(1, Number(value)) },
                })
              }
              min={1}
              max={9999}
              allowDecimal={false}
              allowNegative={false}
            />
            <Text size="xs" fw={600} mt={2} truncate aria-live="polite">
              {leadsTo(draft.targets[condition])}
            </Text>
          </div>
        ))}
      </SimpleGrid>
    </Stack>
  );
}
