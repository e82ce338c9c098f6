/** Closes everything in reverse order, with a deadline. */
export type Log = (level: 'debug' | 'info' | 'warn' | 'error', message: string, detail?: object) => void;

/** Registers how something is closed. */
export type Closer = (name: string, close: () => Promise<void> | void) => void;

export interface Lifecycle {
  readonly onClose: Closer;
  /** Idempotent. Reports what did not close in time; never throws. */
  close(): Promise<void>;
}

const DEADLINE_MS = 10_000;

export function createLifecycle(log: Log): Lifecycle {
  const stack: { name: string; close: () => Promise<void> | void }[] = [];
  let closing: Promise<void> | null = null;
  return {
    onClose: (name, close) => void stack.push({ name, close }),
    close() {
      closing ??= (async () => {
        for (const { name, close } of stack.reverse()) {
          const late = new Promise<'late'>((resolve) => setTimeout(resolve, DEADLINE_MS, 'late').unref());
          try {
            if ((await Promise.race([close(), late])) === 'late')
              log('error', 'did not close in time', { name });
          } catch (error) {
            log('error', 'did not close cleanly', { name, error: String(error) });
          }
        }
      })();
      return closing;
    },
  };
}

/** Runs `work` again and again until closed; a failure is logged and tried again. */
export function loop(
  name: string,
  ms: number,
  work: () => Promise<unknown>,
  log: Log,
  onClose: Closer,
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
        if (!stopped)
          log('warn', 'background work failed and will be tried again', {
            name,
            error: String((error as Error)?.message ?? error),
          });
      }
      busy = false;
      if (stopped) return;
      timer = setTimeout(run, again ? 0 : ms);
      again = false;
    })();
  };
  timer = setTimeout(run, 0);
  onClose(name, async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  });
  return { wake: run };
}
