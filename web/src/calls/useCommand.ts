import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { getCallCommand } from '../api/generated/ats';
import type { CommandOut } from '../api/generated/model';
import { errorText } from '../form/errors';

const ASK_MS = 300;
const PATIENCE_MS = 12_000;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Gives an order about a call and follows it until the engine has answered. */
export function useCommand(clientId: number) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);

  const run = async (key: string, order: () => Promise<CommandOut>): Promise<boolean> => {
    setBusy(key);
    setError(null);
    try {
      let command = await order();
      const deadline = Date.now() + PATIENCE_MS;
      while (command.state === 'new' && Date.now() < deadline) {
        await pause(ASK_MS);
        command = await getCallCommand(clientId, command.id);
      }
      if (command.state !== 'done') setError(t('active.refused', { why: command.error || t('active.noAnswer') }));
      return command.state === 'done';
    } catch (failure) {
      setError(errorText(failure, t));
      return false;
    } finally {
      setBusy(null);
    }
  };
  return { run, busy, error };
}
