/** Names the screens use for shapes of the API; the shapes themselves are generated from its description. */

import type { StepOut, Targets } from './generated/model';

export type {
  AuditOut as AuditEntry,
  CallCard,
  CallOut as Call,
  Choices,
  ClientOut as Client,
  LiveCallOut as LiveCall,
  LiveCalls,
  Meta,
  NumberOut as NumberItem,
  Overview,
  PathItem,
  PoolNumber,
  PortOut as Port,
  Provisioning,
  RegistrationOut as Registration,
  RouteOut as Route,
  SessionOut as Session,
  SoundOut as Sound,
  TokenOut as ApiToken,
  UserMe,
  UserOut as User,
} from './generated/model';

/** One page of any list. */
export interface Page<T> {
  items: T[];
  total: number;
  /** There are more than `total`: counting stopped there. */
  total_cut?: boolean;
  /** Only among what is newer was looked. */
  looked_since?: string | null;
}

export type Condition = keyof Targets;
export type StepAction = StepOut['action'];

/** A calendar with nothing left out. */
export interface StepCalendar {
  days: number[];
  time_from: string;
  time_to: string;
  date_from: string | null;
  date_to: string | null;
  /** any | only | except the client's holidays. */
  holidays: string;
}
