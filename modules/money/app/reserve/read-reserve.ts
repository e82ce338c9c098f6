/** The operator's reserve as it stands: its lines, what is owed, and which stands behind which. */
import { type Kysely, sql } from 'kysely';
import type { MoneyDatabase } from '../../adapters/schema.ts';
import {
  type Cover,
  matchReserve,
  type Reserve,
  type ReserveLine,
  type TakenBack,
} from '../../core/reserve.ts';

type Db = Kysely<MoneyDatabase>;

export interface ReserveNow extends Reserve {
  readonly lines: readonly ReserveLine[];
  /** What banks took back after it was used and nobody has made up for, the oldest first. */
  readonly owed: readonly TakenBack[];
  /** The covers as they were kept last; `covers` is what they have to be. */
  readonly kept: readonly Cover[];
}

/** Computed from what is there, so that no sum of it can be of another moment than the rest that is compared. */
export async function reserveNow(db: Db, currency: string): Promise<ReserveNow> {
  const lines = await linesOf(db, currency);
  const { rows } = await sql<{ debit: string; amount: string }>`
    select d.entry as debit, sum(e.amount)::text as amount
    from money.rail_entry e join money.rail_entry d on d.entry = e.taken_by
    where e.state = 'owed' and e.direction = 'credit' and e.currency = ${currency}
    group by d.entry, d.booked_at order by d.booked_at, d.entry`.execute(db);
  const standing = await db
    .selectFrom('money.reserve_cover')
    .select(['debit', 'line', 'amount'])
    .where('ended_at', 'is', null)
    .orderBy('id')
    .execute();
  const kept = standing.map((one) => ({ ...one, amount: BigInt(one.amount) }));
  const owed = rows.map(({ debit, amount }) => ({ debit, amount: BigInt(amount) }));
  return { ...matchReserve(lines, owed, kept), lines, owed, kept };
}

/** What was taken out of a line that is none any more makes a line below 0. */
async function linesOf(db: Db, currency: string): Promise<ReserveLine[]> {
  const { rows } = await sql<{ entry: string; left: string }>`
    select e.entry, (case e.state when 'reserve' then e.amount else 0 end - coalesce((select sum(p.amount)
      from money.rail_payment p where p.kind = 'reserve' and p.party = e.entry), 0))::text as left
    from money.rail_entry e
    where e.currency = ${currency} and (e.state = 'reserve' or e.entry in
      (select party from money.rail_payment where kind = 'reserve'))
    order by e.booked_at, e.entry`.execute(db);
  return rows.map(({ entry, left }) => ({ entry, left: BigInt(left) }));
}
