import { describe, expect, test } from 'vitest';

import { clock, dateTime, DAY_MINUTES, duration, minutes, startOfDay } from './time';

describe('times', () => {
  test('durations read as on a telephone', () => {
    expect(duration(0)).toBe('0:00');
    expect(duration(59_999)).toBe('0:59');
    expect(duration(125_000)).toBe('2:05');
    expect(duration(3_725_000)).toBe('1:02:05');
    expect(duration(-5)).toBe('0:00');
  });

  test('a day begins at midnight of the zone', () => {
    expect(startOfDay('2026-11-23', 'Europe/Moscow')).toBe('2026-11-22T21:00:00.000Z');
    expect(startOfDay('2026-11-23', 'Europe/Moscow', 1)).toBe('2026-11-23T21:00:00.000Z');
    expect(startOfDay('2026-11-23', 'Asia/Vladivostok')).toBe('2026-11-22T14:00:00.000Z');
    expect(startOfDay('2026-11-23', 'UTC')).toBe('2026-11-23T00:00:00.000Z');
  });

  test('a day begins right on the days the clock changes', () => {
    expect(startOfDay('2026-03-29', 'Europe/Berlin')).toBe('2026-03-28T23:00:00.000Z');
    expect(startOfDay('2026-03-30', 'Europe/Berlin')).toBe('2026-03-29T22:00:00.000Z');
    expect(startOfDay('2026-11-01', 'America/New_York')).toBe('2026-11-01T04:00:00.000Z');
    expect(startOfDay('2026-11-02', 'America/New_York')).toBe('2026-11-02T05:00:00.000Z');
  });

  test('times of a day are minutes, its end included', () => {
    expect([clock(0), clock(570), clock(DAY_MINUTES)]).toEqual(['00:00', '09:30', '24:00']);
    expect(minutes('9:30')).toBe(570);
    expect(minutes('24:00')).toBe(DAY_MINUTES);
    expect(minutes('24:01')).toBeNull();
    expect(minutes('12:60')).toBeNull();
    expect(minutes('noon')).toBeNull();
  });

  test('moments are shown in the zone of the user', () => {
    expect(dateTime('2026-11-23T11:05:09Z', 'ru', 'Europe/Moscow')).toContain('14:05:09');
    expect(dateTime('2026-03-04T21:05:09Z', 'ru', 'Europe/Moscow')).toBe('05.03.2026, 00:05:09');
    expect(dateTime('2026-03-04T21:05:09Z', 'en', 'Europe/Moscow')).toBe('05 Mar 2026, 00:05:09');
    expect(dateTime(null, 'ru', 'UTC')).toBe('');
  });
});
