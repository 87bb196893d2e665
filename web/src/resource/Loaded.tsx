import { Skeleton } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { Trouble } from '../shell/Trouble';

interface Props<T> {
  query: UseQueryResult<T>;
  /** Of the grey field that stands there meanwhile, in pixels. */
  height: number;
  children: (data: T) => ReactNode;
}

/** What a question to the server brought, once it is there. A later failure takes nothing off the screen. */
export function Loaded<T>({ query, height, children }: Props<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <Trouble error={query.error} retry={query.refetch} busy={query.isFetching} />;
  return <Skeleton h={height} />;
}
