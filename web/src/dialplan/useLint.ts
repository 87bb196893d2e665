import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { lintDraft } from '../api/generated/ats';
import type { WarningOut } from '../api/generated/model';
import { stepsOf, type Draft } from './model';

/** A remark with the step it is about; null: about the whole dialplan. */
export interface Remark extends WarningOut {
  key: string | null;
}

/** Remarks about the picture as it is drawn now, saved or not. They never keep anybody from saving. */
export function useLint(clientId: number, numberId: number, drafts: Draft[]): Remark[] {
  const [settled] = useDebouncedValue(drafts, 500);
  const whole = settled.filter((draft) => draft.action !== null);
  const { data } = useQuery({
    queryKey: ['dialplan-lint', clientId, numberId, stepsOf(whole)],
    queryFn: () => lintDraft(clientId, numberId, { steps: stepsOf(whole) }),
    placeholderData: keepPreviousData,
    retry: false, // a draft the server refuses is shown by «Сохранить»
  });
  return (data?.items ?? []).map((remark) => ({ ...remark, key: keyOf(whole, remark) }));
}

/** The step the server names by its id, or, when it is not saved yet, by its place. */
export function keyOf(drafts: Draft[], named: { step_id: number | null; place: number | null }): string | null {
  if (named.step_id !== null) return drafts.find((draft) => draft.id === named.step_id)?.key ?? null;
  return named.place === null ? null : (drafts[named.place]?.key ?? null);
}
