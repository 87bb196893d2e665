import { defaultOptionsFilter, NumberInput, Select, Stack, type ComboboxParsedItem, type OptionsFilter } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useMeta } from '../api/meta';
import type { Choices, StepAction } from '../api/types';
import { useFound } from '../resource/things';
import { ThingSelect } from '../resource/ThingSelect';
import { RingFields } from './RingFields';
import { actionOf, KINDS, thingOf, type Kind } from './kinds';
import type { Draft } from './model';
import { NothingYet } from './NothingYet';

interface Props {
  clientId: number;
  draft: Draft;
  targets: Choices | undefined;
  numberId: number;
  error: string | null;
  onChange: (change: Partial<Draft>) => void;
}

interface Choice {
  value: string;
  label: string;
}

/** Things of one kind found by their own names while one types into «Действие». */
const FOUND = 10;

const ownFilter = defaultOptionsFilter as OptionsFilter;
const ALL = Object.keys(KINDS) as Kind[];
const LISTS = [...new Set(ALL.flatMap((of) => KINDS[of].list ?? []))];

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
  // What stands there once something is chosen is its name, and not a question.
  const asked = kind !== null && typed === t(`dialplan.kind.${kind}`) ? '' : typed.trim().toLocaleLowerCase();
  const wanted = asked.length > 1 ? asked : '';
  const found = useFound(clientId, LISTS, targets, wanted);

  const kindChoice = (of: Kind): Choice => ({ value: of, label: t(`dialplan.kind.${of}`) });
  const plain = ALL.filter((of) => !KINDS[of].service);
  const data: (Choice | { group: string; items: Choice[] })[] = [
    ...plain.slice(0, -2).map(kindChoice),
    { group: t('dialplan.service'), items: ALL.filter((of) => KINDS[of].service).map(kindChoice) },
    { group: t('dialplan.further'), items: plain.slice(-2).map(kindChoice) },
  ];
  const hangups = causes.map(({ code, name }) => ({ value: `hangup:${code}`, label: name }));
  const named = (of: Kind): Choice[] => {
    const { list } = KINDS[of];
    const things = list === null ? [] : found.of(list).filter(({ id }) => list !== 'numbers' || id !== numberId);
    return (of === 'hangup' ? hangups : things.map(({ id, title }) => ({ value: `${of}:${id}`, label: title })))
      .map(({ value, label }) => ({ value, label: `${t(`dialplan.kind.${of}`)}: ${label}` }))
      .filter(({ label }) => (list !== null && found.sifted(list)) || label.toLocaleLowerCase().includes(wanted))
      .slice(0, FOUND);
  };
  const byName = wanted === '' ? [] : ALL.flatMap(named);
  if (byName.length > 0) data.push({ group: t('dialplan.byName'), items: byName });

  const list = kind === null ? null : KINDS[kind].list;
  const id = action === null ? null : thingOf(action);
  const nothing = list !== null && targets?.[list].every((one) => list === 'numbers' && one.id === numberId) === true;
  const section = kind === null ? null : KINDS[kind].section;

  const isByName = (one: ComboboxParsedItem) => 'group' in one && one.group === t('dialplan.byName');

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
        filter={({ options, search, limit }) => [
          ...ownFilter({ options: options.filter((one) => !isByName(one)), search, limit }),
          ...options.filter(isByName), // sifted already, some by what their names do not say
        ]}
        openOnFocus={action === null}
        allowDeselect={false}
        nothingFoundMessage={t('table.nothingFound')}
        maxDropdownHeight={320}
        error={kind === null ? error : null}
        required
        data-autofocus
      />
      {kind === 'hangup' && (
        <Select
          label={t('dialplan.thing.hangup')}
          placeholder={t('dialplan.chooseThing')}
          data={hangups}
          value={id ? `hangup:${id}` : null}
          onChange={(value) => value !== null && onChange({ action: chosen(value) })}
          searchable
          allowDeselect={false}
          nothingFoundMessage={t('table.nothingFound')}
          maxDropdownHeight={280}
          error={error}
          required
        />
      )}
      {kind !== null && list !== null && !nothing && (
        <ThingSelect
          clientId={clientId}
          kind={list}
          {...(list === 'numbers' ? { without: numberId } : {})}
          label={t(`dialplan.thing.${kind}`)}
          placeholder={t('dialplan.chooseThing')}
          value={id === 0 ? null : id}
          onChange={(one) => one !== null && onChange({ action: actionOf(kind, one) })}
          allowDeselect={false}
          maxDropdownHeight={280}
          error={error}
          required
        />
      )}
      {kind !== null && nothing && section !== null && (
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
