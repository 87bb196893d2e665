import { Button, Group, Modal, Text } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useBlocker } from 'react-router';

import { anyUnsaved, ask, useQuestion } from './unsaved';

/** Asks before unsaved changes are left behind: inside the cabinet, when a window or the browser's tab is closed. */
export function LeaveGuard() {
  const { t } = useTranslation();
  const question = useQuestion();
  const blocker = useBlocker(
    ({ currentLocation: here, nextLocation: there }) =>
      anyUnsaved() && (here.pathname !== there.pathname || here.search !== there.search),
  );

  useEffect(() => {
    if (blocker.state === 'blocked') ask({ proceed: blocker.proceed, stay: blocker.reset });
  }, [blocker]);

  useEffect(() => {
    const hold = (event: BeforeUnloadEvent) => {
      if (anyUnsaved()) event.preventDefault();
    };
    window.addEventListener('beforeunload', hold);
    return () => window.removeEventListener('beforeunload', hold);
  }, []);

  // Made only when asked: it then stands above the window it asks about.
  if (!question) return null;
  return (
    <Modal
      opened
      onClose={question.stay}
      title={t('guard.title')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <Text size="sm">{t(question.inner ? 'guard.inner' : 'guard.text')}</Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={question.proceed}>
          {t(question.inner ? 'guard.saveAnyway' : 'guard.leave')}
        </Button>
        <Button onClick={question.stay} data-autofocus>
          {t('guard.stay')}
        </Button>
      </Group>
    </Modal>
  );
}
