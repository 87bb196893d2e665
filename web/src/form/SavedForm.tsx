import { Alert, Button, Group, Stack, type StackProps } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQueryClient, type QueryKey } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { useSending, type Sending } from './useApiForm';

/** Sends settings that stand on a page; the answer replaces what was read under `key`, and the person is told. */
export function useSaved<V extends Record<string, unknown>, R>(
  form: UseFormReturnType<V>,
  key: QueryKey,
  save: (values: V) => Promise<R>,
): Sending {
  const { t } = useTranslation();
  const cache = useQueryClient();
  return useSending(form, save, (saved) => {
    cache.setQueryData(key, saved);
    notifications.show({ color: 'teal', message: t('settings.saved') });
  });
}

interface Props extends Pick<StackProps, 'maw' | 'gap'> {
  sending: Sending;
  /** What it is, above everything. */
  head?: ReactNode;
  /** Name of the form for screen readers. */
  label?: string;
  submitLabel?: string;
  /** The button is no more than an offer. */
  quiet?: boolean;
  readOnly?: boolean;
  children: ReactNode;
}

/** Fields that stand on a page and are saved by their own button; the refusal above them. */
export function SavedForm({ sending, head, label, submitLabel, quiet, readOnly, children, ...stack }: Props) {
  const { t } = useTranslation();
  return (
    <form onSubmit={sending.submit} noValidate aria-label={label}>
      <Stack {...stack}>
        {head}
        {sending.error !== null && (
          <Alert color="red" role="alert">
            {sending.error}
          </Alert>
        )}
        {children}
        {!readOnly && (
          <Group>
            <Button type="submit" loading={sending.busy} variant={quiet ? 'light' : 'filled'}>
              {submitLabel ?? t('action.save')}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}
