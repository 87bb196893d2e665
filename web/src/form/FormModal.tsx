import { Alert, Button, Group, Modal, Stack, type ModalProps } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconAlertCircle } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { leaving, saving, useQuestion, WindowScope, type Unsaved } from './unsaved';
import type { Sending } from './useApiForm';

interface Props {
  title: string;
  onClose: () => void;
  sending: Sending;
  /** Said above the fields; absent: why the last sending was refused. */
  error?: string | null;
  submitLabel?: string;
  size?: ModalProps['size'];
  /** Only to look at: nothing can be sent. */
  readOnly?: boolean;
  children: ReactNode;
}

/** The window of one object: fields, the refusal above them, «Закрыть» and «Сохранить» below (S254). Closing it asks while something is unsaved. */
export function FormModal({ title, onClose, sending, error = sending.error, submitLabel, size, readOnly, children }: Props) {
  const { t } = useTranslation();
  const phone = useMediaQuery('(max-width: 36em)');
  const asking = useQuestion() !== null;
  const [inside] = useState(() => new Set<Unsaved>());
  const close = () => leaving([sending.unsaved, ...inside], onClose);
  return (
    <Modal
      opened
      onClose={close}
      title={title}
      size={size ?? 'lg'}
      fullScreen={phone}
      closeOnClickOutside={false}
      closeOnEscape={!asking}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <WindowScope value={inside}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            event.stopPropagation(); // a window opened from another's form sends its own only
            saving(inside, () => sending.submit());
          }}
          noValidate
        >
          <Stack gap="md">
            {error !== null && (
              <Alert color="red" icon={<IconAlertCircle size={18} />} role="alert">
                {error}
              </Alert>
            )}
            {children}
            <Group justify="flex-end" gap="xs" mt="sm">
              <Button variant="default" onClick={close}>
                {t('action.close')}
              </Button>
              {!readOnly && (
                <Button type="submit" loading={sending.busy}>
                  {submitLabel ?? t('action.save')}
                </Button>
              )}
            </Group>
          </Stack>
        </form>
      </WindowScope>
    </Modal>
  );
}
