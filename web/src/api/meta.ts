import { useQuery } from '@tanstack/react-query';

import { getMeta } from './generated/ats';
import type { Meta } from './types';

const EMPTY: Meta = { rights: [], roles: [], time_zones: [], languages: [], causes: [] };

/** Lists that the server owns: rights, roles, zones, languages, causes. Named in the user's language. */
export function useMeta(): Meta {
  const { data } = useQuery({ queryKey: ['meta'], queryFn: () => getMeta(), staleTime: 300_000 });
  return data ?? EMPTY;
}
