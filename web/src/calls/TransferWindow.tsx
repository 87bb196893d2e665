import { Alert, Button, Group, Modal, Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { transferCall } from '../api/generated/ats';
import type { LiveCall } from '../api/types';
import { shownNumber } from '../format/number';
import { ThingSelect } from '../resource/ThingSelect';
import { useCommand } from './useCommand';

interface Props {
  clientId: number;
  /** Channels of one call, the caller's first. */
  channels: LiveCall[];
  onClose: () => void;
}

/** «Перевести»: one side of a call goes to another internal number, the other side is let go. */
export function TransferWindow({ clientId, channels, onClose }: Props) {
  const { t } = useTranslation();
  const talking = channels.filter((channel) => channel.answered);
  const [channel, setChannel] = useState(talking[0]?.id ?? '');
  const [number, setNumber] = useState<number | null>(null);
  const { run, busy, error } = useCommand(clientId);
  const send = async () => {
    if (number === null) return;
    if (await run('transfer', () => transferCall(clientId, { id: channel, number_id: number }))) onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('active.transferTitle')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <Stack>
        <Radio.Group label={t('active.whom')} value={channel} onChange={setChannel}>
          <Stack gap={6} mt={6}>
            {talking.map((one) => (
              <Radio key={one.id} value={one.id} label={shownNumber(one.caller) || one.id} />
            ))}
          </Stack>
        </Radio.Group>
        <ThingSelect
          clientId={clientId}
          kind="numbers"
          label={t('active.toNumber')}
          value={number}
          onChange={setNumber}
        />
        {error !== null && (
          <Alert color="red" role="alert">
            {error}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button disabled={number === null || channel === ''} loading={busy !== null} onClick={() => void send()}>
            {t('active.transfer')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
