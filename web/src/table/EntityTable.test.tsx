import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { MemoryRouter } from 'react-router';
import { afterEach, expect, test, vi } from 'vitest';

import { ApiError } from '../api/http';
import type { Page } from '../api/types';
import { EntityTable } from './EntityTable';

interface Row {
  id: number;
  name: string;
}

afterEach(cleanup);

// Texts are not loaded here: their keys stand for them.
function shown(load: () => Promise<Page<Row>>) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={client}>
        <MemoryRouter>
          <EntityTable<Row>
            id="rows"
            label="Rows"
            queryKey={['rows']}
            load={load}
            columns={[{ key: 'name', title: 'Name', render: (row) => row.name }]}
            empty="Nothing yet"
          />
        </MemoryRouter>
      </QueryClientProvider>
    </MantineProvider>,
  );
}

test.each([
  [true, 'table.rangeCut'],
  [false, 'table.range'],
])('a count that was cut (%s) is said to be so', async (total_cut, words) => {
  shown(() => Promise.resolve({ items: [{ id: 1, name: 'Line 1' }], total: 100_000, total_cut }));
  await waitFor(() => expect(screen.getByText('Line 1')).toBeTruthy());
  expect(screen.getByText(words)).toBeTruthy();
});

test('rows that could not be read are asked for again, and not called none', async () => {
  const load = vi
    .fn<() => Promise<Page<Row>>>()
    .mockRejectedValueOnce(new ApiError(0, 'network', ''))
    .mockResolvedValue({ items: [{ id: 1, name: 'Line 1' }], total: 1 });
  shown(load);
  await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('error.network'));
  expect(screen.queryByText('Nothing yet')).toBeNull();
  fireEvent.click(screen.getByText('action.retry'));
  await waitFor(() => expect(screen.getByText('Line 1')).toBeTruthy());
  expect(screen.queryByRole('alert')).toBeNull();
});
