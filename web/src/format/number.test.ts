import { expect, test } from 'vitest';

import { shownNumber, withShownNumbers } from './number';

test.each([
  ['74951234567', '+7 495 123-45-67'],
  ['+74951234567', '+7 495 123-45-67'],
  ['89161234567', '8 916 123-45-67'],
  ['442071234567', '+442071234567'],
  ['+442071234567', '+442071234567'],
  ['810442071234567', '810442071234567'],
  ['101', '101'],
  ['*69', '*69'],
  ['Секретарь', 'Секретарь'],
  ['', ''],
])('%s is shown as «%s»', (raw, shown) => {
  expect(shownNumber(raw)).toBe(shown);
});

test('numbers in a sentence are shown the same way, codes and ids are not touched', () => {
  expect(withShownNumbers('Выход на 79161112233, линия 101')).toBe('Выход на +7 916 111-22-33, линия 101');
  expect(withShownNumbers('№ 1791611122334')).toBe('№ 1791611122334');
});
