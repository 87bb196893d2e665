import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { listUsers } from '../api/generated/ats';
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
  const { data } = useQuery({
    queryKey: ['owner-choices', clientId],
    queryFn: () => listUsers(clientId, { page: 1, page_size: 500, sort: 'login' }),
    enabled: allowed,
  });
  if (!allowed) return null;
  return (
    <Select
      label={t('users.owner')}
      description={t('users.ownerHint')}
      data={(data?.items ?? []).map(({ id, login, name }) => ({
        value: String(id),
        label: name ? `${name} · ${login}` : login,
      }))}
      searchable
      clearable
      value={value === null ? null : String(value)}
      onChange={(chosen) => onChange(chosen === null ? null : Number(chosen))}
      error={error}
    />
  );
}
