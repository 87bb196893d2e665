import { QueryClient } from '@tanstack/react-query';

import { ApiError } from './http';

/** Only failures that may pass by themselves are tried again; a refusal stays a refusal. */
export function shouldRetry(count: number, error: unknown): boolean {
  if (error instanceof ApiError && error.status !== 0 && error.status < 500) return false;
  return count < 2;
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: shouldRetry, staleTime: 5_000, refetchOnWindowFocus: true },
    mutations: { retry: false },
  },
});
