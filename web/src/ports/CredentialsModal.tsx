import { ActionIcon, Button, CopyButton, Group, Modal, Paper, Stack, Text, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { getCredentials } from '../api/generated/ats';
import type { Port } from '../api/types';
import { Trouble } from '../shell/Trouble';

function Row({ label, value }: { label: string; value: string }) {
  const { t } = useTranslation();
  return (
    <Group justify="space-between" wrap="nowrap" gap="md">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Group gap={6} wrap="nowrap">
        <Text size="sm" ff="monospace" fw={600} style={{ overflowWrap: 'anywhere' }}>
          {value}
        </Text>
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <Tooltip label={t(copied ? 'action.copied' : 'action.copy')}>
              <ActionIcon
                variant="subtle"
                color={copied ? 'teal' : 'gray'}
                onClick={copy}
                aria-label={t('aria.copy', { name: label })}
              >
                {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
              </ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
      </Group>
    </Group>
  );
}

/** What to type into a telephone or a softphone so that it registers. */
export function CredentialsModal({ clientId, port, onClose }: { clientId: number; port: Port; onClose: () => void }) {
  const { t } = useTranslation();
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ['credentials', clientId, port.id],
    queryFn: () => getCredentials(clientId, port.id),
    gcTime: 0,
    staleTime: 0,
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('ports.credentialsTitle', { name: port.name })}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <Stack>
        <Text size="sm">{t('ports.credentialsHint')}</Text>
        {error && <Trouble error={error} retry={refetch} busy={isFetching} />}
        {data && (
          <>
            <Paper withBorder p="md" radius="md">
              <Stack gap={6}>
                <Row label={t('ports.kind')} value={port.kind.toUpperCase()} />
                <Row label={t('ports.server')} value={data.server} />
                <Row label={t('ports.serverPort')} value={String(data.port)} />
                <Row label={t('ports.login')} value={data.login} />
                <Row label={t('ports.voipPassword')} value={data.password} />
                <Row label={t('ports.transport')} value={port.kind === 'sip' ? 'UDP, TCP' : 'UDP'} />
                {data.tls_port > 0 && <Row label={t('ports.tlsPort')} value={String(data.tls_port)} />}
              </Stack>
            </Paper>
            <Text size="xs" c="dimmed">
              {t('ports.credentialsFoot')}
            </Text>
          </>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('action.close')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
