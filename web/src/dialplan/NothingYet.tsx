import { Alert, Anchor } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Kind } from './kinds';

interface Props {
  clientId: number;
  kind: Kind;
  section: string;
  /** Shown as what is in the way of closing the window. */
  error?: boolean;
}

/** A component must be made before a step can use it (S112): says so, and leads there in another tab. */
export function NothingYet({ clientId, kind, section, error = false }: Props) {
  const { t } = useTranslation();
  return (
    <Alert color={error ? 'red' : 'blue'} role={error ? 'alert' : 'note'} p="sm">
      {t(`dialplan.nothing.${kind}`)}{' '}
      {/* A new tab: the dialplan on the screen is not saved yet, and the list is read again on return. */}
      <Anchor href={`/c/${clientId}/${section}?create=1`} target="_blank" rel="noopener" size="sm" fw={600}>
        {t('dialplan.makeIt')} <IconExternalLink size={13} aria-hidden />
      </Anchor>
    </Alert>
  );
}
