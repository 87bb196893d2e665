import { Alert, Button, Group, Modal, Stack, type ModalProps } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconAlertCircle } from '@tabler/icons-react';
import type { ReactNode, SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
  title: string;
  onClose: () => void;
  onSubmit: (event?: SubmitEvent<HTMLFormElement>) => void;
  busy: boolean;
  error: string | null;
  submitLabel?: string;
  size?: ModalProps['size'];
  /** Buttons at the left of the footer, e.g. deletion. */
  extra?: ReactNode;
  /** Only to look at: nothing can be sent. */
  readOnly?: boolean;
  children: ReactNode;
}

/** The window of one object: fields, the refusal above them, «Закрыть» and «Сохранить» below (S254). */
export function FormModal({ title, onClose, onSubmit, busy, error, submitLabel, size, extra, readOnly, children }: Props) {
  const { t } = useTranslation();
  const phone = useMediaQuery('(max-width: 36em)');
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={size ?? 'lg'}
      fullScreen={phone}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <form
        onSubmit={(event) => {
          event.stopPropagation(); // a window opened from another's form sends its own only
          onSubmit(event);
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
          <Group justify="space-between" mt="sm">
            <Group gap="xs">{extra}</Group>
            <Group gap="xs">
              <Button variant="default" onClick={onClose}>
                {t('action.close')}
              </Button>
              {!readOnly && (
                <Button type="submit" loading={busy}>
                  {submitLabel ?? t('action.save')}
                </Button>
              )}
            </Group>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
