import { NumberInput, Select, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useMeta } from '../api/meta';
import type { DialplanTargets, StepAction } from '../api/types';
import { RingFields } from './RingFields';
import { actionOf, KINDS, thingOf, type Kind } from './kinds';
import type { Draft } from './model';
import { NothingYet } from './NothingYet';

interface Props {
  clientId: number;
  draft: Draft;
  targets: DialplanTargets | undefined;
  numberId: number;
  error: string | null;
  onChange: (change: Partial<Draft>) => void;
}

interface Choice {
  value: string;
  label: string;
}

/** Things found by their own names while one types into «Действие». */
const FOUND = 30;

function chosen(value: string): StepAction {
  const [kind, id] = value.split(':');
  return actionOf(kind as Kind, Number(id ?? 0));
}

/** «Действие» (S89-S91): what happens on this step, and how long it may ring. */
export function ActionTab({ clientId, draft, targets, numberId, error, onChange }: Props) {
  const { t } = useTranslation();
  const { causes } = useMeta();
  const [typed, setTyped] = useState('');
  const action = draft.action;
  const kind = action?.kind ?? null;
  const rings = kind !== null && KINDS[kind].rings;

  const things = (of: Kind): Choice[] => {
    if (of === 'hangup') return causes.map(({ code, name }) => ({ value: `hangup:${code}`, label: name }));
    const list = KINDS[of].list;
    if (list === null) return [];
    return (targets?.[list] ?? [])
      .filter(({ id }) => list !== 'numbers' || id !== numberId)
      .map(({ id, title }) => ({ value: `${of}:${id}`, label: title }));
  };

  const kinds = Object.keys(KINDS) as Kind[];
  const kindChoice = (of: Kind): Choice => ({ value: of, label: t(`dialplan.kind.${of}`) });
  const plain = kinds.filter((of) => !KINDS[of].service);
  const data: (Choice | { group: string; items: Choice[] })[] = [
    ...plain.slice(0, -2).map(kindChoice),
    { group: t('dialplan.service'), items: kinds.filter((of) => KINDS[of].service).map(kindChoice) },
    { group: t('dialplan.further'), items: plain.slice(-2).map(kindChoice) },
  ];
  const wanted = typed.trim().toLocaleLowerCase();
  if (wanted.length > 1 && (kind === null || typed !== t(`dialplan.kind.${kind}`))) {
    const found = kinds
      .flatMap((of) =>
        things(of).map(({ value, label }) => ({ value, label: `${t(`dialplan.kind.${of}`)}: ${label}` })),
      )
      .filter(({ label }) => label.toLocaleLowerCase().includes(wanted));
    if (found.length > 0) data.push({ group: t('dialplan.byName'), items: found.slice(0, FOUND) });
  }

  const own = kind === null ? [] : things(kind);
  const id = action === null ? null : thingOf(action);
  const leads = kind !== null && (KINDS[kind].list !== null || kind === 'hangup');
  const section = kind === null ? null : KINDS[kind].section;

  return (
    <Stack>
      <Select
        label={t('dialplan.action')}
        placeholder={t('dialplan.chooseAction')}
        description={kind === null ? t('dialplan.actionHint') : t(`dialplan.about.${kind}`)}
        data={data}
        value={kind}
        onChange={(value) => value !== null && onChange({ action: chosen(value) })}
        searchable
        onSearchChange={setTyped}
        openOnFocus={action === null}
        allowDeselect={false}
        nothingFoundMessage={t('table.nothingFound')}
        maxDropdownHeight={320}
        error={kind === null ? error : null}
        required
        data-autofocus
      />
      {leads && own.length > 0 && (
        <Select
          label={t(`dialplan.thing.${kind}`)}
          placeholder={t('dialplan.chooseThing')}
          data={own}
          value={id ? `${kind}:${id}` : null}
          onChange={(value) => value !== null && onChange({ action: chosen(value) })}
          searchable
          limit={200}
          allowDeselect={false}
          nothingFoundMessage={t('table.nothingFound')}
          maxDropdownHeight={280}
          error={error}
          required
        />
      )}
      {leads && own.length === 0 && targets !== undefined && section !== null && (
        <NothingYet clientId={clientId} kind={kind} section={section} error={error !== null} />
      )}
      {action?.kind === 'ring' && (
        <RingFields
          clientId={clientId}
          action={action}
          targets={targets}
          error={error}
          onChange={(changed) => onChange({ action: changed })}
        />
      )}
      {(rings || action === null) && (
        <NumberInput
          label={t('dialplan.timeout')}
          description={t(kind === 'queue' ? 'dialplan.timeoutQueueHint' : 'dialplan.timeoutHint')}
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
