import { Button, Group, Modal, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

interface Props {
  opened: boolean;
  message: string;
  onReload: () => void;
  onKeep: () => void;
}

/** Somebody saved in between: nothing was overwritten, and nothing of one's own is lost until one says so. */
export function ConflictModal({ opened, message, onReload, onKeep }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onKeep}
      title={t('conflict.title')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <Text size="sm">{message}</Text>
      <Text size="sm" mt="sm">
        {t('conflict.choice')}
      </Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onKeep}>
          {t('conflict.keep')}
        </Button>
        <Button onClick={onReload}>{t('conflict.reload')}</Button>
      </Group>
    </Modal>
  );
}
