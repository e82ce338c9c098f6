/** Partitions of events by month: made when the first event of a month comes, and ahead of time. */
import { sql } from 'kysely';
import type { Executor } from './event-store.ts';

/** Months known to have a partition, for each database. */
const seen = new WeakMap<Executor, Set<string>>();

const FIRST = Date.UTC(2015, 0, 1);
const AHEAD = 366 * 86_400_000;

const monthOf = (at: number): string => `${new Date(at).toISOString().slice(0, 7)}-01`;

/**
 * Makes the partitions of these times, each in a transaction of its own; times that are far from now stay together.
 * @param now milliseconds since the epoch
 */
export async function ensureMonths(db: Executor, times: readonly number[], now: number): Promise<void> {
  const known = seen.get(db) ?? new Set<string>();
  seen.set(db, known);
  const months = new Set(times.filter((at) => at >= FIRST && at < now + AHEAD).map(monthOf));
  for (const month of [...months].sort()) {
    if (known.has(month)) continue;
    await sql`select provenance.ensure_month(${month}::date)`.execute(db);
    known.add(month);
  }
}

/** This month and the next, and every month whose events wait outside of one. */
export async function prepareMonths(db: Executor, now: number): Promise<void> {
  const { rows } = await sql<{ at: Date }>`
    select distinct date_trunc('month', event_time at time zone 'UTC') at time zone 'UTC' as at from provenance.event_other
    where event_time >= ${new Date(FIRST)} and event_time < ${new Date(now + AHEAD)}`.execute(db);
  const soon = new Date(now);
  const next = Date.UTC(soon.getUTCFullYear(), soon.getUTCMonth() + 1, 1);
  await ensureMonths(db, [now, next, ...rows.map(({ at }) => at.getTime())], now);
}
