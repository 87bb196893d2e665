import type { UseFormReturnType } from '@mantine/form';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiError } from '../api/http';
import { errorText } from './errors';
import { useUnsaved, type Unsaved } from './unsaved';

export interface Sending {
  submit: (event?: SubmitEvent<HTMLFormElement>) => void;
  busy: boolean;
  /** What cannot be shown beside a field. */
  error: string | null;
  /** What was typed and is not sent. */
  unsaved: Unsaved;
}

/** Sends a form's values; refusals of fields appear in place, everything else above the form. */
export function useSending<V extends Record<string, unknown>, R>(
  form: UseFormReturnType<V>,
  send: (values: V) => Promise<R>,
  done: (result: R) => void,
): Sending {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const unsaved = useUnsaved(form.isDirty());

  const run = async (values: V) => {
    setBusy(true);
    setError(null);
    try {
      const result = await send(values);
      unsaved.release();
      done(result);
      form.resetDirty(); // after it: `done` may reset the form, to what it was at first and not to what was sent
    } catch (failure) {
      setError(refusal(failure));
    } finally {
      setBusy(false);
    }
  };

  const refusal = (failure: unknown): string | null => {
    if (!(failure instanceof ApiError)) return errorText(failure, t);
    const own: Record<string, string> = {};
    const rest: string[] = [];
    for (const [path, message] of Object.entries(failure.fields)) {
      const field = path.split('.')[0] ?? path;
      if (field in form.getValues()) own[field] = message;
      else rest.push(message);
    }
    form.setErrors(own);
    if (rest.length > 0) return rest.join(' ');
    return Object.keys(own).length > 0 ? null : errorText(failure, t);
  };

  return { submit: form.onSubmit((values) => void run(values)), busy, error, unsaved };
}
