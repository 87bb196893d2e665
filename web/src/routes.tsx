import { createBrowserRouter, Navigate, redirect } from 'react-router';

import { listClients } from './api/generated/ats';
import { queryClient } from './api/query';
import type { UserMe } from './api/types';
import { withMoreTexts } from './i18n';
import { seesClients } from './session/rights';
import { useMe, visitor } from './session/session';
import { Failure } from './shell/Failure';
import { Shell } from './shell/Shell';
import { firstPage } from './table/firstPage';

/** Where a visit begins: the operator's people at Клиенты, a client's own at their Обзор (S37). */
function startOf(user: UserMe): string {
  const screen = seesClients(user) ? 'clients' : 'overview';
  try {
    localStorage.setItem('ats.start', screen); // early.js asks for its files at the next visit
  } catch {
    // Storage is forbidden: that visit is a little slower.
  }
  return screen === 'clients' ? '/clients' : `/c/${user.client.id}/overview`;
}

/** After logging in. */
function Start() {
  return <Navigate replace to={startOf(useMe())} />;
}

/** Somebody logged in goes to the first screen at once; nobody stays where the log-in is. */
async function start(): Promise<Response | null> {
  const user = await visitor();
  return user && redirect(startOf(user));
}

/** Asks for the first rows of «Клиенты» while its screen is on its way. */
async function clientsFirst(): Promise<null> {
  const user = await visitor();
  if (user && seesClients(user)) {
    const query = firstPage('name');
    const asked = queryClient.query({ queryKey: ['clients', query], queryFn: () => listClients(query) });
    asked.catch(() => undefined); // the screen asks again, and says what is wrong
  }
  return null;
}

// Each screen is its own file: the first load stays small and React Flow comes only with the dialplan editor.
export const router = createBrowserRouter([
  {
    path: '/',
    element: <Shell />,
    errorElement: <Failure />,
    hydrateFallbackElement: <></>,
    children: [
      { index: true, loader: start, element: <Start /> },
      {
        path: 'clients',
        loader: clientsFirst,
        lazy: async () => ({ Component: (await import('./clients/ClientsPage')).ClientsPage }),
      },
      { path: 'system', lazy: async () => ({ Component: (await withMoreTexts(import('./system/SystemPage'))).SystemPage }) },
      {
        path: 'system/tariffs/:tariffId',
        lazy: async () => ({ Component: (await withMoreTexts(import('./money/RatesPage'))).RatesPage }),
      },
      { path: 'network', lazy: async () => ({ Component: (await import('./network/NetworkPage')).NetworkPage }) },
      { path: 'settings', lazy: async () => ({ Component: (await import('./settings/SettingsPage')).SettingsPage }) },
      {
        path: 'callback',
        lazy: async () => ({ Component: (await withMoreTexts(import('./callback/CallbackPage'))).CallbackPage }),
      },
      {
        path: 'c/:clientId',
        children: [
          {
            path: 'overview',
            lazy: async () => ({ Component: (await import('./overview/OverviewPage')).OverviewPage }),
          },
          { path: 'users', lazy: async () => ({ Component: (await withMoreTexts(import('./users/UsersPage'))).UsersPage }) },
          {
            path: 'numbers/internal',
            lazy: async () => ({ Component: (await import('./numbers/InternalPage')).InternalPage }),
          },
          {
            path: 'numbers/external',
            lazy: async () => ({ Component: (await import('./numbers/ExternalPage')).ExternalPage }),
          },
          {
            path: 'numbers/:numberId/dialplan',
            lazy: async () => ({ Component: (await withMoreTexts(import('./dialplan/DialplanPage'))).DialplanPage }),
          },
          { path: 'ports', lazy: async () => ({ Component: (await import('./ports/PortsPage')).PortsPage }) },
          { path: 'queues', lazy: async () => ({ Component: (await import('./queues/QueuesPage')).QueuesPage }) },
          {
            path: 'forwardings',
            lazy: async () => ({ Component: (await import('./forwardings/ForwardingsPage')).ForwardingsPage }),
          },
          { path: 'menus', lazy: async () => ({ Component: (await import('./menus/MenusPage')).MenusPage }) },
          {
            path: 'mailboxes',
            lazy: async () => ({ Component: (await import('./mailboxes/MailboxesPage')).MailboxesPage }),
          },
          {
            path: 'conferences',
            lazy: async () => ({ Component: (await import('./conferences/ConferencesPage')).ConferencesPage }),
          },
          { path: 'packages', lazy: async () => ({ Component: (await import('./packages/PackagesPage')).PackagesPage }) },
          {
            path: 'classifiers',
            lazy: async () => ({ Component: (await withMoreTexts(import('./classifiers/ClassifiersPage'))).ClassifiersPage }),
          },
          { path: 'holidays', lazy: async () => ({ Component: (await import('./holidays/HolidaysPage')).HolidaysPage }) },
          { path: 'pickup', lazy: async () => ({ Component: (await import('./pickup/PickupPage')).PickupPage }) },
          {
            path: 'recordings',
            lazy: async () => ({ Component: (await withMoreTexts(import('./recordings/RecordingsPage'))).RecordingsPage }),
          },
          {
            path: 'campaigns',
            lazy: async () => ({ Component: (await withMoreTexts(import('./campaigns/CampaignsPage'))).CampaignsPage }),
          },
          {
            path: 'webhooks',
            lazy: async () => ({ Component: (await withMoreTexts(import('./webhooks/WebhooksPage'))).WebhooksPage }),
          },
          { path: 'sounds', lazy: async () => ({ Component: (await import('./sounds/SoundsPage')).SoundsPage }) },
          {
            path: 'calls/active',
            lazy: async () => ({ Component: (await import('./calls/ActiveCallsPage')).ActiveCallsPage }),
          },
          { path: 'calls', lazy: async () => ({ Component: (await import('./calls/CallsPage')).CallsPage }) },
          { path: 'audit', lazy: async () => ({ Component: (await withMoreTexts(import('./audit/AuditPage'))).AuditPage }) },
          {
            path: 'network',
            lazy: async () => ({ Component: (await import('./network/NetworkPage')).NetworkPage }),
          },
        ],
      },
      { path: '*', element: <Failure /> },
    ],
  },
]);
