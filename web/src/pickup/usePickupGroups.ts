import { useQuery } from '@tanstack/react-query';

import { listPickupGroups } from '../api/generated/ats';

/** The client's pickup groups as a drop-down takes them. */
export function usePickupGroups(clientId: number): { value: string; label: string }[] {
  const { data } = useQuery({
    queryKey: ['pickup', clientId, 'choices'],
    queryFn: () => listPickupGroups(clientId, { page_size: 500, sort: 'group' }),
  });
  return (data?.items ?? []).map(({ id, group, name }) => ({ value: String(id), label: `${group} — ${name}` }));
}
