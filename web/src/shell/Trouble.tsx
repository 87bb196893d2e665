import { Alert, Button, Group, type AlertProps } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { errorText } from '../form/errors';

interface Props extends Pick<AlertProps, 'mb'> {
  error: unknown;
  retry: () => unknown;
  busy?: boolean;
}

/** What could not be read from the server: why, and «Повторить». */
export function Trouble({ error, retry, busy = false, mb }: Props) {
  const { t } = useTranslation();
  return (
    <Alert color="red" icon={<IconAlertCircle size={18} />} role="alert" mb={mb}>
      <Group gap="sm" justify="space-between">
        {errorText(error, t)}
        <Button size="compact-sm" variant="default" loading={busy} onClick={() => void retry()}>
          {t('action.retry')}
        </Button>
      </Group>
    </Alert>
  );
}
