import {
  ActionIcon,
  Affix,
  Badge,
  Button,
  Group,
  Paper,
  Select,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  Tooltip,
} from '@mantine/core';
import { useDisclosure, useInterval, useLocalStorage } from '@mantine/hooks';
import {
  IconMicrophone,
  IconMicrophoneOff,
  IconPhone,
  IconPhoneOff,
  IconPlayerPause,
  IconPlayerPlay,
  IconX,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';

import { listPorts } from '../api/generated/ats';
import { shownNumber } from '../format/number';
import { duration } from '../format/time';
import { may } from '../session/rights';
import { useMe } from '../session/session';
import type { LineCall } from './line';
import { currentLine, switchOff, switchOn, usePhone } from './phone';

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];
const STATUS_COLORS = { off: 'gray', connecting: 'yellow', ready: 'teal', failed: 'red' };

/** The telephone in the corner, for whoever has a port that allows it («Веб-телефон»). */
export function PhoneDock() {
  const me = useMe();
  const clientId = me.client.id;
  const allowed = may(me, 'ports_secret', clientId);
  const { data } = useQuery({
    queryKey: ['web-phones', clientId],
    queryFn: () => listPorts(clientId, { webrtc: true, is_active: true, connection: 'subscriber', page_size: 100 }),
    enabled: allowed,
    staleTime: 60_000,
  });
  const ports = data?.items ?? [];
  if (ports.length === 0) return null;
  const own = ports.find((port) => port.owner_id === me.id);
  return (
    <Dock
      clientId={clientId}
      ports={ports.map((port) => ({ id: port.id, name: port.number_digits ? `${port.name} (${port.number_digits})` : port.name }))}
      usual={own?.id ?? ports[0]?.id ?? 0}
    />
  );
}

function Dock({ clientId, ports, usual }: { clientId: number; ports: { id: number; name: string }[]; usual: number }) {
  const { t } = useTranslation();
  const { status, why, call, sound, portId } = usePhone();
  const [opened, { open, close, toggle }] = useDisclosure();
  const [kept, keep] = useLocalStorage<number | null>({ key: 'ats.phone.port', defaultValue: null });
  const [chosen, setChosen] = useState<number | null>(null);
  const audio = useRef<HTMLAudioElement>(null);
  const port = portId ?? chosen ?? usual;
  const resumed = useRef(false);

  // Switched on once, it is on again after the page is loaded anew.
  useEffect(() => {
    if (kept === null || resumed.current || !ports.some((one) => one.id === kept)) return;
    resumed.current = true;
    if (status === 'off') void switchOn(clientId, kept);
  }, [kept, ports, clientId, status]);
  useEffect(() => {
    if (audio.current) audio.current.srcObject = sound;
  }, [sound]);
  const busy = call !== null;
  useEffect(() => {
    if (busy) open();
  }, [busy, open]);

  return (
    <Affix position={{ bottom: 16, right: 16 }} zIndex={150}>
      <audio ref={audio} autoPlay aria-hidden />
      {opened && (
        <Paper withBorder shadow="lg" p="md" radius="lg" w={350} mb="xs" role="region" aria-label={t('phone.title')}>
          <Group justify="space-between" mb="xs">
            <Group gap="xs">
              <Text fw={600}>{t('phone.title')}</Text>
              <Badge color={STATUS_COLORS[status]} variant="light" tt="none">
                {t(`phoneStatus.${status}`)}
              </Badge>
            </Group>
            <ActionIcon variant="subtle" color="gray" aria-label={t('action.close')} onClick={close}>
              <IconX size={16} />
            </ActionIcon>
          </Group>
          {why !== '' && (
            <Text size="xs" c="red" mb="xs">
              {why}
            </Text>
          )}
          {call ? (
            <Talk call={call} />
          ) : (
            <Stack gap="xs">
              {ports.length > 1 && (
                <Select
                  size="xs"
                  label={t('phone.port')}
                  allowDeselect={false}
                  disabled={status !== 'off' && status !== 'failed'}
                  data={ports.map((one) => ({ value: String(one.id), label: one.name }))}
                  value={String(port)}
                  onChange={(value) => setChosen(value === null ? null : Number(value))}
                />
              )}
              {status === 'ready' && <Dialler />}
              {status === 'off' || status === 'failed' ? (
                <Button
                  onClick={() => {
                    keep(port);
                    resumed.current = true;
                    void switchOn(clientId, port);
                  }}
                >
                  {t('phone.switchOn')}
                </Button>
              ) : (
                <Button
                  variant="default"
                  size="xs"
                  onClick={() => {
                    keep(null);
                    switchOff();
                  }}
                >
                  {t('phone.switchOff')}
                </Button>
              )}
            </Stack>
          )}
        </Paper>
      )}
      <Group justify="flex-end">
        <Tooltip label={t('phone.title')}>
          <ActionIcon
            size={52}
            radius="xl"
            color={STATUS_COLORS[status]}
            variant={status === 'off' ? 'default' : 'filled'}
            aria-label={t('phone.open')}
            aria-expanded={opened}
            onClick={toggle}
          >
            <IconPhone size={24} />
          </ActionIcon>
        </Tooltip>
      </Group>
    </Affix>
  );
}

