import { expect, test } from 'vitest';

import { sent, shown } from './values';

test('an empty field is no limit, zero is one', () => {
  expect(sent('lines_in', '')).toBeNull();
  expect(sent('lines_in', 0)).toBe(0);
  expect(shown('lines_in', null)).toBe('');
  expect(shown('lines_in', 0)).toBe(0);
});

test('money is written in the unit and sent exactly', () => {
  expect(sent('money_day', 12.4)).toBe(124_000);
  expect(sent('money_day', '0.1')).toBe(1000);
  expect(shown('money_month', 124_000)).toBe(12.4);
});
