import { MultiSelect, SimpleGrid, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { DialplanTargets, StepAction } from '../api/types';
import { NothingYet } from './NothingYet';

type RingAction = Extract<StepAction, { kind: 'ring' }>;

/** As many as the server takes (`MAX_RINGING`). */
const MOST = 20;

interface Props {
  clientId: number;
  action: RingAction;
  targets: DialplanTargets | undefined;
  error: string | null;
  onChange: (action: RingAction) => void;
}

/** «Одновременный вызов»: ports and forwarding numbers that ring at once; the first to answer talks. */
export function RingFields({ clientId, action, targets, error, onChange }: Props) {
  const { t } = useTranslation();
  const { port_ids = [], forwarding_ids = [] } = action;
  const choices = (list: { id: number; title: string }[] | undefined) =>
    (list ?? []).map(({ id, title }) => ({ value: String(id), label: title }));
  const many = port_ids.length + forwarding_ids.length;
  const shared = { searchable: true, clearable: true, limit: 200, nothingFoundMessage: t('table.nothingFound') };
  if (targets && targets.ports.length + targets.forwardings.length === 0) {
    return <NothingYet clientId={clientId} kind="ring" section="ports" error={error !== null} />;
  }
  return (
    <SimpleGrid cols={1}>
      <MultiSelect
        label={t('dialplan.ringPorts')}
        data={choices(targets?.ports)}
        value={port_ids.map(String)}
        onChange={(ids) => onChange({ ...action, port_ids: ids.map(Number) })}
        maxValues={MOST - forwarding_ids.length}
        error={error}
        {...shared}
      />
      <MultiSelect
        label={t('dialplan.ringForwardings')}
        data={choices(targets?.forwardings)}
        value={forwarding_ids.map(String)}
        onChange={(ids) => onChange({ ...action, forwarding_ids: ids.map(Number) })}
        maxValues={MOST - port_ids.length}
        {...shared}
      />
      <Text size="xs" c="dimmed" aria-live="polite">
        {t('dialplan.ringCount', { count: many, most: MOST })}
      </Text>
    </SimpleGrid>
  );
}
