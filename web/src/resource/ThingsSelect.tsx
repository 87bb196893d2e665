import { MultiSelect, type MultiSelectProps } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Choices } from '../api/types';
import { useFound, useThings, type ThingKind } from './things';
import { choicesOf } from './ThingSelect';

interface Props extends Omit<MultiSelectProps, 'data' | 'value' | 'defaultValue' | 'onChange' | 'searchable' | 'filter'> {
  clientId: number;
  kind: ThingKind;
  /** The first page, as useThings() has it. */
  targets: Choices | undefined;
  value: number[];
  onChange: (ids: number[]) => void;
}

/** Several of the client's things, in the order they were chosen. */
export function ThingsSelect({ clientId, kind, targets, value, onChange, ...rest }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const things = useThings(
    clientId,
    kind,
    value.map((id) => ({ kind, id })),
  );
  const found = useFound(clientId, [kind], targets, typed);
  const offered = found.of(kind);
  const others = (things?.[kind] ?? []).filter(({ id }) => value.includes(id) && !offered.some((one) => one.id === id));
  return (
    <MultiSelect
      data={choicesOf([...offered, ...others])}
      value={value.map(String)}
      onChange={(ids) => onChange(ids.map(Number))}
      searchable
      clearable
      onSearchChange={setTyped}
      {...(found.sifted(kind) ? { filter: ({ options }) => options } : {})}
      nothingFoundMessage={t(found.busy ? 'state.loading' : 'table.nothingFound')}
      {...rest}
    />
  );
}
