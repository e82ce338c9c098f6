import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextRun, readSchedule, type Schedule } from './schedule.ts';

const at = (text: string) => Date.parse(text);
const next = (schedule: Schedule, after: string) => new Date(nextRun(schedule, at(after))).toISOString();

describe('a schedule', () => {
  it.each<[Schedule, string, string]>([
    // hour and minute alone: once a day
    [{ hour: '1', minute: '5' }, '2026-03-01T00:00:00Z', '2026-03-01T01:05:00.000Z'],
    [{ hour: '1', minute: '5' }, '2026-03-01T01:05:00Z', '2026-03-02T01:05:00.000Z'],
    [{ minute: '0/30' }, '2026-03-01T10:10:00Z', '2026-03-01T10:30:00.000Z'],
    [{ second: '0/30' }, '2026-03-01T10:10:31Z', '2026-03-01T10:11:00.000Z'],
    [{ second: '[10-12],40' }, '2026-03-01T10:10:12Z', '2026-03-01T10:10:40.000Z'],
    [{ hour: '8,20' }, '2026-03-01T08:00:00Z', '2026-03-01T20:00:00.000Z'],
    [{ dayOfWeek: '1' }, '2026-03-01T00:00:00Z', '2026-03-02T00:00:00.000Z'],
    [{ dayOfWeek: '7', hour: '9' }, '2026-03-02T00:00:00Z', '2026-03-08T09:00:00.000Z'],
    [{ dayOfMonth: '31' }, '2026-03-31T00:00:00Z', '2026-05-31T00:00:00.000Z'],
    [{ month: '2' }, '2026-03-01T00:00:00Z', '2027-02-01T00:00:00.000Z'],
    [{ month: '2', dayOfMonth: '29', hour: '12' }, '2026-03-01T00:00:00Z', '2028-02-29T12:00:00.000Z'],
    [{ month: '1', dayOfWeek: '1' }, '2026-01-05T00:00:00Z', '2026-01-12T00:00:00.000Z'],
  ])('%j after %s is %s', (schedule, after, wanted) => {
    expect(next(schedule, after)).toBe(wanted);
  });

  it.each<[Schedule, string]>([
    [{}, 'schedule'],
    [{ minute: '60' }, 'schedule.minute'],
    [{ hour: '24' }, 'schedule.hour'],
    [{ month: '0' }, 'schedule.month'],
    [{ dayOfWeek: '8' }, 'schedule.dayOfWeek'],
    [{ dayOfMonth: '' }, 'schedule.dayOfMonth'],
    [{ second: '*' }, 'schedule.second'],
    [{ second: '1-5' }, 'schedule.second'],
    [{ second: '[5-1]' }, 'schedule.second'],
    [{ second: '0/0' }, 'schedule.second'],
    [{ minute: '5,' }, 'schedule.minute'],
    [{ month: '2', dayOfMonth: '30' }, 'schedule'],
  ])('%j is refused at %s', (schedule, name) => {
    expect(() => nextRun(schedule, 0)).toThrowError(
      expect.objectContaining({ code: 'SUBSCRIPTION_INVALID', params: { name } }),
    );
  });

  it('comes after the given time, at a moment that fits, and none between is left out', () => {
    const field = (least: number, most: number) =>
      fc.option(fc.integer({ min: least, max: most }).map(String), { nil: undefined });
    fc.assert(
      fc.property(
        fc.record({ second: field(0, 59), minute: field(0, 59), hour: field(0, 23), dayOfWeek: field(1, 7) }),
        fc.integer({ min: 0, max: 4e9 }),
        (given, seconds) => {
          const schedule = Object.fromEntries(
            Object.entries(given).filter(([, value]) => value !== undefined),
          );
          fc.pre(Object.keys(schedule).length > 0);
          const { second, minute, hour, day } = readSchedule(schedule);
          const fits = (ms: number) => {
            const time = new Date(ms);
            return (
              second.includes(time.getUTCSeconds()) &&
              minute.includes(time.getUTCMinutes()) &&
              hour.includes(time.getUTCHours()) &&
              day(time)
            );
          };
          const after = seconds * 1000;
          const found = nextRun(schedule, after);
          expect(found).toBeGreaterThan(after);
          expect(fits(found)).toBe(true);
          for (let step = 1; step <= 500; step++) {
            const between = after + Math.floor((((found - after) / 501) * step) / 1000) * 1000;
            if (between > after && between < found) expect(fits(between)).toBe(false);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
