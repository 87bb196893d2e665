import { expect, test } from 'vitest';

import { bitsOf, daysOf } from './days';

test('days of the week go to bits and back', () => {
  expect(daysOf(127)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(daysOf(0b1000001)).toEqual([1, 7]);
  expect(bitsOf([1, 2, 3, 4, 5])).toBe(31);
  for (let bits = 0; bits < 128; bits += 1) expect(bitsOf(daysOf(bits))).toBe(bits);
});
