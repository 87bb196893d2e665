import {
  IconAddressBook,
  IconBuilding,
  IconCalendarEvent,
  IconDeviceLandlinePhone,
  IconDialpad,
  IconHandGrab,
  IconHash,
  IconHistory,
  IconLayoutDashboard,
  IconListDetails,
  IconMessages,
  IconMicrophone,
  IconMusic,
  IconNetwork,
  IconPhoneCalling,
  IconPhoneOutgoing,
  IconRecordMail,
  IconServerCog,
  IconSpeakerphone,
  IconUsers,
  IconUsersGroup,
  IconVolume,
  IconWebhook,
  IconWorld,
  type Icon,
} from '@tabler/icons-react';

import type { UserMe } from '../api/types';
import { may, ofOperator, seesClients } from '../session/rights';

export interface MenuItem {
  /** Key of the label in the locales. */
  label: string;
  to: string;
  icon: Icon;
  /** Sections of «Обзор» stand under it, a step to the right. */
  nested?: boolean;
  /** Name of the group that begins with this section, as the manual's paths have it («Порты → Порты VoIP»). */
  group?: string;
}

/** The left menu in the manual's order (S20-S28); only what is built and what the user may see. */
export function menuFor(user: UserMe, clientId: number): MenuItem[] {
  const at = (section: string) => `/c/${clientId}/${section}`;
  const items: MenuItem[] = [{ label: 'menu.overview', to: at('overview'), icon: IconLayoutDashboard }];
  if (may(user, 'calls_view', clientId)) {
    items.push({ label: 'menu.activeCalls', to: at('calls/active'), icon: IconPhoneCalling, nested: true });
  }
  items.push(
    { group: 'overview.numbering', label: 'menu.internal', to: at('numbers/internal'), icon: IconHash, nested: true },
    { label: 'menu.external', to: at('numbers/external'), icon: IconWorld, nested: true },
    { group: 'overview.ports', label: 'menu.ports', to: at('ports'), icon: IconDeviceLandlinePhone, nested: true },
  );
  // Nothing of these belongs to a single user: who sees only his own would find them empty.
  const services: MenuItem[] = [
    {
      group: 'overview.services',
      label: 'menu.queues',
      to: at('queues'),
      icon: IconUsersGroup,
      nested: true,
    },
    { label: 'menu.forwardings', to: at('forwardings'), icon: IconPhoneOutgoing, nested: true },
    { label: 'menu.menus', to: at('menus'), icon: IconDialpad, nested: true },
    { label: 'menu.mailboxes', to: at('mailboxes'), icon: IconRecordMail, nested: true },
    { label: 'menu.conferences', to: at('conferences'), icon: IconMessages, nested: true },
    { label: 'menu.holidays', to: at('holidays'), icon: IconCalendarEvent, nested: true },
    { label: 'menu.pickup', to: at('pickup'), icon: IconHandGrab, nested: true },
    { group: 'overview.media', label: 'menu.packages', to: at('packages'), icon: IconMusic, nested: true },
    { label: 'menu.sounds', to: at('sounds'), icon: IconVolume, nested: true },
    { label: 'menu.recordings', to: at('recordings'), icon: IconMicrophone, nested: true },
    { label: 'menu.classifiers', to: at('classifiers'), icon: IconAddressBook },
  ];
  if (may(user, 'whole_view', clientId)) items.push(...services);
  if (may(user, 'telemarketing', clientId)) {
    items.push({ label: 'menu.campaigns', to: at('campaigns'), icon: IconSpeakerphone });
  }
  if (ofOperator(user, 'view_clients')) items.push({ label: 'menu.system', to: '/system', icon: IconServerCog });
  items.push({ label: 'menu.network', to: seesClients(user) ? '/network' : at('network'), icon: IconNetwork });
  if (seesClients(user)) items.push({ label: 'menu.clients', to: '/clients', icon: IconBuilding });
  if (may(user, 'users_view', clientId)) {
    items.push({ label: 'menu.users', to: at('users'), icon: IconUsers });
  }
  if (may(user, 'calls_view', clientId)) {
    items.push({ label: 'menu.calls', to: at('calls'), icon: IconListDetails });
  }
  if (may(user, 'audit_view', clientId)) {
    items.push({ label: 'menu.audit', to: at('audit'), icon: IconHistory });
  }
  if (may(user, 'webhooks', clientId)) {
    items.push({ label: 'menu.webhooks', to: at('webhooks'), icon: IconWebhook });
  }
  return items;
}

/** Whether an address is a section that this user's menu does not have, or belongs to a client he does not reach. */
export function isRefused(user: UserMe, clientId: number, path: string): boolean {
  if (clientId !== user.client.id && !seesClients(user)) return true;
  const master = { ...user, rights: ['manage_system'], client: { ...user.client, is_operator: true } };
  const known = (of: UserMe) => menuFor(of, clientId).some((item) => item.to === path);
  return known(master) && !known(user);
}
