import { get, patch, post, remove } from '../api/rest';
import type { Client, Page } from '../api/types';
import type { ListQuery } from '../table/EntityTable';

export interface ClientDraft {
  name: string;
  description: string;
  billing_account: string;
  time_zone: string;
  language: string;
  area_code: string;
  is_active: boolean;
}

export const listClients = (query: ListQuery) => get<Page<Client>>('/api/clients', query);
export const loadClient = (id: number) => get<Client>(`/api/clients/${id}`);
export const createClient = (draft: ClientDraft) => post<Client>('/api/clients', draft);
export const changeClient = (id: number, draft: ClientDraft) => patch<Client>(`/api/clients/${id}`, draft);
export const deleteClient = (id: number) => remove(`/api/clients/${id}`);
