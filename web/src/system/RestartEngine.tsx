import { Button, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconRefresh } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { restartEngine } from '../api/generated/ats';
import { ConfirmDelete } from '../form/ConfirmDelete';

interface Props {
  calls: number;
  node: string;
  /** Their engines go on as they are. */
  others: string[];
}

/**
 * «Перезапустить движок»: says how many calls it would cut, and asks. More of them by then: the exchange refuses. It
 * reaches the engine of the node that serves the cabinet; where there are more, that is said.
 */
export function RestartEngine({ calls, node, others }: Props) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [asking, setAsking] = useState(false);
  const refresh = () => void cache.invalidateQueries({ queryKey: ['certificate'] });
  const elsewhere = others.length > 0 ? t('certificate.otherNodes', { node, others: others.join(', ') }) : '';
  return (
    <>
      {elsewhere && (
        <Text size="xs" mt={4}>
          {elsewhere}
        </Text>
      )}
      <Button
        mt="xs"
        size="compact-sm"
        variant="light"
        color={calls > 0 ? 'red' : 'line'}
        leftSection={<IconRefresh size={16} />}
        onClick={() => {
          refresh();
          setAsking(true);
        }}
      >
        {t('certificate.restart')}
      </Button>
      {asking && (
        <ConfirmDelete
          name={t('certificate.engine')}
          actionLabel={t('certificate.restartAction')}
          hint={`${calls > 0 ? t('certificate.calls', { count: calls }) : t('certificate.noCalls')} ${t('certificate.restartHint')} ${elsewhere}`}
          remove={() => restartEngine({ calls }).finally(refresh)}
          onDone={() => {
            setAsking(false);
            notifications.show({ color: 'teal', message: t('certificate.restarted') });
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
