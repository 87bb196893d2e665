import { Alert, Anchor, Badge, Group, Paper, SimpleGrid, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { lazy, Suspense, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { Overview } from '../api/types';
import { breakable } from '../format/breakable';
import { money } from '../format/money';
import { Callable } from '../phone/CallButton';
import { RegistrationBadge } from '../ports/RegistrationBadge';

// Charts come after the figures, which are what one looks for first.
const HourChart = lazy(async () => ({ default: (await import('../calls/CallCharts')).HourChart }));

/** Where each warning leads. */
const PLACES: Record<string, string> = {
  ports_silent: 'ports',
  numbers_empty: 'numbers/internal',
  logins_failed: 'users',
  limits_hit: 'calls',
  dialplan_remarks: 'numbers/internal',
};
/** The same for matters of the exchange itself. */
const SYSTEM_PLACES: Record<string, string> = {
  certificate_ends: '/system?tab=certificates',
  certificate_over: '/system?tab=certificates',
};

function Card({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Paper withBorder p="md" radius="md" component="section" aria-label={title}>
      <Title order={2} size="h6" mb="xs">
        {title}
      </Title>
      {children}
    </Paper>
  );
}

/** What needs attention: locked ports, telephones that are not there, empty dialplans, failed log-ins. */
function AttentionList({ clientId, overview }: { clientId: number; overview: Overview }) {
  const { t } = useTranslation();
  const { attention, notices } = overview;
  if (attention.length === 0 && notices.length === 0) return null;
  return (
    <Alert
      color={notices.length > 0 ? 'red' : 'yellow'}
      icon={<IconAlertTriangle size={18} />}
      title={t('glance.attention')}
      mb="md"
    >
      <Stack gap={4} component="ul" m={0} pl="md">
        {notices.map((notice) => (
          <li key={notice.case_id}>
            <Anchor component={Link} to={`/c/${clientId}/ports`} size="sm">
              {t('glance.port_locked', { name: notice.name })}
            </Anchor>
          </li>
        ))}
        {attention.map(({ code, count }) => (
          <li key={code}>
            <Anchor component={Link} to={SYSTEM_PLACES[code] ?? `/c/${clientId}/${PLACES[code] ?? 'overview'}`} size="sm">
              {t(`glance.${code}`, { count })}
            </Anchor>
          </li>
        ))}
      </Stack>
    </Alert>
  );
}

interface Props {
  clientId: number;
  overview: Overview;
  /** Whether call detail is for this user. */
  calls: boolean;
  /** Whether he sees everything of the client, not only what is his own. */
  whole: boolean;
}

/** The client at a glance: warnings, today's calls and money, numbers and where they lead, devices. */
export function Glance({ clientId, overview, calls, whole }: Props) {
  const { t, i18n } = useTranslation();
  return (
    <>
      <AttentionList clientId={clientId} overview={overview} />
      <SimpleGrid cols={{ base: 1, lg: calls ? 3 : 2 }} mb="lg">
        {calls && (
          <Card title={t('glance.today')}>
            {overview.calls_today > 0 ? (
              <Suspense fallback={<Skeleton h={180} />}>
                <HourChart hours={overview.hours} />
              </Suspense>
            ) : (
              <Text size="sm" c="dimmed">
                {t('glance.noCalls')}
              </Text>
            )}
            {overview.money ? (
              <Text size="sm" mt="xs">
                {t('glance.spent')}: <b>{money(overview.money.spent_today, overview.money.currency, i18n.language)}</b> ·{' '}
                {t('glance.left')}: <b>{money(overview.money.left, overview.money.currency, i18n.language)}</b>
              </Text>
            ) : (
              overview.currency !== '' && (
                <Text size="sm" mt="xs">
                  {t('glance.spent')}: <b>{money(overview.spent_today, overview.currency, i18n.language)}</b>
                </Text>
              )
            )}
          </Card>
        )}
        <Card title={t('glance.leads')}>
          <Stack gap={6}>
            {overview.leads.map((lead) => (
              <Group key={lead.id} justify="space-between" wrap="nowrap" gap="sm">
                <Text size="sm" fw={600} className="digits" style={{ whiteSpace: 'nowrap' }}>
                  <Callable number={lead.kind === 'external' ? `+${lead.digits}` : lead.digits}>
                    <Anchor component={Link} to={`/c/${clientId}/numbers/${lead.id}/dialplan`} size="sm">
                      {lead.display}
                    </Anchor>
                  </Callable>
                </Text>
                <Text size="sm" c={lead.summary ? undefined : 'dimmed'} ta="right" lineClamp={3} miw={0} title={lead.summary} style={{ overflowWrap: 'anywhere' }}>
                  {lead.summary ? breakable(lead.summary) : t('numbers.noSteps')}
                </Text>
              </Group>
            ))}
            {overview.leads.length === 0 && (
              <Text size="sm" c="dimmed">
                {t(whole ? 'numbers.emptyInternal' : 'numbers.noneOfYours')}
              </Text>
            )}
          </Stack>
        </Card>
        <Card title={t('glance.devices')}>
          {overview.devices.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t(whole ? 'ports.empty' : 'ports.noneOfYours')}
            </Text>
          ) : (
            <Table verticalSpacing={4} horizontalSpacing={4} aria-label={t('glance.devices')}>
              <Table.Tbody>
                {overview.devices.map(({ port_id, name, registration }) => (
                  <Table.Tr key={port_id}>
                    <Table.Td>
                      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                        {name}
                      </Text>
                      <Text size="xs" c="dimmed" className="digits" style={{ overflowWrap: 'anywhere' }}>
                        {registration ? `${registration.address} ${registration.user_agent}` : ''}
                      </Text>
                    </Table.Td>
                    <Table.Td ta="right">
                      <RegistrationBadge registration={registration} />
                      {registration?.rtt_ms != null && (
                        <Badge variant="transparent" color="gray" tt="none">
                          {t('network.ms', { ms: registration.rtt_ms })}
                        </Badge>
                      )}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )}
        </Card>
      </SimpleGrid>
    </>
  );
}
