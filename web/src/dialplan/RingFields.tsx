import { SimpleGrid, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Choices, StepAction } from '../api/types';
import { ThingsSelect } from '../resource/ThingsSelect';
import { NothingYet } from './NothingYet';

type RingAction = Extract<StepAction, { kind: 'ring' }>;

/** As many as the server takes (`MAX_RINGING`). */
const MOST = 20;

interface Props {
  clientId: number;
  action: RingAction;
  targets: Choices | undefined;
  error: string | null;
  onChange: (action: RingAction) => void;
}

/** «Одновременный вызов»: ports and forwarding numbers that ring at once; the first to answer talks. */
export function RingFields({ clientId, action, targets, error, onChange }: Props) {
  const { t } = useTranslation();
  const { port_ids = [], forwarding_ids = [] } = action;
  const many = port_ids.length + forwarding_ids.length;
  if (targets && targets.ports.length + targets.forwardings.length === 0) {
    return <NothingYet clientId={clientId} kind="ring" section="ports" error={error !== null} />;
  }
  return (
    <SimpleGrid cols={1}>
      <ThingsSelect
        clientId={clientId}
        kind="ports"
        targets={targets}
        label={t('dialplan.ringPorts')}
        value={port_ids}
        onChange={(ids) => onChange({ ...action, port_ids: ids })}
        maxValues={MOST - forwarding_ids.length}
        error={error}
      />
      <ThingsSelect
        clientId={clientId}
        kind="forwardings"
        targets={targets}
        label={t('dialplan.ringForwardings')}
        value={forwarding_ids}
        onChange={(ids) => onChange({ ...action, forwarding_ids: ids })}
        maxValues={MOST - port_ids.length}
      />
      <Text size="xs" c="dimmed" aria-live="polite">
        {t('dialplan.ringCount', { count: many, most: MOST })}
      </Text>
    </SimpleGrid>
  );
}
