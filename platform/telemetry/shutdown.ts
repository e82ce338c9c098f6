/** One place that closes everything, in reverse order of opening, within a hard limit. */
export interface ShutdownLog {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface Shutdown {
  /** Registers what must be closed; what was opened last is closed first. Closed at once if closing has begun. */
  add(name: string, close: () => Promise<void> | void): void;
  /** Closes everything once. @returns the exit code: 0, or 1 if something failed or took too long */
  close(reason: string): Promise<number>;
  /** Resolves with the exit code when everything has been closed. */
  readonly done: Promise<number>;
  /** Closes on SIGINT, SIGTERM, SIGHUP, and when the process that started us is gone. */
  listen(): void;
  readonly closing: boolean;
  /** Whether somebody outside asked for it: by a signal, or by going away. */
  readonly asked: boolean;
}

export interface ShutdownOptions {
  readonly log: ShutdownLog;
  /** Milliseconds; 10 000 by default. */
  readonly deadlineMs?: number;
  /** Ends the process at once. */
  readonly exit?: (code: number) => void;
  readonly signals?: NodeJS.EventEmitter;
}

/** A terminal sends Ctrl-C to everybody, and a launcher passes it on as well: these are one signal. */
const SAME_SIGNAL_MS = 500;

export function createShutdown(options: ShutdownOptions): Shutdown {
  const { log, deadlineMs = 10_000, exit = (code) => process.exit(code), signals = process } = options;
  const open: { name: string; close: () => Promise<void> | void }[] = [];
  let running: Promise<number> | null = null;
  let ended = false;
  let asked = false;
  let finish!: (code: number) => void;
  const done = new Promise<number>((resolve) => {
    finish = resolve;
  });

  const closeAll = async (reason: string): Promise<number> => {
    log.info({ reason }, 'closing');
    let code = 0;
    const late = setTimeout(() => {
      log.error({ waitingFor: current }, 'closing took too long');
      finish(1);
      exit(1);
    }, deadlineMs);
    let current = '';
    for (let part = open.pop(); part; part = open.pop()) {
      current = part.name;
      try {
        await part.close();
      } catch (e) {
        code = 1;
        log.error({ part: part.name, reason: (e as Error).message }, 'a part did not close');
      }
    }
    clearTimeout(late);
    ended = true;
    log.info({}, 'closed');
    finish(code);
    return code;
  };

  const close = (reason: string): Promise<number> => {
    running ??= closeAll(reason);
    return running;
  };

  return {
    add(name, closePart) {
      open.push({ name, close: closePart });
      // opened while the rest was being closed: it would stay for ever
      if (ended) void closeAll('opened too late');
    },
    close,
    done,
    get closing() {
      return running !== null;
    },
    get asked() {
      return asked;
    },
    listen() {
      let first: number | null = null;
      const onSignal = (signal: string): void => {
        const now = performance.now();
        if (first !== null && now - first > SAME_SIGNAL_MS) {
          log.error({ signal }, 'second signal: leaving at once');
          exit(1);
        }
        first ??= now;
        asked = true;
        void close(signal);
      };
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) signals.on(signal, onSignal);
      signals.on('disconnect', () => {
        asked = true;
        void close('the launcher is gone');
      });
      // The channel to the launcher must not keep us alive.
      process.channel?.unref();
    },
  };
}
