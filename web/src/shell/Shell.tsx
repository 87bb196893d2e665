import {
  ActionIcon,
  AppShell,
  Burger,
  Button,
  Group,
  Menu,
  NavLink,
  ScrollArea,
  Skeleton,
  Stack,
  Text,
  Tooltip,
  UnstyledButton,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { spotlight } from '@mantine/spotlight';
import {
  IconDoorExit,
  IconLogout,
  IconMoon,
  IconPhoneCalling,
  IconSearch,
  IconSettings,
  IconSun,
  IconUserCircle,
} from '@tabler/icons-react';
import { Fragment, lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Outlet, useLocation, useNavigate } from 'react-router';

import { LeaveGuard } from '../form/LeaveGuard';
import { may, seesClients } from '../session/rights';
import { logOut, useMe } from '../session/session';
import { leaveAdministration, useClientScope } from './clientScope';
import { Refused } from './Failure';
import { Logo } from './Logo';
import { isRefused, menuFor } from './menu';
import classes from './Shell.module.css';

// Not needed to see the first screen: they come when it stands.
const PhoneDock = lazy(async () => ({ default: (await import('../phone/PhoneDock')).PhoneDock }));
const SearchWindow = lazy(async () => ({ default: (await import('./SearchWindow')).SearchWindow }));
const SETTLED_MS = 1000;

/** The frame of every screen: left menu, whose cabinet it is, the user's own menu. */
export function Shell() {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const [opened, { toggle, close }] = useDisclosure();
  const { clientId, administered, administering } = useClientScope();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');

  const [settled, setSettled] = useState(false);

  useEffect(close, [pathname, close]);
  // A menu longer than the screen shows where one is.
  useEffect(() => {
    document.querySelector('nav [aria-current="page"]')?.scrollIntoView({ block: 'nearest' });
  }, [pathname]);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(true), SETTLED_MS);
    return () => clearTimeout(timer);
  }, []);

  // Outside of any cabinet the operator sees the manual's sections at one look; «Обзор» unfolds its own.
  const folded = !administering && !pathname.startsWith('/c/') && seesClients(me);
  const sections = menuFor(me, clientId).filter((item) => !folded || !item.nested);

  const refused = isRefused(me, clientId, pathname);
  const leave = () => {
    leaveAdministration();
    void navigate('/clients');
  };

  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 248, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <a className={classes.skip} href="#content">
        {t('app.skip')}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={t('menu.toggle')}
              aria-expanded={opened}
            />
            <UnstyledButton component={Link} to="/" aria-label={`${t('app.name')}: ${t('app.home')}`}>
              <Group gap="xs" wrap="nowrap">
                <Logo />
                <Text fw={650} visibleFrom="xs">
                  {t('app.name')}
                </Text>
              </Group>
            </UnstyledButton>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Tooltip label={t('search.hint')}>
              <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('search.title')} onClick={spotlight.open}>
                <IconSearch size={20} />
              </ActionIcon>
            </Tooltip>
            <Tooltip label={t(scheme === 'dark' ? 'settings.themeLight' : 'settings.themeDark')}>
              <ActionIcon
                variant="subtle"
                color="gray"
                size="lg"
                aria-label={t(scheme === 'dark' ? 'settings.themeLight' : 'settings.themeDark')}
                onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}
              >
                {scheme === 'dark' ? <IconSun size={20} /> : <IconMoon size={20} />}
              </ActionIcon>
            </Tooltip>
            <Menu position="bottom-end" width={220}>
              <Menu.Target>
                <Button
                  variant="subtle"
                  color="gray"
                  leftSection={<IconUserCircle size={20} />}
                  aria-label={t('menu.account', { login: me.name || me.login })}
                >
                  <Text size="sm" truncate maw={{ base: 110, sm: 220 }}>
                    {me.name || me.login}
                  </Text>
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Label>{me.client.name}</Menu.Label>
                <Menu.Item component={Link} to="/settings" leftSection={<IconSettings size={16} />}>
                  {t('menu.settings')}
                </Menu.Item>
                {may(me, 'call_back', me.client.id) && (
                  <Menu.Item component={Link} to="/callback" leftSection={<IconPhoneCalling size={16} />}>
                    {t('menu.callback')}
                  </Menu.Item>
                )}
                <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void logOut()}>
                  {t('menu.logout')}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </Group>
        </Group>
      </AppShell.Header>

      <AppShell.Navbar p="xs" aria-label={t('menu.label')}>
        <AppShell.Section grow component={ScrollArea}>
          {sections.map(({ label, to, icon: Glyph, nested, group }) => (
            <Fragment key={to}>
              {group !== undefined && (
                <Text size="xs" c="dimmed" className={classes.group ?? ''}>
                  {t(group)}
                </Text>
              )}
              <NavLink
                component={Link}
                to={to}
                label={t(label)}
                leftSection={<Glyph size={18} stroke={1.6} />}
                active={pathname === to || (to !== `/c/${clientId}/calls` && pathname.startsWith(`${to}/`))}
                aria-current={pathname === to ? 'page' : undefined}
                pl={nested ? 'xl' : 'sm'}
                className={classes.link ?? ''}
              />
            </Fragment>
          ))}
        </AppShell.Section>
        <AppShell.Section>
          <NavLink
            component="button"
            label={t('menu.logout')}
            leftSection={<IconLogout size={18} stroke={1.6} />}
            onClick={() => void logOut()}
            className={classes.link ?? ''}
          />
        </AppShell.Section>
      </AppShell.Navbar>

      <AppShell.Main id="content" className={classes.main ?? ''}>
        {administering && !refused && (
          <Group className={classes.administering ?? ''} justify="space-between" mb="md" role="status">
            <Text size="sm">
              {t('clients.administering')} <b>{administered?.name ?? '…'}</b>
            </Text>
            <Button
              size="compact-sm"
              variant="white"
              leftSection={<IconDoorExit size={16} />}
              onClick={leave}
            >
              {t('clients.leave')}
            </Button>
          </Group>
        )}
        <Suspense
          fallback={
            <Stack>
              <Skeleton h={32} w={240} />
              <Skeleton h={320} />
            </Stack>
          }
        >
          {refused ? <Refused /> : <Outlet />}
        </Suspense>
      </AppShell.Main>
      <LeaveGuard />
      {settled && (
        <Suspense>
          <SearchWindow clientId={clientId} />
          <PhoneDock />
        </Suspense>
      )}
    </AppShell>
  );
}
