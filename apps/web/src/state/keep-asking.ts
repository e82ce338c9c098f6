/** Asks now and then; sooner while nobody answers, and calmly. */

export interface Asking {
  /** Asks at once, unless it is being asked already. */
  now(): void;
}

/** @param often milliseconds between two answers, and the longest pause @param first the pause after the first failure */
export function keepAsking(ask: () => Promise<unknown>, often = 60_000, first = 2_000): Asking {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let [failures, asking] = [0, false];
  const run = async () => {
    if (asking) return;
    asking = true;
    clearTimeout(timer);
    let pause = often;
    try {
      await ask();
      failures = 0;
    } catch {
      pause = Math.min(often, first * 2 ** Math.min(failures, 20));
      failures++;
    }
    asking = false;
    timer = setTimeout(() => void run(), pause);
  };
  void run();
  return { now: () => void run() };
}
