import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { errorText } from './errors';

interface Props {
  /** What goes, as the person knows it. */
  name: string;
  hint?: string;
  actionLabel?: string;
  remove: () => Promise<unknown>;
  onDone: () => void;
  onClose: () => void;
}

/** Asks once before a deletion and shows why it was refused (in use elsewhere). */
export function ConfirmDelete({ name, hint, actionLabel, remove, onDone, onClose }: Props) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const label = actionLabel ?? t('action.delete');

  const run = async () => {
    setBusy(true);
    setError(null);
    try {
      await remove();
      onDone();
    } catch (failure) {
      setError(errorText(failure, t));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Modal
      opened
      onClose={onClose}
      title={t('confirm.title', { action: label, name })}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <Stack>
        <Text size="sm">{hint ?? t('confirm.irreversible')}</Text>
        {error !== null && (
          <Alert color="red" role="alert">
            {error}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('action.cancel')}
          </Button>
          <Button color="red" loading={busy} onClick={run}>
            {label}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
