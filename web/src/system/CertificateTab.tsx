import { Alert, Badge, Button, Code, Group, Paper, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconCertificate, IconRefresh } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { deleteCertificate, getCertificate } from '../api/generated/ats';
import type { CertificateFacts, CertificateOut, CertificateUse } from '../api/generated/model';
import { ConfirmDelete } from '../form/ConfirmDelete';
import { useTimes } from '../format/useTimes';
import { Loaded } from '../resource/Loaded';
import { CertificateWindow } from './CertificateWindow';
import { RestartEngine } from './RestartEngine';

const KEY = ['certificate'];
const WARN_DAYS = 30;

/** «Система → Сертификаты»: what the cabinet and SIP over TLS show of themselves, and whose it is. */
export function CertificateTab() {
  const query = useQuery({
    queryKey: KEY,
    queryFn: () => getCertificate(),
    // A new one is served within seconds; an engine that starts anew does not answer so long.
    refetchInterval: ({ state }) =>
      state.data?.uses.some((use) => use.on && (use.what === 'sip' ? use.fresh === null : !use.fresh)) ? 1500 : 30_000,
  });
  return (
    <Loaded query={query} height={300}>
      {(found) => <Certificate found={found} />}
    </Loaded>
  );
}

function Certificate({ found }: { found: CertificateOut }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [open, setOpen] = useState<'upload' | 'renew' | null>(null);
  const take = (now: CertificateOut) => {
    cache.setQueryData(KEY, now);
    setOpen(null);
  };
  return (
    <Stack maw={860}>
      <Text size="sm" c="dimmed">
        {t('certificate.hint')}
      </Text>
      {found.trouble && (
        <Alert color="red" icon={<IconAlertTriangle size={18} />} role="alert" style={{ overflowWrap: 'anywhere' }}>
          {t('certificate.trouble', { reason: found.trouble })}
        </Alert>
      )}
      {found.certificate && <Facts facts={found.certificate} source={found.source} path={found.path} />}
      {found.source !== 'file' && (
        <Group>
          <Button leftSection={<IconCertificate size={18} />} onClick={() => setOpen('upload')}>
            {t('certificate.upload')}
          </Button>
          <Button variant="default" leftSection={<IconRefresh size={18} />} onClick={() => setOpen('renew')}>
            {t('certificate.generate')}
          </Button>
        </Group>
      )}
      <Uses found={found} />
      {open === 'upload' && <CertificateWindow onClose={() => setOpen(null)} onDone={take} />}
      {open === 'renew' && (
        <ConfirmDelete
          name={t('certificate.own')}
          actionLabel={t('certificate.replace')}
          hint={t('certificate.generateHint')}
          remove={() => deleteCertificate()}
          onDone={() => {
            void cache.invalidateQueries({ queryKey: KEY });
            setOpen(null);
          }}
          onClose={() => setOpen(null)}
        />
      )}
    </Stack>
  );
}

function Facts({ facts, source, path }: { facts: CertificateFacts; source: CertificateOut['source']; path: string }) {
  const { t } = useTranslation();
  const times = useTimes();
  const late = facts.days_left < WARN_DAYS;
  const rows: [string, string][] = [
    [t('certificate.subject'), facts.subject],
    [t('certificate.names'), facts.names.join(', ') || '—'],
    [t('certificate.issuer'), facts.self_signed ? t('certificate.selfSigned') : facts.issuer],
    [t('certificate.begins'), times.dateTime(facts.not_before)],
    [t('certificate.ends'), times.dateTime(facts.not_after)],
    [t('certificate.fingerprint'), facts.fingerprint],
  ];
  return (
    <Paper withBorder p="lg" radius="md" component="section" aria-label={t('certificate.present')}>
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h5">
          {t('certificate.present')}
        </Title>
        <Group gap="xs">
          <Badge variant="light" tt="none">
            {t(`certificate.source.${source}`)}
          </Badge>
          <Badge color={facts.days_left < 0 ? 'red' : late ? 'yellow' : 'teal'} variant="light" tt="none">
            {facts.days_left < 0 ? t('certificate.over') : t('certificate.left', { count: facts.days_left })}
          </Badge>
        </Group>
      </Group>
      <Table.ScrollContainer minWidth={280}>
        <Table layout="fixed" verticalSpacing={4} withRowBorders={false}>
          <Table.Tbody>
            {[...rows, ...(path ? ([[t('certificate.path'), path]] as [string, string][]) : [])].map(([name, value]) => (
              <Table.Tr key={name}>
                <Table.Th fw={400} w={{ base: '42%', sm: '32%' }}>
                  <Text size="sm" c="dimmed">
                    {name}
                  </Text>
                </Table.Th>
                <Table.Td>
                  <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                    {value}
                  </Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}

function Uses({ found }: { found: CertificateOut }) {
  const { t } = useTranslation();
  return (
    <section aria-label={t('certificate.uses')}>
      <Title order={2} size="h5" mb="sm">
        {t('certificate.uses')}
      </Title>
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        {found.uses.map((use) => (
          <Paper key={use.what} withBorder p="md" radius="md">
            <Group justify="space-between" wrap="nowrap" mb={4}>
              <Text fw={600} size="sm">
                {t(`certificate.use.${use.what}`)}
              </Text>
              <State use={use} />
            </Group>
            <Text size="xs" c="dimmed">
              {t(`certificate.useHint.${use.what}`, { port: use.port })}
            </Text>
            {use.on && use.fresh === false && <Former use={use} calls={found.calls_now} />}
            {use.what === 'sip' && use.fresh === false && (
              <RestartEngine calls={found.calls_now} node={found.node} others={found.other_nodes} />
            )}
          </Paper>
        ))}
      </SimpleGrid>
      {!found.https && (
        <Text size="sm" mt="sm">
          {t('certificate.switchOn')} <Code>./ats up --https on</Code>
        </Text>
      )}
    </section>
  );
}

/** What is shown instead of the present one, and what it takes. */
function Former({ use, calls }: { use: CertificateUse; calls: number }) {
  const { t } = useTranslation();
  const times = useTimes();
  return (
    <Stack gap={4} mt={4}>
      {use.shown && (
        <Text size="xs" style={{ overflowWrap: 'anywhere' }}>
          {t('certificate.shown', { ...use.shown, until: times.dateTime(use.shown.not_after) })}
        </Text>
      )}
      <Text size="xs">{t(use.what === 'sip' ? 'certificate.later' : 'certificate.soon')}</Text>
      {use.what === 'sip' && (
        <Text size="xs" c={calls > 0 ? 'red' : undefined}>
          {calls > 0 ? t('certificate.calls', { count: calls }) : t('certificate.noCalls')}
        </Text>
      )}
    </Stack>
  );
}

function State({ use }: { use: CertificateUse }) {
  const { t } = useTranslation();
  const state = !use.on ? 'off' : use.fresh === null ? 'silent' : use.fresh ? 'on' : 'former';
  const color = { off: 'gray', silent: 'red', on: 'teal', former: 'yellow' }[state];
  return (
    <Badge color={color} variant="light" tt="none" style={{ flexShrink: 0 }}>
      {t(`certificate.state.${state}`)}
    </Badge>
  );
}
