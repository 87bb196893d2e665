import type { UserMe } from '../api/types';

/** Whether the user holds a right; «Управление системой» holds them all (S212). */
export function can(user: UserMe, ...rights: string[]): boolean {
  return user.rights.includes('manage_system') || rights.some((right) => user.rights.includes(right));
}

/** People of the operator who see the list of clients. */
export function seesClients(user: UserMe): boolean {
  return can(user, 'view_clients', 'change_clients', 'add_clients');
}
