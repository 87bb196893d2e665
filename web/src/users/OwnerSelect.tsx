import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { ThingSelect } from '../resource/ThingSelect';
import { may } from '../session/rights';
import { useMe } from '../session/session';

interface Props {
  clientId: number;
  value: number | null;
  error?: ReactNode;
  onChange: (owner: number | null) => void;
}

/** The user a number or port was given to (S229); not shown to whom the list of users is closed. */
export function OwnerSelect({ clientId, value, error, onChange }: Props) {
  const { t } = useTranslation();
  const allowed = may(useMe(), 'users_view', clientId);
  if (!allowed) return null;
  return (
    <ThingSelect
      clientId={clientId}
      kind="users"
      label={t('users.owner')}
      description={t('users.ownerHint')}
      clearable
      value={value}
      onChange={onChange}
      error={error}
    />
  );
}
