import { createBrowserRouter, Navigate } from 'react-router';

import { withMoreTexts } from './i18n';
import { seesClients } from './session/rights';
import { useMe } from './session/session';
import { Failure } from './shell/Failure';
import { Shell } from './shell/Shell';

/** Where a visit begins: the operator's people at Клиенты, a client's own at their Обзор (S37). */
function Start() {
  const me = useMe();
  return <Navigate replace to={seesClients(me) ? '/clients' : `/c/${me.client.id}/overview`} />;
}

// Each screen is its own file: the first load stays small and React Flow comes only with the dialplan editor.
export const router = createBrowserRouter([
  {
    path: '/',
    element: <Shell />,
    errorElement: <Failure />,
    hydrateFallbackElement: <></>,
    children: [
      { index: true, element: <Start /> },
      { path: 'clients', lazy: async () => ({ Component: (await import('./clients/ClientsPage')).ClientsPage }) },
      { path: 'system', lazy: async () => ({ Component: (await withMoreTexts(import('./system/SystemPage'))).SystemPage }) },
      {
        path: 'system/tariffs/:tariffId',
        lazy: async () => ({ Component: (await withMoreTexts(import('./money/RatesPage'))).RatesPage }),
      },
      { path: 'network', lazy: async () => ({ Component: (await import('./network/NetworkPage')).NetworkPage }) },
      { path: 'settings', lazy: async () => ({ Component: (await import('./settings/SettingsPage')).SettingsPage }) },
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
            path: 'webhooks',
            lazy: async () => ({ Component: (await withMoreTexts(import('./webhooks/WebhooksPage'))).WebhooksPage }),
          },
          { path: 'sounds', lazy: async () => ({ Component: (await import('./sounds/SoundsPage')).SoundsPage }) },
          {
            path: 'calls/active',
            lazy: async () => ({ Component: (await import('./calls/ActiveCallsPage')).ActiveCallsPage }),
          },
          { path: 'calls', lazy: async () => ({ Component: (await import('./calls/CallsPage')).CallsPage }) },
          { path: 'audit', lazy: async () => ({ Component: (await import('./audit/AuditPage')).AuditPage }) },
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
