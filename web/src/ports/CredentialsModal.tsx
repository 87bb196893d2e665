import { Accordion, ActionIcon, Button, CopyButton, Group, Image, Modal, Paper, Stack, Text, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { getCredentials } from '../api/generated/ats';
import type { Port } from '../api/types';
import { Trouble } from '../shell/Trouble';

function Row({ label, value, block = false }: { label: string; value: string; block?: boolean }) {
  const { t } = useTranslation();
  return (
    <Group justify="space-between" wrap={block ? 'wrap' : 'nowrap'} gap="md">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Group gap={6} wrap="nowrap">
        <Text
          size={block ? 'xs' : 'sm'}
          ff="monospace"
          fw={block ? 400 : 600}
          style={{ overflowWrap: 'anywhere', whiteSpace: block ? 'pre-wrap' : undefined }}
        >
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
            {data.qr !== '' && (
              <Group wrap="nowrap" align="flex-start">
                <Image src={data.qr} alt={t('ports.qr')} w={150} h={150} bg="white" p={4} radius="sm" />
                <Text size="xs" c="dimmed" miw={0} style={{ overflowWrap: 'anywhere' }}>
                  {t('ports.qrHint')}
                </Text>
              </Group>
            )}
            {data.softphones.length > 0 && (
              <Accordion variant="contained">
                {data.softphones.map(({ app, file, text }) => (
                  <Accordion.Item key={app} value={app}>
                    <Accordion.Control>{t('ports.settingsFor', { app })}</Accordion.Control>
                    <Accordion.Panel>
                      <Row label={file} value={text} block />
                    </Accordion.Panel>
                  </Accordion.Item>
                ))}
              </Accordion>
            )}
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
