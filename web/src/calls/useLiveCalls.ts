import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import { getStreamActiveCallsUrl, listActiveCalls } from '../api/generated/ats';
import type { LiveCalls } from '../api/types';

/** Active calls by server-sent events; while the stream is down, asked for every 10 seconds (S210). */
export function useLiveCalls(clientId: number) {
  const cache = useQueryClient();
  const [streaming, setStreaming] = useState(false);
  const key = ['live-calls', clientId];

  useEffect(() => {
    const source = new EventSource(getStreamActiveCallsUrl(clientId));
    source.onopen = () => setStreaming(true);
    source.onerror = () => setStreaming(false); // the browser tries again by itself
    source.addEventListener('calls', (event: MessageEvent<string>) => {
      // Our own server's words; their shape is the API's LiveCalls.
      cache.setQueryData(['live-calls', clientId], JSON.parse(event.data) as LiveCalls);
    });
    return () => source.close();
  }, [clientId, cache]);

  const query = useQuery({
    queryKey: key,
    queryFn: () => listActiveCalls(clientId),
    refetchInterval: streaming ? false : 10_000,
  });
  return { ...query, streaming };
}
