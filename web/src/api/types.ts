/** Shapes of the API's answers that the screens name. */

export interface Page<T> {
  items: T[];
  total: number;
}

export interface ClientRef {
  id: number;
  name: string;
  is_operator: boolean;
}

export interface UserMe {
  id: number;
  login: string;
  name: string;
  email?: string;
  language: string;
  time_zone: string;
  client: ClientRef;
  rights: string[];
}

export interface Session {
  authenticated: boolean;
  csrf_token: string;
  user: UserMe | null;
}

export interface Client {
  id: number;
  name: string;
  description: string;
  billing_account: string;
  is_operator: boolean;
  time_zone: string;
  language: string;
  area_code: string;
  is_active: boolean;
  version: number;
  counts: { users: number; internal_numbers: number; external_numbers: number; ports: number };
}

export interface NodeProvisioning {
  node: string;
  version: number;
  active: boolean;
  active_at: string | null;
  error: string;
}

export interface Provisioning {
  version: number;
  nodes: NodeProvisioning[];
}

export interface Overview {
  client: Client;
  numbers: { internal: number; external: number };
  ports: { total: number; registered: number };
  calls_now: number;
  calls_today: number;
  sounds: number;
  provisioning: Provisioning;
}

export interface User {
  id: number;
  login: string;
  name: string;
  email: string;
  language: string;
  time_zone: string;
  billing_account: string;
  rights: string[];
  is_active: boolean;
  created_at: string;
}

export interface Named {
  code: string;
  name: string;
}

export interface Meta {
  rights: Named[];
  roles: (Named & { rights: string[] })[];
  time_zones: string[];
  languages: Named[];
  causes: { code: number; name: string }[];
}

export interface NumberItem {
  id: number;
  kind: 'internal' | 'external';
  digits: string;
  display: string;
  name: string;
  description: string;
  time_zone: string;
  revision: number;
  steps_count: number;
  summary: string;
}

export interface PoolNumber {
  id: number;
  digits: string;
  display: string;
  client: { id: number; name: string } | null;
}

export type StepAction =
  | { kind: 'port'; port_id: number }
  | { kind: 'sound'; sound_id: number }
  | { kind: 'number'; number_id: number }
  | { kind: 'hangup'; cause: number };

export type Condition = 'forward' | 'after_answer' | 'no_answer' | 'busy' | 'no_route';

export interface StepCalendar {
  days: number[];
  time_from: string;
  time_to: string;
  date_from: string | null;
  date_to: string | null;
}

export interface Step {
  id: number | null;
  level: number;
  action: StepAction;
  timeout_s: number | null;
  targets: Record<Condition, number | null>;
  calendar: StepCalendar;
  x: number | null;
  y: number | null;
  title?: string;
}

export interface Dialplan {
  number: NumberItem;
  revision: number;
  steps: Step[];
  provisioning?: Provisioning;
}

export interface Target {
  id: number;
  title: string;
}

export interface DialplanTargets {
  ports: Target[];
  sounds: Target[];
  numbers: Target[];
}

export interface PortRegistration {
  status: string;
  address: string;
  user_agent: string;
  rtt_ms: number | null;
  expires_at: string | null;
}

export interface Port {
  id: number;
  kind: string;
  connection: 'subscriber' | 'trunk';
  name: string;
  description: string;
  is_active: boolean;
  login: string;
  number_id: number | null;
  clip_id: number | null;
  nat: boolean;
  media_through_server: boolean;
  dtmf: string;
  networks: string[];
  max_contacts: number;
  remote_host: string;
  remote_port: number;
  remote_login: string;
  remote_domain: string;
  register: boolean;
  number_format: string;
  registration: PortRegistration | null;
}

export interface Credentials {
  server: string;
  port: number;
  login: string;
  password: string;
}

export interface Route {
  id: number;
  prefix: string;
  description: string;
  trunk_ids: number[];
}

export interface Sound {
  id: number;
  name: string;
  description: string;
  language: string;
  duration_ms: number;
  created_at: string;
}

export interface LiveCall {
  id: string;
  caller: string;
  called: string;
  state: string;
  answered: boolean;
  started_at: string;
  duration_ms: number;
  linkedid: string;
}

export interface LiveCalls {
  items: LiveCall[];
  updated_at: string;
}

export interface Call {
  id: number;
  direction: string;
  started_at: string;
  answered_at: string | null;
  ended_at: string;
  ring_ms: number;
  talk_ms: number;
  caller: string;
  caller_name: string;
  called: string;
  via: string;
  answered_by: string;
  result: string;
  cause: number;
}

export interface CallLeg {
  endpoint: string;
  number: string;
  channel: string;
  started_at: string;
  answered_at: string | null;
  ended_at: string;
  cause: number;
}

export interface CallPathItem {
  number: string;
  number_id: number | null;
  step_id: number | null;
  step_title: string;
  level: number | null;
  via: string;
  end: string | null;
  text: string;
}

export interface CallCard extends Call {
  legs: CallLeg[];
  path: CallPathItem[];
}

export interface AuditEntry {
  id: number;
  at: string;
  actor_login: string;
  verb: string;
  object_type: string;
  object_id: number | null;
  object_name: string;
  before: Record<string, unknown>;
  after: Record<string, unknown>;
}

export interface Registration {
  port_id: number;
  port_name: string;
  client_id: number;
  client_name: string;
  login: string;
  node: string;
  status: string;
  address: string;
  user_agent: string;
  rtt_ms: number | null;
  expires_at: string | null;
}

export interface Health {
  status: string;
  version: string;
  parts: Record<string, { ok: boolean; detail: string }>;
}

export interface ApiToken {
  id: number;
  name: string;
  prefix: string;
  created_at: string;
  last_used_at: string | null;
  expires_at: string | null;
}
