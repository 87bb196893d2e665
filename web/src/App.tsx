import { Center, Loader, MantineProvider, mergeThemeOverrides } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { RouterProvider } from 'react-router/dom';

import { queryClient } from './api/query';
import { router } from './routes';
import { ExpiredModal } from './session/ExpiredModal';
import { LoginPage } from './session/LoginPage';
import { SessionProvider, useUser } from './session/session';
import { cssVariables, theme } from './theme';

function Waiting() {
  return (
    <Center h="100dvh">
      <Loader />
    </Center>
  );
}

function Cabinet() {
  const user = useUser();
  if (!user) return <LoginPage />;
  return (
    <>
      <RouterProvider router={router} />
      <ExpiredModal />
    </>
  );
}

export function App() {
  const { t } = useTranslation();
  // Notices are made by the library: only the theme can give their cross a name.
  const named = useMemo(
    () =>
      mergeThemeOverrides(theme, {
        components: { Notification: { defaultProps: { closeButtonProps: { 'aria-label': t('action.close') } } } },
      }),
    [t],
  );
  return (
    <MantineProvider theme={named} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <Notifications position="top-right" />
      <QueryClientProvider client={queryClient}>
        <SessionProvider loading={<Waiting />}>
          <Cabinet />
        </SessionProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}
