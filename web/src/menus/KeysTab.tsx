import { SimpleGrid, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { ThingSelect } from '../resource/ThingSelect';
import classes from './KeysTab.module.css';

/** Key of a telephone → the internal number's id. */
export type MenuKeys = Record<string, number>;

/** As they lie on a telephone. */
const PAD = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

interface Props {
  clientId: number;
  keys: MenuKeys;
  error: ReactNode;
  onChange: (keys: MenuKeys) => void;
}

/** «Меню»: which internal number each key leads to (S156). */
export function KeysTab({ clientId, keys, error, onChange }: Props) {
  const { t } = useTranslation();
  const set = (key: string, id: number | null) => {
    const { [key]: _old, ...rest } = keys;
    onChange(id === null ? rest : { ...rest, [key]: id });
  };
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        {t('menus.keysHint')}
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 3 }} verticalSpacing="xs">
        {PAD.map((key) => (
          <ThingSelect
            key={key}
            clientId={clientId}
            kind="numbers"
            aria-label={t('menus.key', { key })}
            leftSection={<span className={classes.key}>{key}</span>}
            placeholder="—"
            value={keys[key] ?? null}
            onChange={(id) => set(key, id)}
            clearable
          />
        ))}
      </SimpleGrid>
      {error && (
        <Text size="xs" c="red" role="alert">
          {error}
        </Text>
      )}
    </Stack>
  );
}
