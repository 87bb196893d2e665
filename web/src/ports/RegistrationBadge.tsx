import { Badge, Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Registration } from '../api/types';

const COLORS: Record<string, string> = {
  registered: 'teal',
  reachable: 'teal',
  unreachable: 'orange',
  rejected: 'red',
  unregistered: 'gray',
};

/** Whether the device (or our own registration at an operator) is there now (S81). */
export function RegistrationBadge({ registration }: { registration: Registration | null }) {
  const { t, i18n } = useTranslation();
  const status = registration?.status ?? 'unregistered';
  const key = `registration.${status}`;
  const details = [
    registration?.address,
    registration?.user_agent,
    registration?.rtt_ms == null ? '' : t('ports.rtt', { ms: registration.rtt_ms }),
  ].filter(Boolean);
  return (
    <Tooltip label={details.join(' · ')} disabled={details.length === 0}>
      <Badge variant="light" color={COLORS[status] ?? 'gray'} tt="none">
        {i18n.exists(key) ? t(key) : status}
      </Badge>
    </Tooltip>
  );
}
