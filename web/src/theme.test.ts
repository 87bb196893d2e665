import { DEFAULT_THEME, mergeMantineTheme } from '@mantine/core';
import { describe, expect, test } from 'vitest';

import { contrast, cssVariables, theme } from './theme';

const whole = mergeMantineTheme(DEFAULT_THEME, theme);
const variables = cssVariables(whole);

describe.each(['light', 'dark'] as const)('colours in the %s', (scheme) => {
  const of = (name: string) => variables[scheme][`--mantine-color-${name}`] ?? '';
  const page = scheme === 'light' ? [whole.white, whole.colors.gray[0]] : [whole.colors.dark[7], whole.colors.dark[8]];

  test.each(Object.keys(whole.colors))('%s is read in every variant', (color) => {
    expect(contrast(of(`${color}-filled`), whole.white)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(of(`${color}-filled-hover`), whole.white)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(of(`${color}-light-color`), of(`${color}-light`))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(of(`${color}-light-color`), of(`${color}-light-hover`))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(of('line-text'), of(`${color}-light`))).toBeGreaterThanOrEqual(color === 'dark' ? 2 : 4.5);
    for (const behind of page) {
      expect(contrast(of(`${color}-text`), behind)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(of(`${color}-outline`), behind)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(of(`${color}-light-color`), behind)).toBeGreaterThanOrEqual(4.5);
    }
  });

  test('hints are read', () => {
    for (const behind of page) expect(contrast(of('placeholder'), behind)).toBeGreaterThanOrEqual(4.5);
  });
});
