import { i18n } from '@lingui/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { date, showTimesOf } from '../shell/words.ts';
import { keepAsking } from './keep-asking.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('asking for the time', () => {
  it('goes on where nobody answers: soon, ever less often, and at least each minute', async () => {
    let [asked, answers] = [0, false];
    keepAsking(async () => {
      asked++;
      if (!answers) throw new Error('away');
    });
    const after = async (ms: number) => {
      await vi.advanceTimersByTimeAsync(ms);
      return asked;
    };
    expect([await after(0), await after(2_000), await after(4_000), await after(8_000)]).toEqual([
      1, 2, 3, 4,
    ]);
    await after(46_000);
    const before = asked;
    expect(await after(120_000)).toBe(before + 2);
    answers = true;
    const answered = await after(120_000);
    expect(await after(120_000)).toBe(answered + 2);
    answers = false;
    // after an answer the pauses are short again
    expect(await after(60_000 + 14_000)).toBeGreaterThan(answered + 2 + 3);
  });

  it('is done at once when somebody comes back, and never twice at a time', async () => {
    const waiting: (() => void)[] = [];
    const asking = keepAsking(() => new Promise<void>((done) => void waiting.push(done)));
    asking.now();
    expect(waiting).toHaveLength(1);
    waiting[0]!();
    await vi.advanceTimersByTimeAsync(0);
    asking.now();
    expect(waiting).toHaveLength(2);
  });
});

describe('a date', () => {
  it('says how far away it is only once the house’s time is known', () => {
    const [iso, wrong] = ['2026-12-03T10:00:00Z', Date.parse('2024-01-01T00:00:00Z')];
    expect(date(iso, wrong)).toMatch(/2026/);
    expect(date('2026-12-03T10:00:00Z', Date.parse('2026-12-02T10:00:00Z'))).not.toMatch(/\(|（/);
    i18n.loadAndActivate({ locale: 'en', messages: {} });
    showTimesOf('Asia/Shanghai');
    expect(date(iso, Date.parse('2026-12-02T10:00:00Z'))).toMatch(/[(（]/);
  });
});
