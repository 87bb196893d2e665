import { NumberInput, Select, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { useMeta } from '../api/meta';
import type { DialplanTargets, StepAction } from '../api/types';
import type { Draft } from './model';

interface Props {
  draft: Draft;
  targets: DialplanTargets | undefined;
  numberId: number;
  error: string | null;
  onChange: (change: Partial<Draft>) => void;
}

function valueOf(action: StepAction | null): string | null {
  if (!action) return null;
  switch (action.kind) {
    case 'port':
      return `port:${action.port_id}`;
    case 'sound':
      return `sound:${action.sound_id}`;
    case 'number':
      return `number:${action.number_id}`;
    case 'hangup':
      return `hangup:${action.cause ?? 16}`;
  }
}

function actionOf(value: string | null): StepAction | null {
  const [kind, text] = (value ?? '').split(':');
  const id = Number(text);
  switch (kind) {
    case 'port':
      return { kind, port_id: id };
    case 'sound':
      return { kind, sound_id: id };
    case 'number':
      return { kind, number_id: id };
    case 'hangup':
      return { kind, cause: id };
    default:
      return null;
  }
}

/** «Действие» (S89-S91): what happens on this step, and how long it may ring. */
export function ActionTab({ draft, targets, numberId, error, onChange }: Props) {
  const { t } = useTranslation();
  const { causes } = useMeta();
  const items = (kind: string, list: { id: number; title: string }[] | undefined) =>
    (list ?? []).map(({ id, title }) => ({ value: `${kind}:${id}`, label: title }));
  const groups = [
    { group: 'SIP', items: items('port', targets?.ports) },
    {
      group: t('dialplan.groupNumber'),
      items: items('number', targets?.numbers.filter((item) => item.id !== numberId)),
    },
    { group: t('dialplan.groupSound'), items: items('sound', targets?.sounds) },
    {
      group: t('dialplan.groupHangup'),
      items: causes.map(({ code, name }) => ({ value: `hangup:${code}`, label: name })),
    },
  ].filter(({ items: offered }) => offered.length > 0);
  const rings = draft.action?.kind === 'port' || draft.action?.kind === 'number';

  return (
    <Stack>
      <Select
        label={t('dialplan.action')}
        placeholder={t('dialplan.chooseAction')}
        description={t('dialplan.actionHint')}
        data={groups}
        value={valueOf(draft.action)}
        onChange={(value) => onChange({ action: actionOf(value) })}
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
