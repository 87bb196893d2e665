/** The one place that talks HTTP: session cookie, CSRF header, errors of our API as ApiError. */

export type FieldErrors = Record<string, string>;

/** What the API answers when it refuses: `code` for us, `message` and `fields` for the person. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: FieldErrors;

  constructor(status: number, code: string, message: string, fields: FieldErrors = {}) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}

type Listener = () => void;
const unauthorized = new Set<Listener>();

/** Calls `listener` whenever the API says that nobody is logged in (401). Returns the way to stop. */
export function onUnauthorized(listener: Listener): () => void {
  unauthorized.add(listener);
  return () => unauthorized.delete(listener);
}

function cookie(name: string): string {
  for (const part of document.cookie.split('; ')) {
    const [key, ...rest] = part.split('=');
    if (key === name) return decodeURIComponent(rest.join('='));
  }
  return '';
}

function isFieldErrors(value: unknown): value is FieldErrors {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Turns any refusal into an ApiError; a body that is not ours (a proxy's page) gives code `http`. */
async function failure(response: Response): Promise<ApiError> {
  try {
    const body = (await response.json()) as { code?: unknown; message?: unknown; fields?: unknown };
    if (typeof body.code === 'string' && typeof body.message === 'string') {
      const fields = isFieldErrors(body.fields) ? body.fields : {};
      return new ApiError(response.status, body.code, body.message, fields);
    }
  } catch {
    // Not JSON: described below by its status only.
  }
  return new ApiError(response.status, 'http', `HTTP ${response.status}`);
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Sends one request of the generated client. Throws ApiError; code `network` when no answer came. */
export async function request<T>(url: string, options: RequestInit = {}): Promise<T> {
  const headers = new Headers(options.headers);
  headers.set('Accept', 'application/json');
  headers.set('Accept-Language', document.documentElement.lang || 'ru');
  const method = (options.method ?? 'GET').toUpperCase();
  if (!SAFE.has(method)) headers.set('X-CSRFToken', cookie('csrftoken'));
  let response: Response;
  try {
    response = await fetch(url, { ...options, method, headers, credentials: 'same-origin' });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, 'network', '');
  }
  if (!response.ok) {
    const error = await failure(response);
    if (error.status === 401 && !url.endsWith('/auth/login')) unauthorized.forEach((tell) => tell());
    throw error;
  }
  if (response.status === 204) return undefined as T;
  // Sound, as the preview of a spoken text.
  if (response.headers.get('Content-Type')?.startsWith('audio/')) return (await response.blob()) as T;
  return (await response.json()) as T;
}
