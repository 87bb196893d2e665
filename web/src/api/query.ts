import { QueryClient } from '@tanstack/react-query';

import { ApiError } from './http';

/** Only failures that may pass by themselves are tried again; a refusal stays a refusal. */
export function shouldRetry(count: number, error: unknown): boolean {
  if (error instanceof ApiError && error.status !== 0 && error.status < 500) return false;
  return count < 2;
}

export const queryClient = new QueryClient({
  defaultOptions: {
    // `always`: without a network a question fails and says so; the library would wait for it without a word.
    queries: {
      retry: shouldRetry,
      staleTime: 5_000,
      refetchOnWindowFocus: true,
      refetchOnReconnect: true,
      networkMode: 'always',
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});
