/** Background work that never gives up. */
import type { Log, Shutdown } from '@zhenmei/telemetry';

/** Runs `work` again and again until closed; a failure is logged and tried again. */
export function loop(
  name: string,
  ms: number,
  work: () => Promise<unknown>,
  log: Log,
  shutdown: Shutdown,
): { wake(): void } {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let again = false;
  let busy = false;
  const run = () => {
    clearTimeout(timer);
    if (stopped) return;
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    running = (async () => {
      try {
        await work();
      } catch (error) {
        if (!stopped) log.warn({ name, err: error }, 'background work failed and will be tried again');
      }
      busy = false;
      if (stopped) return;
      timer = setTimeout(run, again ? 0 : ms);
      again = false;
    })();
  };
  timer = setTimeout(run, 0);
  shutdown.add(name, async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  });
  return { wake: run };
}
