import type { PortIn } from '../api/generated/model';
import type { Port } from '../api/types';
import { DEFAULT_EXTRAS, type Extras } from '../extras/extras';
import { NO_LIMITS, type Limits } from '../limits/values';

export interface PortValues extends Record<string, unknown>, Omit<Required<PortIn>, 'number_id' | 'clip_id' | 'extras'> {
  extras: Extras;
  /** Drop-downs speak in text; '' is «not chosen». */
  number_id: number | null;
  clip_id: number | null;
  /** Of a new port only. */
  limits: Limits;
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
    number_id: port?.number_id ?? null,
    clip_id: port?.clip_id ?? null,
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
    limits: NO_LIMITS,
  };
}

/** «Тип порта» (S60), with the usual port number of each protocol. */
export const PROTOCOLS = [
  { value: 'sip', label: 'SIP' },
  { value: 'iax2', label: 'IAX2' },
  { value: 'h323', label: 'H.323' },
];
const USUAL_PORTS: Record<string, number> = { sip: 5060, iax2: 4569, h323: 1720 };

/** The same port over another protocol; a port number that was only the usual one changes with it. Over H.323 there are
 * other operators only, told by their address. */
export function withProtocol(values: PortValues, kind: string): PortValues {
  const usual = values.remote_port === USUAL_PORTS[values.kind];
  const connection = kind === 'h323' ? 'trunk' : values.connection;
  return { ...values, kind, connection, remote_port: usual ? (USUAL_PORTS[kind] ?? values.remote_port) : values.remote_port };
}

const SIP_ONLY = ['media_through_server', 'dtmf', 'max_contacts', 'webrtc', 'remote_domain'];
const NOT_H323 = ['remote_login', 'password', 'register', 'nat', 'extras', 'number_id', 'pickup_group_id'];
const SUBSCRIBER_ONLY = ['login', 'clip_id', 'max_contacts', 'webrtc'];
const TRUNK_ONLY = ['remote_host', 'remote_port', 'remote_login', 'remote_domain', 'register', 'number_format'];

/** Fields that a port of the other connection or protocol has and this one has not. */
function foreignFields({ connection, kind }: Pick<PortValues, 'connection' | 'kind'>): string[] {
  const foreign = connection === 'trunk' ? SUBSCRIBER_ONLY : TRUNK_ONLY;
  if (kind === 'sip') return foreign;
  return [...foreign, ...SIP_ONLY, ...(kind === 'h323' ? NOT_H323 : [])];
}

/** What is sent. An empty password is left out: unchanged, or generated for a new subscriber's port. */
export function draftOf({ password, limits: _limits, ...rest }: PortValues): PortIn {
  const draft = {
    ...rest,
    ...(password ? { password } : {}),
  };
  const foreign = foreignFields(rest);
  const kept = Object.entries(draft).filter(([field]) => !foreign.includes(field));
  return { name: draft.name, ...Object.fromEntries(kept) };
}

/** Fields of each tab, to mark the tab where the API refused something. */
const TAB_FIELDS: Record<string, string[]> = {
  general: ['kind', 'connection', 'name', 'description', 'is_active', 'owner_id', 'number_id', 'clip_id', 'pickup_group_id'],
  extras: ['extras'],
  voip: ['login', 'password', 'nat', 'media_through_server', 'dtmf', 'max_contacts', 'webrtc', ...TRUNK_ONLY],
  networks: ['networks'],
  limits: ['limits'],
};

/** Fields that a tab shows for this port. */
export function fieldsOf(tab: string, values: Pick<PortValues, 'connection' | 'kind'>): string[] {
  const foreign = foreignFields(values);
  return (TAB_FIELDS[tab] ?? []).filter((field) => !foreign.includes(field));
}
