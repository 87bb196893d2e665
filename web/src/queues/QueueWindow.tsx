import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { createQueue, updateQueue } from '../api/generated/ats';
import type { QueueOut } from '../api/generated/model';
import { DEFAULT_EXTRAS } from '../extras/extras';
import { ExtrasFields } from '../extras/ExtrasFields';
import { FormModal } from '../form/FormModal';
import { FormTabs } from '../form/FormTabs';
import { useSending } from '../form/useApiForm';
import { limitsOf } from '../limits/limitsOf';
import { useMaking } from '../limits/useMaking';
import { NO_LIMITS } from '../limits/values';
import { may } from '../session/rights';
import { useMe } from '../session/session';
import { AgentsTab } from './AgentsTab';
import { QueueGeneralTab } from './QueueGeneralTab';
import { QueueNowTab } from './QueueNowTab';
import { agentKey, agentOf, type QueueValues } from './values';
import { WaitingTab } from './WaitingTab';

interface Props {
  clientId: number;
  queue: QueueOut | null;
  onClose: () => void;
  onDone: () => void;
}

/** A queue: tabs Общие, Агенты, Ожидание, ДВО, Ограничения (S116-S127). */
export function QueueWindow({ clientId, queue, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const me = useMe();
  const readOnly = !may(me, 'dialplan_change', clientId);
  const form = useForm<QueueValues>({
    initialValues: {
      name: queue?.name ?? '',
      description: queue?.description ?? '',
      strategy: queue?.strategy ?? 'ringall',
      language: queue?.language ?? '',
      pickup_group_id: queue?.pickup_group_id ?? null,
      extras: { ...DEFAULT_EXTRAS, ...queue?.extras },
      max_waiting: queue?.max_waiting ?? 0,
      ring_s: queue?.ring_s ?? 15,
      retry_s: queue?.retry_s ?? 2,
      wrapup_s: queue?.wrapup_s ?? 0,
      announce_place: queue?.announce_place ?? false,
      announce_every_s: queue?.announce_every_s ?? 30,
      agents: (queue?.agents ?? []).map(agentKey),
      limits: NO_LIMITS,
    },
  });
  const make = useMaking<QueueOut>(clientId, 'queue');
  const sending = useSending<QueueValues, QueueOut>(
    form,
    ({ agents, limits, ...rest }) => {
      const body = {
        ...rest,
        agents: agents.map(agentOf),
      };
      const change = (id: number) => updateQueue(clientId, id, body);
      return queue ? change(queue.id) : make(limits, () => createQueue(clientId, body), change);
    },
    onDone,
  );
  return (
    <FormModal
      title={queue ? t('queues.editTitle', { name: queue.name }) : t('queues.createTitle')}
      onClose={onClose}
      sending={sending}
      readOnly={readOnly}
    >
      <FormTabs
        errors={form.errors}
        readOnly={readOnly}
        tabs={[
          {
            key: 'general',
            label: t('tab.general'),
            fields: ['name', 'description', 'strategy', 'language', 'pickup_group_id'],
            panel: <QueueGeneralTab clientId={clientId} form={form} />,
          },
          {
            key: 'agents',
            label: t('queues.agents'),
            fields: ['agents'],
            panel: (
              <AgentsTab
                clientId={clientId}
                agents={form.values.agents}
                ordered={form.values.strategy !== 'ringall' && form.values.strategy !== 'random'}
                error={form.errors.agents}
                onChange={(agents) => form.setFieldValue('agents', agents)}
              />
            ),
          },
          ...(may(me, 'advanced', clientId)
            ? [
                {
                  key: 'waiting',
                  label: t('queues.waitingTab'),
                  fields: ['max_waiting', 'ring_s', 'retry_s', 'wrapup_s', 'announce_place', 'announce_every_s'],
                  panel: <WaitingTab form={form} />,
                },
              ]
            : []),
          {
            key: 'extras',
            label: t('tab.extras'),
            fields: ['extras'],
            panel: (
              <ExtrasFields
                value={form.values.extras}
                onChange={(extras) => form.setFieldValue('extras', extras)}
                disabled={readOnly}
              />
            ),
          },
          ...(queue && may(me, 'calls_view', clientId)
            ? [
                {
                  key: 'now',
                  label: t('queues.nowTab'),
                  panel: <QueueNowTab clientId={clientId} queueId={queue.id} />,
                },
              ]
            : []),
          limitsOf({
            label: t('tab.limits'),
            clientId,
            scope: 'queue',
            objectId: queue?.id ?? null,
            value: form.values.limits,
            error: form.errors.limits,
            onChange: (limits) => form.setFieldValue('limits', limits),
          }),
        ]}
      />
    </FormModal>
  );
}
