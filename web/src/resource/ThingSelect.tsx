import { Select, type SelectProps } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFound, useThings, type Thing, type ThingKind } from './things';

interface Props extends Omit<SelectProps, 'data' | 'value' | 'defaultValue' | 'onChange' | 'searchable' | 'filter'> {
  clientId: number;
  kind: ThingKind;
  value: number | null;
  onChange: (id: number | null) => void;
  /** One that must not be offered: a thing cannot lead to itself. */
  without?: number;
}

/** A drop-down of the client's things; of more than a page of them it shows what the server finds for the text typed. */
export function ThingSelect({ clientId, kind, value, onChange, without, ...rest }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const things = useThings(clientId, kind, value === null ? [] : [{ kind, id: value }]);
  const chosen = things?.[kind].find(({ id }) => id === value);
  // What stands there once something is chosen is its title, and not a question.
  const found = useFound(clientId, [kind], things, typed === chosen?.title ? '' : typed);
  const offered = found.of(kind).filter(({ id }) => id !== without);
  const cut = found.cut(kind) ? [{ value: 'more', label: t('table.choicesCut'), disabled: true }] : [];
  const aside = chosen && !offered.some(({ id }) => id === chosen.id) ? choicesOf([chosen]) : [];
  return (
    <Select
      data={[...choicesOf(offered), ...cut, ...aside]}
      value={value === null ? null : String(value)}
      onChange={(id) => onChange(id === null ? null : Number(id))}
      searchable
      onSearchChange={setTyped}
      {...(found.sifted(kind)
        ? { filter: ({ options }) => options.slice(0, options.length - aside.length) }
        : {})}
      nothingFoundMessage={t(found.busy ? 'state.loading' : 'table.nothingFound')}
      {...rest}
    />
  );
}

/** As a drop-down takes them. */
export function choicesOf(things: readonly Thing[]): { value: string; label: string }[] {
  return things.map(({ id, title }) => ({ value: String(id), label: title }));
}
