import { Checkbox, Fieldset, Group, NumberInput, SimpleGrid, Stack, TagsInput, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { DIRECTIONS, GROUPS, isMoney, sent, shown, type Limits, type NumberField } from './values';

interface Props {
  values: Limits;
  /** Names of the limits that mean something here. */
  known: Set<string>;
  errors?: Record<string, ReactNode>;
  readOnly?: boolean;
  onChange: (values: Limits) => void;
}

/** The fields of «Ограничения» (S34, S39, S79, S114), of what exists and of what is being made. */
export function LimitFields({ values, known, errors = {}, readOnly = false, onChange }: Props) {
  const { t } = useTranslation();
  const set = (change: Partial<Limits>) => onChange({ ...values, ...change });

  const number = (field: NumberField) => (
    <NumberInput
      key={field}
      label={t(`limits.${field}`)}
      placeholder={t('limits.none')}
      min={0}
      allowDecimal={isMoney(field)}
      decimalScale={isMoney(field) ? 4 : 0}
      readOnly={readOnly}
      value={shown(field, values[field])}
      onChange={(value) => set({ [field]: sent(field, value) })}
      error={errors[field]}
    />
  );

  return (
    <>
      {GROUPS.map(({ title, fields }) => {
        const here = fields.filter((field) => known.has(field));
        return here.length > 0 ? (
          <Fieldset key={title} legend={t(`limits.group.${title}`)}>
            <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }}>{here.map(number)}</SimpleGrid>
          </Fieldset>
        ) : null;
      })}
      {known.has('closed') && (
        <Fieldset legend={t('limits.group.directions')}>
          <Stack gap="sm">
            <Group>
              {DIRECTIONS.map((direction) => (
                <Checkbox
                  key={direction}
                  label={t(`destination.${direction}`)}
                  disabled={readOnly}
                  checked={!values.closed.includes(direction)}
                  onChange={(event) =>
                    set({
                      closed: event.currentTarget.checked
                        ? values.closed.filter((one) => one !== direction)
                        : [...values.closed, direction],
                    })
                  }
                />
              ))}
            </Group>
            <Text size="xs" c="dimmed">
              {t('limits.emergency')}
            </Text>
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              {(['allow_prefixes', 'deny_prefixes'] as const).map((field) => (
                <TagsInput
                  key={field}
                  label={t(`limits.${field}`)}
                  description={t('limits.prefixHint')}
                  placeholder={readOnly ? '' : '+375'}
                  splitChars={[',', ' ', ';']}
                  acceptValueOnBlur
                  readOnly={readOnly}
                  value={values[field]}
                  onChange={(list) => set({ [field]: list })}
                  error={errors[field]}
                />
              ))}
            </SimpleGrid>
          </Stack>
        </Fieldset>
      )}
    </>
  );
}
