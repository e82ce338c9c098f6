import { describe, expect, it } from 'vitest';
import { calendarDay, showTimesOf, startOfDay } from './words.ts';

const iso = (zone: string, day: string): string => {
  showTimesOf(zone);
  return new Date(startOfDay(day)).toISOString();
};

describe('a day of the clinics’ zone', () => {
  it.each([
    ['Asia/Shanghai', '2026-11-26', '2026-11-25T16:00:00.000Z'],
    ['America/New_York', '2026-07-01', '2026-07-01T04:00:00.000Z'],
    // the clocks change within the day, and on the day before
    ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00.000Z'],
    ['Europe/Berlin', '2026-10-26', '2026-10-25T23:00:00.000Z'],
    ['Pacific/Auckland', '2026-09-27', '2026-09-26T12:00:00.000Z'],
  ])('begins there: %s %s', (zone, day, expected) => {
    expect(iso(zone, day)).toBe(expected);
  });

  it('is another one just before it begins', () => {
    for (const day of ['2026-01-01', '2026-03-29', '2026-10-25', '2026-12-31']) {
      showTimesOf('Europe/Berlin');
      expect(calendarDay(startOfDay(day))).toBe(day);
      expect(calendarDay(startOfDay(day) - 1)).not.toBe(day);
    }
  });
});
