import { MantineProvider } from '@mantine/core';
import { cleanup, fireEvent, render, renderHook, act, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import type { BulkIn, BulkOut } from '../api/generated/model';
import { BulkBar } from './BulkBar';
import { useTableView } from './useTableView';

afterEach(cleanup);
beforeEach(() => localStorage.clear());

const rows = [
  { id: 1, name: '100' },
  { id: 2, name: '101' },
];

function bar(run: (body: BulkIn) => Promise<BulkOut>) {
  const onDone = vi.fn();
  const onClear = vi.fn();
  const bulk = { actions: ['delete'] as const, nameOf: (row: { name: string }) => row.name, run, onDone };
  render(
    <MantineProvider env="test">
      <BulkBar bulk={bulk} selected={rows} onClear={onClear} />
    </MantineProvider>,
  );
  return { onDone, onClear };
}

describe('many rows at once', () => {
  test('first asks what would happen, names what is refused, and then does the rest', async () => {
    const outcome = {
      done: 1,
      refused: 1,
      items: [
        { id: 1, ok: true },
        { id: 2, ok: false, message: 'Используется' },
      ],
    };
    const run = vi.fn().mockResolvedValue(outcome);
    const { onDone, onClear } = bar(run);
    fireEvent.click(screen.getByRole('button', { name: 'bulk.delete' }));
    const window = await screen.findByRole('dialog');
    expect(run).toHaveBeenCalledExactlyOnceWith({ action: 'delete', ids: [1, 2], dry_run: true });
    expect(window.textContent).toContain('101: Используется');
    expect(onDone).not.toHaveBeenCalled();
    const [, really] = screen.getAllByRole('button', { name: 'bulk.delete', hidden: true });
    if (!really) throw new Error('no button in the window');
    fireEvent.click(really);
    await waitFor(() => expect(onDone).toHaveBeenCalledOnce());
    expect(run).toHaveBeenLastCalledWith({ action: 'delete', ids: [1, 2], dry_run: false });
    expect(onClear).toHaveBeenCalledOnce();
  });

  test('when nothing can be done there is nothing to press', async () => {
    bar(vi.fn().mockResolvedValue({ done: 0, items: [{ id: 1, ok: false, message: 'Нет' }] }));
    fireEvent.click(screen.getByRole('button', { name: 'bulk.delete' }));
    await screen.findByRole('dialog');
    const [, really] = screen.getAllByRole('button', { name: 'bulk.delete', hidden: true });
    expect(really?.hasAttribute('disabled')).toBe(true);
  });
});

describe('the view of a table', () => {
  const byDefault = { hidden: ['id'], order: [], widths: {} };

  test('is kept in the browser, for this table alone, and can be put back', () => {
    const first = renderHook(() => useTableView('ports', byDefault));
    act(() => first.result.current.change({ hidden: ['id', 'login'] }));
    act(() => first.result.current.change({ widths: { name: 220 } }));
    const again = renderHook(() => useTableView('ports', byDefault)).result;
    expect(again.current.view).toEqual({ hidden: ['id', 'login'], order: [], widths: { name: 220 } });
    expect(renderHook(() => useTableView('users', byDefault)).result.current.view).toEqual(byDefault);
    act(() => again.current.reset());
    expect(renderHook(() => useTableView('ports', byDefault)).result.current.view).toEqual(byDefault);
  });

  test.each(['{', '[1]', '"x"', '{"hidden": "name", "widths": {"name": "wide"}}'])(
    'nonsense in the storage (%s) does no harm',
    (text) => {
      localStorage.setItem('ats.table.ports', text);
      expect(renderHook(() => useTableView('ports', byDefault)).result.current.view).toEqual(byDefault);
    },
  );
});
