import type { PortIn } from '../api/generated/model';
import type { Port } from '../api/types';
import { DEFAULT_EXTRAS, type Extras } from '../extras/extras';

export interface PortValues extends Record<string, unknown>, Omit<Required<PortIn>, 'number_id' | 'clip_id' | 'extras'> {
  extras: Extras;
  /** Drop-downs speak in text; '' is «not chosen». */
  number_id: string;
  clip_id: string;
}

export function valuesOf(port: Port | null): PortValues {
  return {
    kind: port?.kind ?? 'sip',
    connection: port?.connection ?? 'subscriber',
    name: port?.name ?? '',
    description: port?.description ?? '',
    is_active: port?.is_active ?? true,
    owner_id: port?.owner_id ?? null,
    pickup_group_id: port?.pickup_group_id ?? null,
    extras: { ...DEFAULT_EXTRAS, ...port?.extras },
    login: port?.login ?? '',
    password: '',
    number_id: port?.number_id ? String(port.number_id) : '',
    clip_id: port?.clip_id ? String(port.clip_id) : '',
    nat: port?.nat ?? false,
    media_through_server: port?.media_through_server ?? true,
    dtmf: port?.dtmf ?? 'rfc4733',
    networks: port?.networks ?? [],
    webrtc: port?.webrtc ?? false,
    max_contacts: port?.max_contacts ?? 1,
    remote_host: port?.remote_host ?? '',
    remote_port: port?.remote_port ?? 5060,
    remote_login: port?.remote_login ?? '',
    remote_domain: port?.remote_domain ?? '',
    register: port?.register ?? true,
    number_format: port?.number_format ?? 'e164',
  };
}

const SUBSCRIBER_ONLY = ['login', 'clip_id', 'max_contacts', 'webrtc'];
const TRUNK_ONLY = ['remote_host', 'remote_port', 'remote_login', 'remote_domain', 'register', 'number_format'];

/** Fields that a port of the other connection has and this one has not. */
function foreignFields(connection: string): string[] {
  return connection === 'trunk' ? SUBSCRIBER_ONLY : TRUNK_ONLY;
}

/** What is sent. An empty password is left out: unchanged, or generated for a new subscriber's port. */
export function draftOf({ password, number_id, clip_id, ...rest }: PortValues): PortIn {
  const draft = {
    ...rest,
    ...(password ? { password } : {}),
    number_id: number_id ? Number(number_id) : null,
    clip_id: clip_id ? Number(clip_id) : null,
  };
  const foreign = foreignFields(rest.connection);
  const kept = Object.entries(draft).filter(([field]) => !foreign.includes(field));
  return { name: draft.name, ...Object.fromEntries(kept) };
}

/** Fields of each tab, to mark the tab where the API refused something. */
const TAB_FIELDS: Record<string, string[]> = {
  general: ['kind', 'connection', 'name', 'description', 'is_active', 'owner_id', 'number_id', 'clip_id', 'pickup_group_id'],
  extras: ['extras'],
  voip: ['login', 'password', 'nat', 'media_through_server', 'dtmf', 'max_contacts', 'webrtc', ...TRUNK_ONLY],
  networks: ['networks'],
};

/** Fields that a tab shows for a port of this connection. */
export function fieldsOf(tab: string, connection: string): string[] {
  const foreign = foreignFields(connection);
  return (TAB_FIELDS[tab] ?? []).filter((field) => !foreign.includes(field));
}
