/** Background work that never gives up, and rests while nothing stirs. */
import type { Log, Shutdown } from '@zhenmei/telemetry';
import { type Kysely, sql } from 'kysely';
import type { HouseClock } from './clock.ts';

/** Names the moment as seen by work that lives by the database and the house's clock: while it is the same, nothing came. */
export type Stir = () => Promise<string>;

/** Milliseconds for which all loops use one reading. */
const READING = 200;
/** Milliseconds after which work is done though nothing stirred: its time may have come. */
const REST = 3_000;

/** How far the database has written, and by how much the clock was moved. */
export function stirOf(db: Kysely<unknown>, clock: HouseClock): Stir {
  let reading: Promise<string> | null = null;
  return async () => {
    reading ??= (async () => {
      setTimeout(() => {
        reading = null;
      }, READING).unref();
      const { rows } = await sql<{ at: string }>`select pg_current_wal_insert_lsn()::text as at`.execute(db);
      return `${rows[0]!.at}/${clock.offset()}`;
    })();
    return reading;
  };
}

/**
 * Runs `work` again and again until closed; a failure is logged and tried again.
 * @param stir left out for work that looks elsewhere than into the database
 */
export function loop(
  name: string,
  ms: number,
  work: () => Promise<unknown>,
  log: Log,
  shutdown: Shutdown,
  stir?: Stir,
): void {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let seen: string | null = null;
  let calm = 0;
  let ranAt = Number.NEGATIVE_INFINITY;
  /** A commit is written a moment before others see it, so the first calm round works, too. */
  const rests = async (): Promise<boolean> => {
    if (!stir) return false;
    // a database that does not tell is asked for work itself
    const now = await stir().catch(() => null);
    calm = now !== null && now === seen ? calm + 1 : 0;
    seen = now;
    return calm > 1 && performance.now() - ranAt < REST;
  };
  const run = () => {
    running = (async () => {
      try {
        if (!(await rests())) {
          ranAt = performance.now();
          await work();
        }
      } catch (error) {
        // what failed is not looked at as calm
        seen = null;
        if (!stopped) log.warn({ name, err: error }, 'background work failed and will be tried again');
      }
      if (!stopped) timer = setTimeout(run, ms);
    })();
  };
  timer = setTimeout(run, 0);
  shutdown.add(name, async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  });
}