function Dialler() {
  const { t } = useTranslation();
  const [number, setNumber] = useState('');
  const dial = (event: SubmitEvent) => {
    event.preventDefault();
    const digits = number.replace(/[^0-9+*#]/g, '');
    if (digits) currentLine()?.dial(digits);
  };
  return (
    <form onSubmit={dial}>
      <Stack gap="xs">
        <TextInput
          aria-label={t('phone.number')}
          placeholder={t('phone.number')}
          inputMode="tel"
          value={number}
          onChange={(event) => setNumber(event.currentTarget.value)}
        />
        <Pad onKey={(key) => setNumber((typed) => typed + key)} />
        <Button type="submit" color="teal" leftSection={<IconPhone size={16} />} disabled={number.trim() === ''}>
          {t('phone.call')}
        </Button>
      </Stack>
    </form>
  );
}

function Pad({ onKey }: { onKey: (key: string) => void }) {
  return (
    <SimpleGrid cols={3} spacing={6} verticalSpacing={6}>
      {KEYS.map((key) => (
        <Button key={key} variant="default" size="compact-md" type="button" onClick={() => onKey(key)}>
          {key}
        </Button>
      ))}
    </SimpleGrid>
  );
}

function Talk({ call }: { call: LineCall }) {
  const { t } = useTranslation();
  const [now, setNow] = useState(() => Date.now());
  const [target, setTarget] = useState('');
  useInterval(() => setNow(Date.now()), 1000, { autoInvoke: true });
  const line = currentLine();
  const talking = call.stage === 'talking';
  return (
    <Stack gap="xs">
      <div role="status">
        <Text fw={650} size="lg" className="digits">
          {shownNumber(call.number)}
        </Text>
        <Text size="sm" c="dimmed">
          {talking && call.since !== null ? duration(Math.max(0, now - call.since)) : t(`phoneStage.${call.stage}`)}
        </Text>
      </div>
      {call.stage === 'ringing' && (
        <Button color="teal" leftSection={<IconPhone size={16} />} onClick={() => line?.answer()}>
          {t('phone.answer')}
        </Button>
      )}
      {talking && (
        <>
          <Group gap="xs" grow>
            <Button
              size="compact-sm"
              variant={call.held ? 'filled' : 'default'}
              aria-pressed={call.held}
              leftSection={call.held ? <IconPlayerPlay size={14} /> : <IconPlayerPause size={14} />}
              onClick={() => line?.hold(!call.held)}
            >
              {t('phone.hold')}
            </Button>
            <Button
              size="compact-sm"
              variant={call.muted ? 'filled' : 'default'}
              aria-pressed={call.muted}
              leftSection={call.muted ? <IconMicrophoneOff size={14} /> : <IconMicrophone size={14} />}
              onClick={() => line?.mute(!call.muted)}
            >
              {t('phone.mute')}
            </Button>
          </Group>
          <Pad onKey={(key) => line?.tone(key)} />
          <Group gap="xs" wrap="nowrap">
            <TextInput
              size="xs"
              aria-label={t('phone.transferTo')}
              placeholder={t('phone.transferTo')}
              value={target}
              onChange={(event) => setTarget(event.currentTarget.value)}
            />
            <Button
              size="xs"
              variant="light"
              disabled={!/^\+?[0-9*#]+$/.test(target)}
              onClick={() => line?.transfer(target)}
            >
              {t('active.transfer')}
            </Button>
          </Group>
        </>
      )}
      <Button color="red" leftSection={<IconPhoneOff size={16} />} onClick={() => line?.end()}>
        {t(call.stage === 'ringing' ? 'phone.decline' : 'active.hangUp')}
      </Button>
    </Stack>
  );
}
