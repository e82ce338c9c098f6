/** Rows of subscriptions that are due, and the events that are new to them. */
import { type Selectable, sql, type Updateable } from 'kysely';
import type { EventQuery } from '../core/query/query.ts';
import type { Executor } from './event-store.ts';
import { selectEvents } from './query-sql.ts';
import type { ProvenanceDatabase } from './schema.ts';

type Table = ProvenanceDatabase['provenance.subscription'];
export type SubscriptionRow = Selectable<Table>;

/** A worker that falls silent is taken for lost after this time; a query and a message together take less. */
const LEASE_SECONDS = 30;
const LEASE = sql<Date>`now() + ${LEASE_SECONDS} * interval '1 second'`;

/** One that is due and that nobody else holds; it is this worker's for a while. @param now by the house's clock */
export async function claimDue(db: Executor, now: number): Promise<SubscriptionRow | undefined> {
  const { rows } = await sql<SubscriptionRow>`
    update provenance.subscription set locked_until = ${LEASE}, claim = claim + 1
    where id = (
      select id from provenance.subscription
      where stopped_at is null and due_at <= ${new Date(now)} and (locked_until is null or locked_until < now())
      order by due_at limit 1 for update skip locked)
    returning *`.execute(db);
  return rows[0];
}

/** Notes how a delivery went. @returns false if somebody else has taken the subscription meanwhile, or it is gone */
async function note(db: Executor, row: SubscriptionRow, change: Change, lock: Lock): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('provenance.subscription')
    .set({ ...change, locked_until: lock })
    .where('id', '=', row.id)
    .where('claim', '=', row.claim)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}
type Change = Omit<Updateable<Table>, 'locked_until'>;
type Lock = typeof LEASE | null;

/** Keeps it for as long again. */
export const hold = (db: Executor, row: SubscriptionRow, change: Change): Promise<boolean> =>
  note(db, row, change, LEASE);

export const release = (db: Executor, row: SubscriptionRow, change: Change): Promise<boolean> =>
  note(db, row, change, null);

/** What is delivered next: as of now, everything that was not delivered before. */
export interface Window {
  readonly era: number;
  /** A pg_snapshot. */
  readonly until: string;
}

interface Moment extends Window {
  /**
   * Last number given to an event, if every event that has one is in the snapshot; otherwise 0. While it stays the same,
   * nothing is new.
   */
  readonly lastNo: bigint;
}

export async function moment(db: Executor): Promise<Moment> {
  // before the snapshot: whoever had a number by then is under way or done in it
  const last = await sql<{ no: bigint }>`
    select case when is_called then last_value else 0 end as no from provenance.event_no`.execute(db);
  const { rows } = await sql<{ era: number; until: string; quiet: boolean }>`
    select (select max(no) from provenance.era) as era, s::text as until,
      pg_snapshot_xmin(s) = pg_snapshot_xmax(s) as quiet
    from pg_current_snapshot() s`.execute(db);
  const { era, until, quiet } = rows[0]!;
  return { era, until, lastNo: quiet ? last.rows[0]!.no : 0n };
}

export interface NewRow {
  readonly no: bigint;
  readonly captured_at: Date;
  readonly hash: Buffer | null;
  readonly event_id: string | null;
  readonly body: ProvenanceDatabase['provenance.event']['body']['__select__'];
  readonly written: Record<string, string> | null;
}

/** The next events of a window that a query finds, in the order of capture. */
export async function newEvents(
  tx: Executor,
  { conditions }: EventQuery,
  row: SubscriptionRow,
  window: Window,
  limit: number,
): Promise<NewRow[]> {
  const asOf = (era: number, snapshot: string) =>
    sql`provenance.captured_as_of(e.no, e.tx, ${era}, ${snapshot}::pg_snapshot)`;
  const since =
    row.delivered === null
      ? [sql`e.captured_at >= ${row.initial_record_time ?? row.created_at}`]
      : [
          sql`not ${asOf(row.era, row.delivered)}`,
          // finds the place in the index; numbers of another era say nothing
          ...(row.era === window.era ? [sql`e.tx >= ${row.delivered.split(':')[0]}::bigint`] : []),
        ];
  const tests = [sql`e.no > ${row.after_no}`, asOf(window.era, window.until), ...since];
  const columns = sql`e.no, e.captured_at, e.hash, e.event_id, e.body, e.written`;
  const order = { conditions, orderBy: 'recordTime', descending: false } as const;
  const { rows } = await sql<NewRow>`
    ${selectEvents(columns, order, null, tests)} order by e.no limit ${limit}`.execute(tx);
  return rows;
}
