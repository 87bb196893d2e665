import type { Condition, StepAction } from '../api/types';
import type { Chosen, ThingKind } from '../resource/things';

export type Kind = StepAction['kind'];

/** The conditions of the manual (S100-S104); the last two are a classifier's (S173). */
const RINGING: readonly Condition[] = ['forward', 'after_answer', 'no_answer', 'busy', 'no_route'];
const PLAYED: readonly Condition[] = ['forward', 'after_answer'];

interface KindInfo {
  /** Where the API lists the things it can lead to; null: it leads to nothing (or to several). */
  list: ThingKind | null;
  /** Section of the cabinet where such things are made: a component must exist before a step uses it (S112). */
  section: string | null;
  /** Which conditions it can end with; «Переадресация» comes before any action. */
  conditions: readonly Condition[];
  /** Whether «Таймаут» means something. */
  rings: boolean;
  /** Stands under «Сервис» in the drop-down (S90). */
  service?: true;
}

/** The actions in the order of the drop-down. */
export const KINDS: Record<Kind, KindInfo> = {
  port: { list: 'ports', section: 'ports', conditions: RINGING, rings: true },
  ring: { list: null, section: 'ports', conditions: RINGING, rings: true },
  forwarding: { list: 'forwardings', section: 'forwardings', conditions: RINGING, rings: true },
  sound: { list: 'sounds', section: 'sounds', conditions: PLAYED, rings: false },
  classifier: {
    list: 'classifiers',
    section: 'classifiers',
    conditions: ['forward', 'found', 'not_found'],
    rings: false,
    service: true,
  },
  fax: {
    list: null,
    section: null,
    conditions: ['forward', 'after_answer', 'no_route'],
    rings: false,
    service: true,
  },
  queue: { list: 'queues', section: 'queues', conditions: RINGING, rings: true, service: true },
  menu: { list: 'menus', section: 'menus', conditions: RINGING, rings: false, service: true },
  mailbox: {
    list: 'mailboxes',
    section: 'mailboxes',
    conditions: ['forward', 'after_answer', 'no_route'],
    rings: false,
    service: true,
  },
  conference: {
    list: 'conferences',
    section: 'conferences',
    conditions: ['forward', 'after_answer', 'busy', 'no_route'],
    rings: false,
    service: true,
  },
  pin: { list: null, section: null, conditions: RINGING, rings: false, service: true },
  callback: { list: 'numbers', section: 'numbers/internal', conditions: ['forward'], rings: false, service: true },
  number: { list: 'numbers', section: 'numbers/internal', conditions: RINGING, rings: true },
  hangup: { list: null, section: null, conditions: ['forward'], rings: false },
};

/** What an action leads to; null when it leads to nothing (or to several). */
export function thingOf(action: StepAction): number | null {
  switch (action.kind) {
    case 'port':
      return action.port_id;
    case 'forwarding':
      return action.forwarding_id;
    case 'queue':
      return action.queue_id;
    case 'menu':
      return action.menu_id;
    case 'sound':
      return action.sound_id;
    case 'classifier':
      return action.classifier_id;
    case 'mailbox':
      return action.mailbox_id;
    case 'conference':
      return action.conference_id;
    case 'callback':
    case 'number':
      return action.number_id;
    case 'hangup':
      return action.cause ?? 16;
    case 'ring':
    case 'fax':
    case 'pin':
      return null;
  }
}

/** Everything of the client that a step leads to. */
export function leadsTo({ action }: { action: StepAction | null }): Chosen[] {
  if (action === null) return [];
  if (action.kind === 'ring') {
    return [
      ...(action.port_ids ?? []).map((id) => ({ kind: 'ports' as const, id })),
      ...(action.forwarding_ids ?? []).map((id) => ({ kind: 'forwardings' as const, id })),
    ];
  }
  const { list } = KINDS[action.kind];
  const id = thingOf(action);
  return list === null || id === null || id === 0 ? [] : [{ kind: list, id }];
}

/** The action of a kind that leads to a thing of the client. */
export function actionOf(kind: Kind, id: number): StepAction {
  switch (kind) {
    case 'port':
      return { kind, port_id: id };
    case 'forwarding':
      return { kind, forwarding_id: id };
    case 'queue':
      return { kind, queue_id: id };
    case 'menu':
      return { kind, menu_id: id };
    case 'sound':
      return { kind, sound_id: id };
    case 'classifier':
      return { kind, classifier_id: id };
    case 'mailbox':
      return { kind, mailbox_id: id };
    case 'conference':
      return { kind, conference_id: id };
    case 'callback':
    case 'number':
      return { kind, number_id: id };
    case 'hangup':
      return { kind, cause: id };
    case 'ring':
      return { kind, port_ids: [], forwarding_ids: [] };
    case 'fax':
    case 'pin':
      return { kind };
  }
}

/** Whether an action names everything it needs. */
export function isWhole(action: StepAction | null): action is StepAction {
  if (action === null) return false;
  if (action.kind === 'ring') return (action.port_ids?.length ?? 0) + (action.forwarding_ids?.length ?? 0) > 0;
  return KINDS[action.kind].list === null || (thingOf(action) ?? 0) > 0;
}
