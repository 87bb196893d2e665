import { ActionIcon, Button, Checkbox, Group, NumberInput, PasswordInput, SimpleGrid, Stack, Text, TextInput, Tooltip } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { createRadius, updateRadius } from '../api/generated/ats';
import type { RadiusIn, RadiusOut } from '../api/generated/model';
import { FormModal } from '../form/FormModal';
import { useSending } from '../form/useApiForm';

interface Props {
  billing: RadiusOut | null;
  onClose: () => void;
  onDone: () => void;
}

interface ServerRow {
  /** Of a server that is known: it keeps its secret when none is typed. */
  id: number | null;
  host: string;
  auth_port: number;
  acct_port: number;
  secret: string;
}

interface Values extends Record<string, unknown> {
  name: string;
  nas_id: string;
  /** Never shown; sent only when typed. */
  password: string;
  timeout_ms: number;
  tries: number;
  silent_s: number;
  interim_s: number;
  renews: boolean;
  servers: ServerRow[];
}

const NEW_SERVER: ServerRow = { id: null, host: '', auth_port: 1812, acct_port: 1813, secret: '' };

/** An outside billing: its servers in the order they are asked, and how to speak to them. */
export function RadiusWindow({ billing, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const form = useForm<Values>({
    initialValues: {
      name: billing?.name ?? '',
      nas_id: billing?.nas_id ?? 'canmos-ats',
      password: '',
      timeout_ms: billing?.timeout_ms ?? 2000,
      tries: billing?.tries ?? 2,
      silent_s: billing?.silent_s ?? 0,
      interim_s: billing?.interim_s ?? 300,
      renews: billing?.renews ?? false,
      servers: billing?.servers.map((server) => ({ ...server, secret: '' })) ?? [NEW_SERVER],
    },
  });
  const sending = useSending<Values, RadiusOut>(
    form,
    ({ password, ...rest }) => {
      const draft: RadiusIn = password ? { ...rest, password } : rest;
      return billing ? updateRadius(billing.id, draft) : createRadius(draft);
    },
    onDone,
  );
  const port = (place: number, field: 'auth_port' | 'acct_port') => (
    <NumberInput
      label={t(`radius.${field}`)}
      min={1}
      max={65535}
      allowDecimal={false}
      hideControls
      {...form.getInputProps(`servers.${place}.${field}`)}
    />
  );
  return (
    <FormModal
      title={billing ? t('radius.editTitle', { name: billing.name }) : t('radius.createTitle')}
      onClose={onClose}
      sending={sending}
      size="xl"
    >
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput label={t('field.name')} required data-autofocus {...form.getInputProps('name')} />
        <TextInput label={t('radius.nas_id')} required {...form.getInputProps('nas_id')} />
      </SimpleGrid>
      <Stack gap="xs">
        <Text size="sm" fw={600}>
          {t('radius.servers')}
        </Text>
        <Text size="xs" c="dimmed">
          {t('radius.serversHint')}
        </Text>
        {form.errors['servers'] !== undefined && (
          <Text size="sm" c="red" role="alert">
            {form.errors['servers']}
          </Text>
        )}
        {form.values.servers.map((server, place) => (
          <Group key={place} align="flex-end" wrap="nowrap">
            <SimpleGrid cols={{ base: 1, xs: 4 }} style={{ flex: 1 }}>
              <TextInput
                label={t('radius.host')}
                placeholder="192.0.2.1"
                {...form.getInputProps(`servers.${place}.host`)}
              />
              {port(place, 'auth_port')}
              {port(place, 'acct_port')}
              <PasswordInput
                label={t('radius.secret')}
                placeholder={server.id === null ? '' : t('radius.kept')}
                autoComplete="new-password"
                {...form.getInputProps(`servers.${place}.secret`)}
              />
            </SimpleGrid>
            <Tooltip label={t('action.delete')}>
              <ActionIcon
                variant="subtle"
                color="red"
                size={36}
                disabled={form.values.servers.length === 1}
                aria-label={t('aria.delete', { name: server.host || String(place + 1) })}
                onClick={() => form.removeListItem('servers', place)}
              >
                <IconTrash size={18} />
              </ActionIcon>
            </Tooltip>
          </Group>
        ))}
        <Group>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} />}
            onClick={() => form.insertListItem('servers', NEW_SERVER)}
          >
            {t('radius.addServer')}
          </Button>
        </Group>
      </Stack>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <NumberInput label={t('radius.timeout_ms')} min={200} max={5000} {...form.getInputProps('timeout_ms')} />
        <NumberInput label={t('radius.tries')} min={1} max={5} {...form.getInputProps('tries')} />
        <NumberInput
          label={t('radius.silent_s')}
          description={t('radius.silentHint')}
          min={0}
          max={86400}
          {...form.getInputProps('silent_s')}
        />
        <NumberInput
          label={t('radius.interim_s')}
          description={t('radius.interimHint')}
          min={0}
          max={86400}
          {...form.getInputProps('interim_s')}
        />
        <PasswordInput
          label={t('radius.password')}
          description={t('radius.passwordHint')}
          placeholder={billing?.has_password ? t('radius.kept') : ''}
          autoComplete="new-password"
          {...form.getInputProps('password')}
        />
      </SimpleGrid>
      <Checkbox
        label={t('radius.renews')}
        description={t('radius.renewsHint')}
        {...form.getInputProps('renews', { type: 'checkbox' })}
      />
    </FormModal>
  );
}
