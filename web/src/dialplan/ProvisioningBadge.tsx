import { Badge, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';

import { getProvisioning } from '../api/generated/ats';
import type { Provisioning } from '../api/types';

export const provisioningKey = (client: number) => ['provisioning', client];

const EAGER_FOR_MS = 15_000;

function settled(state: Provisioning | undefined): boolean {
  if (!state) return false;
  if (state.version === 0) return true; // nothing of this client has ever been for the engine
  return state.nodes.length > 0 && state.nodes.every((node) => node.active || node.error !== '');
}

/** «Активно на node1, версия 5»: whether the engines already run what was saved. */
export function ProvisioningBadge({ clientId }: { clientId: number }) {
  const { t } = useTranslation();
  const waitingFor = useRef({ version: -1, since: 0 });
  const { data } = useQuery({
    queryKey: provisioningKey(clientId),
    queryFn: () => getProvisioning(clientId),
    staleTime: 0,
    // Asked often only while a change is on its way: Save is to show as active within a second.
    refetchInterval: (query) => {
      const state = query.state.data;
      if (settled(state)) return 5000;
      if (state && waitingFor.current.version !== state.version) {
        waitingFor.current = { version: state.version, since: Date.now() };
      }
      return Date.now() - waitingFor.current.since < EAGER_FOR_MS ? 300 : 3000;
    },
  });
  if (!data || data.version === 0) return null;
  const failed = data.nodes.find((node) => node.error !== '');
  const waiting = data.nodes.filter((node) => !node.active);
  if (failed) {
    return (
      <Tooltip label={failed.error} multiline maw={360}>
        <Badge color="red" variant="light" tt="none" size="lg">
          {t('provisioning.failed', { node: failed.node })}
        </Badge>
      </Tooltip>
    );
  }
  if (data.nodes.length === 0) {
    return (
      <Badge color="gray" variant="light" tt="none" size="lg">
        {t('provisioning.noNodes')}
      </Badge>
    );
  }
  const nodes = (waiting.length > 0 ? waiting : data.nodes).map((node) => node.node).join(', ');
  return (
    <Badge
      color={waiting.length > 0 ? 'yellow' : 'teal'}
      c="var(--mantine-color-text)"
      variant="light"
      tt="none"
      size="lg"
      role="status"
      data-testid="provisioning"
    >
      {t(waiting.length > 0 ? 'provisioning.waiting' : 'provisioning.active', { nodes, version: data.version })}
    </Badge>
  );
}
