import { expect, it } from 'vitest';
import { dateFormat, numberFormat } from './formats.ts';

const AT = Date.parse('2026-12-03T16:30:00.000Z');

it('keeps a formatter for each language, zone and form', () => {
  const day = { timeZone: 'Asia/Shanghai', month: 'short', day: 'numeric' } as const;
  expect(dateFormat('en-GB', day)).toBe(dateFormat('en-GB', { ...day }));
  expect(dateFormat('en-GB', day).format(AT)).toBe('4 Dec');
  expect(dateFormat('en-GB', { ...day, timeZone: 'UTC' }).format(AT)).toBe('3 Dec');
  expect(dateFormat('zh-CN', day).format(AT)).toBe('12月4日');
  expect(numberFormat('en', { style: 'percent' }).format(0.25)).toBe('25%');
  expect(numberFormat('en').format(1_000)).toBe('1,000');
});

it('makes its own where the zone is not said, as the platform does', () => {
  const form = { month: 'short', day: 'numeric', timeZone: undefined } as const;
  expect(dateFormat('en-GB', form).format(AT)).toBe(new Intl.DateTimeFormat('en-GB', form).format(AT));
});

it('refuses what the platform refuses', () => {
  expect(() => dateFormat('en-GB', { timeZone: 'Mars/Olympus' })).toThrow(RangeError);
  expect(() => numberFormat('en', { style: 'currency' })).toThrow(TypeError);
});
