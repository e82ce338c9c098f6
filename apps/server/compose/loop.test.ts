import type { Log } from '@zhenmei/telemetry';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loop } from './loop.ts';

const quiet = { warn: () => undefined } as unknown as Log;

function started(stir?: () => Promise<string>, work: () => Promise<unknown> = async () => undefined) {
  const done = vi.fn(work);
  const ends: (() => Promise<void>)[] = [];
  const shutdown = { closing: false, add: (_: string, end: () => Promise<void>) => ends.push(end) };
  loop('work', 100, done, quiet, shutdown as never, stir);
  return { done, end: () => Promise.all(ends.map((end) => end())) };
}

describe('work in the background', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is done again and again where nothing tells whether there is any', async () => {
    const { done } = started();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(done.mock.calls.length).toBeGreaterThanOrEqual(10);
  });

  it('rests while nothing stirs, but for a look now and then', async () => {
    const { done } = started(async () => 'same');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(done).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(2_500);
    expect(done).toHaveBeenCalledTimes(3);
  });

  it('is done at once when something stirs, and once more: a commit may be seen a moment after it was written', async () => {
    let at = 'first';
    const { done } = started(async () => at);
    await vi.advanceTimersByTimeAsync(500);
    done.mockClear();
    at = 'second';
    await vi.advanceTimersByTimeAsync(100);
    expect(done).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(500);
    expect(done).toHaveBeenCalledTimes(2);
  });

  it('does not rest where the database does not tell', async () => {
    const { done } = started(async () => {
      throw new Error('no such function');
    });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(done.mock.calls.length).toBeGreaterThanOrEqual(10);
  });

  it('does not rest after it failed', async () => {
    let fails = true;
    const { done } = started(
      async () => 'same',
      async () => {
        if (fails) throw new Error('away');
      },
    );
    await vi.advanceTimersByTimeAsync(1_000);
    expect(done.mock.calls.length).toBeGreaterThanOrEqual(10);
    fails = false;
    await vi.advanceTimersByTimeAsync(300);
    done.mockClear();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(done.mock.calls.length).toBeLessThanOrEqual(1);
  });

  it('ends after what it is doing', async () => {
    const { done, end } = started(async () => 'same');
    await vi.advanceTimersByTimeAsync(0);
    await end();
    const before = done.mock.calls.length;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(done).toHaveBeenCalledTimes(before);
  });
});
