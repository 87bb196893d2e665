import { useQuery } from '@tanstack/react-query';

import { getDialplanTargets } from '../api/generated/ats';
import type { DialplanTargets } from '../api/types';

/** Everything of the client that something else can lead to: for drop-downs. */
export function useThings(clientId: number): DialplanTargets | undefined {
  const { data } = useQuery({
    queryKey: ['dialplan-targets', clientId],
    queryFn: () => getDialplanTargets(clientId),
  });
  return data;
}

/** As a drop-down takes them. */
export function choicesOf(things: { id: number; title: string }[] | undefined): { value: string; label: string }[] {
  return (things ?? []).map(({ id, title }) => ({ value: String(id), label: title }));
}
