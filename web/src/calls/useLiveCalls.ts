import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import { getStreamActiveCallsUrl, listActiveCalls } from '../api/generated/ats';
import type { LiveCalls } from '../api/types';

const AGAIN_MS = 10_000;

/** Active calls by server-sent events; while the stream is down, asked for every 10 seconds (S210). */
export function useLiveCalls(clientId: number) {
  const cache = useQueryClient();
  const [streaming, setStreaming] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const key = ['live-calls', clientId];

  useEffect(() => {
    const source = new EventSource(getStreamActiveCallsUrl(clientId));
    source.onopen = () => setStreaming(true);
    let again: number | undefined;
    source.onerror = () => {
      setStreaming(false);
      // A break the browser mends by itself; an answer that is no stream (a proxy's 502) it takes for the last word.
      if (source.readyState === EventSource.CLOSED) {
        again = window.setTimeout(() => setAttempt((before) => before + 1), AGAIN_MS);
      }
    };
    source.addEventListener('calls', (event: MessageEvent<string>) => {
      // Our own server's words; their shape is the API's LiveCalls.
      cache.setQueryData(['live-calls', clientId], JSON.parse(event.data) as LiveCalls);
    });
    return () => {
      window.clearTimeout(again);
      source.close();
    };
  }, [clientId, cache, attempt]);

  const query = useQuery({
    queryKey: key,
    queryFn: () => listActiveCalls(clientId),
    refetchInterval: streaming ? false : AGAIN_MS,
  });
  return { ...query, streaming };
}
