import { useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';

import { setLimits } from '../api/generated/ats';
import { ApiError } from '../api/http';
import { given, type Limits, type LimitScope } from './values';

/**
 * Makes a thing and sets the limits typed in its window. Limits are a thing of their own at the server: should they
 * be refused (said as the form's field `limits`), the next try changes what the first has made.
 *
 * `clientId` null: the thing is a client itself.
 */
export function useMaking<T extends { id: number }>(clientId: number | null, scope: LimitScope) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const made = useRef<T | null>(null);

  return async (limits: Limits, create: () => Promise<T>, change: (id: number) => Promise<T>): Promise<T> => {
    const thing = made.current === null ? await create() : await change(made.current.id);
    made.current = thing;
    const wanted = given(limits);
    if (Object.keys(wanted).length === 0) return thing;
    try {
      await setLimits(clientId ?? thing.id, scope, thing.id, wanted);
    } catch (failure) {
      void cache.invalidateQueries(); // lists show it already, without its limits
      if (!(failure instanceof ApiError) || Object.keys(failure.fields).length === 0) throw failure;
      const words = Object.entries(failure.fields).map(([field, said]) => `${t(`limits.${field}`)}: ${said}`);
      throw new ApiError(failure.status, failure.code, failure.message, { limits: words.join(' ') });
    }
    return thing;
  };
}
