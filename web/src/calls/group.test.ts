import { expect, test } from 'vitest';

import type { LiveCall } from '../api/types';
import { oneRowPerCall } from './group';

function channel(id: string, linkedid: string, started_at: string): LiveCall {
  return {
    id,
    linkedid,
    started_at,
    caller: id,
    called: '',
    connected: '',
    state: 'up',
    answered: true,
    duration_ms: 0,
  };
}

test('channels of one call are one row, told by the channel that began it', () => {
  const rows = oneRowPerCall([
    channel('1.2', '1.1', '2026-11-23T09:00:00.000Z'),
    channel('1.1', '1.1', '2026-11-23T09:00:00.000Z'),
    channel('2.1', '2.1', '2026-11-23T08:59:00.000Z'),
  ]);
  expect(rows.map((row) => row.id)).toEqual(['2.1', '1.1']);
});
