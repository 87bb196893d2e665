import { describe, expect, test } from 'vitest';

import { inOrder, moved } from './useTableView';

const columns = ['name', 'login', 'email'].map((key) => ({ key }));
const keys = (order: string[]) => inOrder(columns, order).map((column) => column.key);

describe('order of columns', () => {
  test('nothing stored leaves the table as it is', () => {
    expect(keys([])).toEqual(['name', 'login', 'email']);
  });

  test('a column that a later release added comes last, one that is gone is ignored', () => {
    expect(keys(['email', 'gone', 'name'])).toEqual(['email', 'name', 'login']);
  });

  test('moving stops at both ends', () => {
    expect(moved(['a', 'b', 'c'], 'c', -1)).toEqual(['a', 'c', 'b']);
    expect(moved(['a', 'b'], 'a', -1)).toEqual(['a', 'b']);
    expect(moved(['a', 'b'], 'b', 1)).toEqual(['a', 'b']);
    expect(moved(['a', 'b'], 'x', 1)).toEqual(['a', 'b']);
  });
});
