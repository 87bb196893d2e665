import { SimpleGrid, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { EXTRA_NAMES, extrasWith, type Extras } from './extras';

interface Props {
  value: Extras;
  onChange: (extras: Extras) => void;
  disabled?: boolean;
  /** Switches that mean something here; absent: all. */
  only?: readonly (keyof Extras)[];
}

/** The tab «ДВО»: ten switches in the manual's words and one of our own, each explained. */
export function ExtrasFields({ value, onChange, disabled = false, only }: Props) {
  const { t } = useTranslation();
  const names = EXTRA_NAMES.filter((name) => !only || only.includes(name));
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="md">
      {names.map((name) => (
        <Switch
          key={name}
          label={t(`extra.${name}`)}
          description={t(`extraHint.${name}`)}
          checked={value[name]}
          disabled={disabled}
          onChange={(event) => onChange(extrasWith(value, name, event.currentTarget.checked))}
        />
      ))}
    </SimpleGrid>
  );
}
