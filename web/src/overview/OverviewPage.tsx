import { Alert, Badge, Button, Card, Group, Paper, SimpleGrid, Skeleton, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import {
  IconDeviceLandlinePhone,
  IconHash,
  IconListDetails,
  IconPhoneCalling,
  IconShieldLock,
  IconUsers,
  IconVolume,
  IconWorld,
  type Icon,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { getOverview } from '../api/generated/ats';
import { ProvisioningBadge } from '../dialplan/ProvisioningBadge';
import { may } from '../session/rights';
import { useMe } from '../session/session';
import { useClientId } from '../shell/clientScope';
import { menuFor } from '../shell/menu';
import { PageTitle } from '../shell/PageTitle';
import { Trouble } from '../shell/Trouble';
import { FirstSteps } from './FirstSteps';
import { Glance } from './Glance';
import classes from './OverviewPage.module.css';

interface Tile {
  title: string;
  to: string;
  icon: Icon;
  /** Absent: only the way there. */
  value?: string;
  detail?: string;
}

function TileCard({ title, to, icon: Glyph, value, detail }: Tile) {
  return (
    <Card component={Link} to={to} withBorder padding={value === undefined ? 'xs' : 'md'} className={classes.tile ?? ''}>
      <Group wrap="nowrap" gap="md">
        <ThemeIcon size={value === undefined ? 30 : 42} variant="light" radius="md">
          <Glyph size={value === undefined ? 17 : 22} stroke={1.6} />
        </ThemeIcon>
        <div>
          <Text size="sm" {...(value === undefined ? {} : { c: 'dimmed' })}>
            {title}
          </Text>
          {value !== undefined && (
            <Text fw={650} size="xl" lh={1.2} className="digits">
              {value}
            </Text>
          )}
          {detail !== undefined && (
            <Text size="xs" c="dimmed">
              {detail}
            </Text>
          )}
        </div>
      </Group>
    </Card>
  );
}

/** «Обзор» (S20, S31): the client in figures, and the way to each of its sections. */
export function OverviewPage() {
  const { t } = useTranslation();
  const me = useMe();
  const clientId = useClientId();
  const { data, error, refetch } = useQuery({
    queryKey: ['overview', clientId],
    queryFn: () => getOverview(clientId),
    refetchInterval: 5000,
  });

  if (error && !data) return <Trouble error={error} retry={refetch} />;
  if (!data) {
    return (
      <Stack>
        <Skeleton h={36} w={260} />
        <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }}>
          {[1, 2, 3, 4, 5, 6].map((place) => (
            <Skeleton key={place} h={88} />
          ))}
        </SimpleGrid>
      </Stack>
    );
  }

  const at = (section: string) => `/c/${clientId}/${section}`;
  const { client, numbers, ports } = data;
  const numbering: Tile[] = [
    { title: t('menu.external'), to: at('numbers/external'), icon: IconWorld, value: String(numbers.external) },
    { title: t('menu.internal'), to: at('numbers/internal'), icon: IconHash, value: String(numbers.internal) },
  ];
  const devices: Tile[] = [
    {
      title: t('menu.ports'),
      to: at('ports'),
      icon: IconDeviceLandlinePhone,
      value: String(ports.total),
      detail: t('overview.registered', { count: ports.registered }),
    },
  ];
  // What has no figure of its own here: sections of the menu that this user has.
  const menu = menuFor(me, clientId);
  const ways = (...sections: string[]): Tile[] =>
    menu.filter(({ to }) => sections.some((section) => to === at(section))).map(({ label, ...way }) => ({ title: t(label), ...way }));
  const services = ways('queues', 'forwardings', 'menus', 'mailboxes', 'conferences', 'holidays', 'pickup');
  const media: Tile[] = [
    ...ways('packages'),
    ...(menu.some(({ to }) => to === at('sounds'))
      ? [{ title: t('menu.sounds'), to: at('sounds'), icon: IconVolume, value: String(data.sounds) }]
      : []),
  ];
  const calls: Tile[] = may(me, 'calls_view', clientId)
    ? [
        { title: t('menu.activeCalls'), to: at('calls/active'), icon: IconPhoneCalling, value: String(data.calls_now) },
        {
          title: t('menu.calls'),
          to: at('calls'),
          icon: IconListDetails,
          value: String(data.calls_today),
          detail: t('overview.callsToday'),
        },
      ]
    : [];
  const people: Tile[] = may(me, 'users_view', clientId)
    ? [{ title: t('menu.users'), to: at('users'), icon: IconUsers, value: String(client.counts.users) }]
    : [];
  const sections: { title: string; hint?: string; tiles: Tile[] }[] = [
    { title: t('overview.numbering'), tiles: numbering },
    { title: t('overview.ports'), tiles: devices },
    { title: t('overview.services'), hint: t('overview.components'), tiles: services },
    { title: t('overview.media'), tiles: media },
    { title: t('overview.calls'), tiles: calls },
    { title: t('overview.access'), tiles: people },
  ].filter((section) => section.tiles.length > 0);

  return (
    <>
      <PageTitle title={t('menu.overview')} hint={client.description || undefined}>
        <Group gap="xs">
          {!client.is_active && (
            <Badge color="red" variant="light" size="lg" tt="none">
              {t('overview.clientOff')}
            </Badge>
          )}
          <ProvisioningBadge clientId={clientId} />
        </Group>
      </PageTitle>
      <Paper mb="lg" bg="transparent">
        <Text size="sm" c="dimmed">
          {t('overview.company')}: <b>{client.name}</b> · {t('field.zone')}: {client.time_zone}
          {client.billing_account && ` · ${t('field.billing')}: ${client.billing_account}`}
        </Text>
      </Paper>
      {data.notices.map((notice) => (
        <Alert key={notice.case_id} color="red" icon={<IconShieldLock size={20} />} mb="lg" role="alert">
          <Group justify="space-between">
            <Text size="sm">{t('fraud.notice', { name: notice.name })}</Text>
            <Button component={Link} to={at('ports')} size="xs" color="red" variant="light">
              {t('menu.ports')}
            </Button>
          </Group>
        </Alert>
      ))}
      {may(me, 'ports_change', clientId) && may(me, 'numbers_change', clientId) && (
        <FirstSteps clientId={clientId} overview={data} />
      )}
      <Glance
        clientId={clientId}
        overview={data}
        calls={may(me, 'calls_view', clientId)}
        whole={may(me, 'whole_view', clientId)}
      />
      <div className={classes.sections}>
        {sections.map((section) => (
          <section key={section.title} aria-label={section.title}>
            <Title order={2} size="h6" c="dimmed" mb={6}>
              {section.title}
            </Title>
            {section.hint && (
              <Text size="xs" c="dimmed" mb={6}>
                {section.hint}
              </Text>
            )}
            <Stack gap="xs">
              {section.tiles.map((tile) => (
                <TileCard key={tile.to} {...tile} />
              ))}
            </Stack>
          </section>
        ))}
      </div>
    </>
  );
}
