import type { UserMe } from '../api/types';

/**
 * What the menu and the buttons offer. The server decides for itself (src/ats/clients/access.py);
 * these rules only keep from the screen what it would refuse.
 */
export type Ability =
  | 'whole_view'
  | 'users_view'
  | 'users_add'
  | 'users_change'
  | 'users_delete'
  | 'numbers_change'
  | 'external_allot'
  | 'ports_change'
  | 'ports_secret'
  | 'dialplan_change'
  | 'sounds_change'
  | 'calls_view'
  | 'calls_control'
  | 'audit_view'
  | 'telemarketing'
  | 'call_back'
  | 'webhooks'
  | 'advanced';

const KEEPER = ['change_users', 'change_clients'];

// Any one right is enough: first in one's own company, second in another's.
const RULES: Record<Ability, [own: string[], others: string[]]> = {
  // Everything of the company, not only what is one's own (S229).
  whole_view: [['view_users', 'view_clients', ...KEEPER], ['view_clients']],
  users_view: [['view_users'], ['view_clients']],
  users_add: [['add_users'], ['change_clients']],
  users_change: [['change_users'], ['change_clients']],
  users_delete: [['delete_users'], ['change_clients']],
  numbers_change: [KEEPER, ['change_clients']],
  external_allot: [[], ['change_clients']],
  ports_change: [['change_clients'], ['change_clients']],
  // Somebody with «Изменение настроек» alone sees only ports of his own.
  ports_secret: [[...KEEPER, 'change_own'], ['change_clients']],
  dialplan_change: [KEEPER, ['change_clients']],
  sounds_change: [KEEPER, ['change_clients']],
  calls_view: [['view_own_cdr', 'view_users_cdr', 'view_clients_cdr'], ['view_clients_cdr']],
  calls_control: [
    ['control_own_calls', 'control_users_calls', 'control_clients_calls'],
    ['control_clients_calls'],
  ],
  audit_view: [['view_users', 'view_clients'], ['view_clients']],
  call_back: [['web_services'], []],
  telemarketing: [['telemarketing'], ['telemarketing']],
  webhooks: [['change_clients', 'web_services'], ['change_clients']],
  // «Расширенные настройки» (S237): whether the windows show what the manual leaves to those who know; no more than that.
  advanced: [['advanced'], ['advanced']],
};

// What one must have besides in one's own company, one of each: hooks tell of everybody's calls and money (the operator's
// of all companies').
const BESIDES: Partial<Record<Ability, string[][]>> = {
  webhooks: [
    ['view_users_cdr', 'view_clients_cdr', 'change_clients'],
    ['view_users', 'view_clients', 'change_clients'],
  ],
};

const has = (user: UserMe, rights: string[]) => rights.some((right) => user.rights.includes(right));

/** Manages the whole system (S213). */
export function isSystem(user: UserMe): boolean {
  return user.client.is_operator && user.rights.includes('manage_system');
}

/** Whether the user may do something in a client. */
export function may(user: UserMe, ability: Ability, clientId: number): boolean {
  if (isSystem(user)) return true;
  if (ability === 'external_allot') return ofOperator(user, 'change_clients');
  const [own, others] = RULES[ability];
  if (clientId !== user.client.id) return has(user, others);
  const enough = (right: string) => !user.client.is_operator || !right.startsWith('view_users');
  return has(user, own) && (BESIDES[ability] ?? []).every((rights) => has(user, rights.filter(enough)));
}

/** Whether a user of the operator holds one of the rights over clients. */
export function ofOperator(user: UserMe, ...rights: string[]): boolean {
  return isSystem(user) || (user.client.is_operator && has(user, rights));
}

/** People of the operator who see the list of clients. */
export function seesClients(user: UserMe): boolean {
  return ofOperator(user, 'view_clients', 'change_clients');
}
