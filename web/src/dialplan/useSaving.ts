import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { getDialplan, saveDialplan } from '../api/generated/ats';
import type { DialplanOut, DialplanSaved } from '../api/generated/model';
import { ApiError } from '../api/http';
import { errorText } from '../form/errors';
import { stepsOf } from './model';
import { provisioningKey } from './ProvisioningBadge';
import type { EditorState, EditorAction } from './useEditor';

interface Saving {
  busy: boolean;
  error: string | null;
  /** What the API said when somebody had saved in between; null: no such thing happened. */
  conflict: string | null;
  /** True after «keep mine»: what is on the screen is built on an older version. */
  outdated: boolean;
  save: () => Promise<void>;
  saveOver: () => Promise<void>;
  reload: () => Promise<void>;
  keepMine: () => void;
  /** Shows what the server has made of the dialplan by another way than «Сохранить». */
  adopt: (saved: DialplanSaved) => void;
}

/** Saving of a whole dialplan: refusals to their steps, a conflict to the person's choice. */
export function useSaving(
  clientId: number,
  numberId: number,
  state: EditorState,
  dispatch: (action: EditorAction) => void,
): Saving {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [conflict, setConflict] = useState<string | null>(null);
  const [outdated, setOutdated] = useState(false);

  const show = (dialplan: DialplanOut, type: 'load' | 'saved' = 'load') => {
    cache.setQueryData(['dialplan', clientId, numberId], dialplan);
    dispatch({ type, dialplan });
    setOutdated(false);
    setConflict(null);
    setError(null);
  };

  const adopt = (saved: DialplanSaved, type: 'load' | 'saved' = 'load') => {
    show(saved, type);
    cache.setQueryData(provisioningKey(clientId), saved.provisioning);
    void cache.invalidateQueries({ queryKey: provisioningKey(clientId) });
    void cache.invalidateQueries({ queryKey: ['numbers', clientId] });
    void cache.invalidateQueries({ queryKey: ['dialplan-sights', clientId, numberId] });
    void cache.invalidateQueries({ queryKey: ['dialplan-versions', clientId, numberId] });
  };

  const refuse = (failure: ApiError) => {
    const refused: Record<string, string> = {};
    const rest: string[] = [];
    for (const [path, message] of Object.entries(failure.fields)) {
      const index = Number(/^steps\.(\d+)/.exec(path)?.[1] ?? NaN);
      const draft = state.drafts[index];
      if (draft) refused[draft.key] = message;
      else rest.push(message);
    }
    dispatch({ type: 'refuse', refused });
    setError([failure.message, ...rest].join(' '));
  };

  const send = async (revision: number) => {
    setBusy(true);
    setError(null);
    try {
      const saved = await saveDialplan(clientId, numberId, { revision, steps: stepsOf(state.drafts) });
      adopt(saved, 'saved');
    } catch (failure) {
      if (failure instanceof ApiError && failure.status === 409 && failure.code === 'changed') {
        setConflict(failure.message);
      } else if (failure instanceof ApiError && Object.keys(failure.fields).length > 0) {
        refuse(failure);
      } else {
        setError(errorText(failure, t));
      }
    } finally {
      setBusy(false);
    }
  };

  const reload = async () => {
    try {
      show(await getDialplan(clientId, numberId));
    } catch (failure) {
      setError(errorText(failure, t));
      setConflict(null);
    }
  };

  /** Puts one's own picture in the place of the newer one, on the person's express wish only. */
  const saveOver = async () => {
    try {
      const newest = await getDialplan(clientId, numberId);
      await send(newest.revision);
    } catch (failure) {
      setError(errorText(failure, t));
    }
  };

  return {
    busy,
    error,
    conflict,
    outdated,
    save: () => send(state.revision),
    saveOver,
    reload,
    keepMine: () => {
      setConflict(null);
      setOutdated(true);
    },
    adopt: (saved) => adopt(saved),
  };
}
