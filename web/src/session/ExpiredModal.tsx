import { Modal, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { LoginForm } from './LoginForm';
import { useExpired, useUser } from './session';

/** Asks to log in again over the screen that was being worked on, which stays as it is. */
export function ExpiredModal() {
  const { t } = useTranslation();
  const user = useUser();
  const expired = useExpired();
  return (
    <Modal
      opened={expired}
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title={t('login.expired')}
      zIndex={1000}
      centered
    >
      <Text size="sm" c="dimmed" mb="md">
        {t('login.expiredHint')}
      </Text>
      <LoginForm login={user?.login ?? ''} />
    </Modal>
  );
}
