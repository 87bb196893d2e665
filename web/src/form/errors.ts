import type { TFunction } from 'i18next';

import { ApiError } from '../api/http';

/** A failure in words for the person: the API's own message where it gave one. */
export function errorText(error: unknown, t: TFunction): string {
  if (error instanceof ApiError) {
    if (error.code === 'network') return t('error.network');
    if (error.code === 'http') return t('error.http', { status: error.status });
    return error.message;
  }
  return t('error.unexpected');
}
