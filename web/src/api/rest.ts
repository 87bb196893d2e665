import { request } from './http';

type Value = string | number | boolean | null | undefined;

/** `/path?a=1`, leaving out what is not set. */
export function withQuery(path: string, query: Record<string, Value>): string {
  const parts = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') parts.set(key, String(value));
  }
  const text = parts.toString();
  return text ? `${path}?${text}` : path;
}

export function get<T>(path: string, query: object = {}): Promise<T> {
  return request<T>(withQuery(path, query as Record<string, Value>));
}

function send<T>(method: string, path: string, body?: unknown): Promise<T> {
  return request<T>(path, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  });
}

export const post = <T>(path: string, body?: unknown): Promise<T> => send<T>('POST', path, body);
export const patch = <T>(path: string, body: unknown): Promise<T> => send<T>('PATCH', path, body);
export const put = <T>(path: string, body: unknown): Promise<T> => send<T>('PUT', path, body);
export const remove = (path: string): Promise<void> => send<undefined>('DELETE', path);
