/**
 * When a scheduled query runs (EPCIS 2.0, section 8.2.5.3): the times that match every given field, in UTC. What is finer
 * than the finest field is its first value, so that hour and minute alone mean once a day; coarser fields are any.
 */
import { AppError } from '@zhenmei/kernel';
import './errors.ts';

const FIELDS = ['second', 'minute', 'hour', 'dayOfMonth', 'month', 'dayOfWeek'] as const;
export type ScheduleField = (typeof FIELDS)[number];
export type Schedule = Readonly<Partial<Record<ScheduleField, string>>>;

const RANGES: Readonly<Record<ScheduleField, readonly [least: number, most: number]>> = {
  second: [0, 59],
  minute: [0, 59],
  hour: [0, 23],
  dayOfMonth: [1, 31],
  month: [1, 12],
  /** 1 is Monday. */
  dayOfWeek: [1, 7],
};

/** From fine to coarse; a day of the month and one of the week are as coarse as each other. */
const LEVEL: Readonly<Record<ScheduleField, number>> = {
  second: 0,
  minute: 1,
  hour: 2,
  dayOfMonth: 3,
  dayOfWeek: 3,
  month: 4,
};

interface Matching {
  readonly second: readonly number[];
  readonly minute: readonly number[];
  readonly hour: readonly number[];
  day(at: Date): boolean;
}

/** Throws SUBSCRIPTION_INVALID with the field. */
export function readSchedule(schedule: Schedule): Matching {
  const given = FIELDS.filter((field) => schedule[field] !== undefined);
  if (given.length === 0) throw new AppError('SUBSCRIPTION_INVALID', { name: 'schedule' });
  const finest = Math.min(...given.map((field) => LEVEL[field]));
  const values = (field: ScheduleField): readonly number[] => {
    const [least, most] = RANGES[field];
    const written = schedule[field];
    if (written !== undefined) return elements(written, field);
    // a year's month alone means its first day, whatever day of the week that is
    const finer = LEVEL[field] < finest && field !== 'dayOfWeek';
    return finer ? [least] : range(least, most);
  };
  const [days, months, weekdays] = [
    new Set(values('dayOfMonth')),
    new Set(values('month')),
    new Set(values('dayOfWeek')),
  ];
  return {
    second: values('second'),
    minute: values('minute'),
    hour: values('hour'),
    day: (at) =>
      days.has(at.getUTCDate()) && months.has(at.getUTCMonth() + 1) && weekdays.has(at.getUTCDay() || 7),
  };
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);

/** Numbers, ranges `[a-b]` and steps `a/b`, parted by commas. */
function elements(written: string, field: ScheduleField): number[] {
  const [least, most] = RANGES[field];
  const wrong = (): never => {
    throw new AppError('SUBSCRIPTION_INVALID', { name: `schedule.${field}` });
  };
  const found = written.split(',').flatMap((element): number[] => {
    const [, single, from, to, start, step] =
      /^(?:(\d{1,2})|\[(\d{1,2})-(\d{1,2})\]|(\d{1,2})\/(\d{1,2}))$/.exec(element.trim()) ?? wrong();
    if (single !== undefined) return [Number(single)];
    if (from !== undefined) return range(Number(from), Number(to));
    if (Number(step) === 0) return wrong();
    return range(Number(start), most).filter((n) => (n - Number(start)) % Number(step) === 0);
  });
  if (found.length === 0 || found.some((n) => n < least || n > most)) wrong();
  return [...new Set(found)].sort((a, b) => a - b);
}

const DAY = 86_400_000;
/** Every 29 February comes within eight years. */
const HORIZON = 366 * 8 + 2;

/** The first time after `after`. Throws SUBSCRIPTION_INVALID if there is none, such as 31 February. */
export function nextRun(schedule: Schedule, after: number): number {
  const { second, minute, hour, day } = readSchedule(schedule);
  const from = Math.floor(after / 1000) * 1000 + 1000;
  const today = Math.floor(from / DAY) * DAY;
  for (let i = 0; i < HORIZON; i++) {
    const start = today + i * DAY;
    if (!day(new Date(start))) continue;
    for (const h of hour)
      for (const m of minute) {
        const at = start + (h * 60 + m) * 60_000;
        if (at + 59_000 < from) continue;
        for (const s of second) if (at + s * 1000 >= from) return at + s * 1000;
      }
  }
  throw new AppError('SUBSCRIPTION_INVALID', { name: 'schedule' });
}
