import { expect, test } from 'vitest';

import { strengthOf } from './strength';

test('what is short or repeats itself is weak, what the exchange offers is strong', () => {
  const level = (password: string) => strengthOf(password).level;
  expect(['', '1234', '11111111111111111111', 'abcabcabcabcabc', 'secret'].map(level)).toEqual(Array(5).fill('weak'));
  expect(level('secret-2026')).toBe('fair');
  expect(level('tv93-cx76-bu34-jp99')).toBe('strong');
});
