import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';

import { getDialplan } from '../api/generated/ats';
import { useClientId } from '../shell/clientScope';
import { Trouble } from '../shell/Trouble';
import { Editor } from './Editor';

/** The dialplan of a number as a picture (S87-S107). */
export function DialplanPage() {
  const clientId = useClientId();
  const numberId = Number(useParams().numberId);
  const { data, error, refetch } = useQuery({
    queryKey: ['dialplan', clientId, numberId],
    queryFn: () => getDialplan(clientId, numberId),
    // Read once per visit: a silent re-read must never pull the picture from under the person's hands.
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  if (error) return <Trouble error={error} retry={refetch} />;
  if (!data) return <Skeleton h="60dvh" />;
  return <Editor key={`${clientId}:${numberId}`} clientId={clientId} numberId={numberId} first={data} />;
}
