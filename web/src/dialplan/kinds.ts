import type { Condition, DialplanTargets, StepAction } from '../api/types';

export type Kind = StepAction['kind'];

/** The conditions of the manual (S100-S104); the last two are a classifier's (S173). */
const RINGING: readonly Condition[] = ['forward', 'after_answer', 'no_answer', 'busy', 'no_route'];
const PLAYED: readonly Condition[] = ['forward', 'after_answer'];

interface KindInfo {
  /** Where the API lists the things it can lead to; null: it leads to nothing. */
  list: keyof DialplanTargets | null;
  /** Which conditions it can end with; «Переадресация» comes before any action. */
  conditions: readonly Condition[];
  /** Whether «Таймаут» means something. */
  rings: boolean;
}

/** The actions in the order of the drop-down. */
export const KINDS: Record<Kind, KindInfo> = {
  port: { list: 'ports', conditions: RINGING, rings: true },
  ring: { list: null, conditions: RINGING, rings: true },
  forwarding: { list: 'forwardings', conditions: RINGING, rings: true },
  sound: { list: 'sounds', conditions: PLAYED, rings: false },
  queue: { list: 'queues', conditions: RINGING, rings: true },
  menu: { list: 'menus', conditions: RINGING, rings: false },
  classifier: { list: 'classifiers', conditions: ['forward', 'found', 'not_found'], rings: false },
  mailbox: { list: 'mailboxes', conditions: ['forward', 'after_answer', 'no_route'], rings: false },
  fax: { list: null, conditions: ['forward', 'after_answer', 'no_route'], rings: false },
  conference: { list: 'conferences', conditions: ['forward', 'after_answer', 'busy', 'no_route'], rings: false },
  callback: { list: 'numbers', conditions: ['forward'], rings: false },
  number: { list: 'numbers', conditions: RINGING, rings: true },
  hangup: { list: null, conditions: ['forward'], rings: false },
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
      return null;
  }
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
      return { kind };
  }
}
