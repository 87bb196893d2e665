import { ActionIcon, Group, Tooltip } from '@mantine/core';
import { IconPhone } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { shownNumber } from '../format/number';
import { currentLine, usePhone } from './phone';

/** A number that is called by a click, while the browser's telephone is on. */
export function Callable({ number, children }: { number: string; children: ReactNode }) {
  const { t } = useTranslation();
  const { status, call } = usePhone();
  if (status !== 'ready' || !/^\+?[0-9*#]+$/.test(number)) return <>{children}</>;
  return (
    <Group gap={4} wrap="nowrap" component="span" display="inline-flex">
      {children}
      <Tooltip label={t('phone.callTo', { number: shownNumber(number) })}>
        <ActionIcon
          size="sm"
          variant="subtle"
          color="teal"
          disabled={call !== null}
          aria-label={t('phone.callTo', { number: shownNumber(number) })}
          onClick={(event) => {
            event.stopPropagation();
            currentLine()?.dial(number);
          }}
        >
          <IconPhone size={14} />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}
