import { NumberInput, Select, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { useMeta } from '../api/meta';
import type { DialplanTargets, StepAction } from '../api/types';
import { actionOf, KINDS, thingOf, type Kind } from './kinds';
import type { Draft } from './model';

interface Props {
  draft: Draft;
  targets: DialplanTargets | undefined;
  numberId: number;
  error: string | null;
  onChange: (change: Partial<Draft>) => void;
}

function valueOf(action: StepAction | null): string | null {
  return action && `${action.kind}:${thingOf(action) ?? ''}`;
}

function chosen(value: string | null): StepAction | null {
  const [kind, id] = (value ?? '').split(':');
  return kind !== undefined && kind in KINDS ? actionOf(kind as Kind, Number(id)) : null;
}

/** «Действие» (S89-S91): what happens on this step, and how long it may ring. */
export function ActionTab({ draft, targets, numberId, error, onChange }: Props) {
  const { t } = useTranslation();
  const { causes } = useMeta();
  const items = (kind: Kind): { value: string; label: string }[] => {
    if (kind === 'hangup') return causes.map(({ code, name }) => ({ value: `hangup:${code}`, label: name }));
    const list = KINDS[kind].list;
    if (list === null) return [{ value: `${kind}:`, label: t(`dialplan.kind.${kind}`) }];
    return (targets?.[list] ?? [])
      .filter(({ id }) => list !== 'numbers' || id !== numberId)
      .map(({ id, title }) => ({ value: `${kind}:${id}`, label: title }));
  };
  const groups = (Object.keys(KINDS) as Kind[])
    .filter((kind) => kind !== 'ring' || draft.action?.kind === 'ring')
    .map((kind) => ({ group: t(`dialplan.kind.${kind}`), items: items(kind) }))
    .filter(({ items: offered }) => offered.length > 0);
  const rings = draft.action !== null && KINDS[draft.action.kind].rings;

  return (
    <Stack>
      <Select
        label={t('dialplan.action')}
        placeholder={t('dialplan.chooseAction')}
        description={t('dialplan.actionHint')}
        data={groups}
        value={valueOf(draft.action)}
        onChange={(value) => onChange({ action: chosen(value) })}
        searchable
        openOnFocus={draft.action === null}
        allowDeselect={false}
        nothingFoundMessage={t('table.nothingFound')}
        maxDropdownHeight={280}
        error={error}
        required
        data-autofocus
      />
      {targets?.ports.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('dialplan.noPorts')}
        </Text>
      )}
      {(rings || draft.action === null) && (
        <NumberInput
          label={t('dialplan.timeout')}
          description={t('dialplan.timeoutHint')}
          value={draft.timeout_s ?? ''}
          onChange={(value) => onChange({ timeout_s: value === '' ? null : Number(value) })}
          min={1}
          max={3600}
          allowDecimal={false}
          allowNegative={false}
          suffix={t('dialplan.secondsSuffix')}
          w={{ base: '100%', xs: 220 }}
        />
      )}
    </Stack>
  );
}
