import { useQuery } from '@tanstack/react-query';

import { getMeta, getNewThings } from './generated/ats';
import type { NewThings } from './generated/model';
import type { Meta } from './types';

const EMPTY: Meta = { rights: [], roles: [], time_zones: [], languages: [], causes: [], endings: [] };

/** Lists that the server owns: rights, roles, zones, languages, causes. Named in the user's language. */
export function useMeta(): Meta {
  const { data } = useQuery({ queryKey: ['meta'], queryFn: () => getMeta(), staleTime: 300_000 });
  return data ?? EMPTY;
}

/** Better than no window at all when the server does not say it. */
const USUAL: NewThings = { time_zone: 'Europe/Moscow', language: 'ru', area_code: '495', mailbox_max_s: 180 };

/** What forms for new clients and voicemail boxes begin with; undefined until the server has said it. */
export function useNewThings(wanted = true): NewThings | undefined {
  const { data, isError } = useQuery({
    queryKey: ['new-things'],
    queryFn: () => getNewThings(),
    staleTime: 60_000,
    enabled: wanted,
  });
  return data ?? (isError ? USUAL : undefined);
}
