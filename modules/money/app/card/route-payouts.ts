/** Where money that leaves the ledger goes: back to the card it came from, as far as it came from one; else by the bank. */
import { MINUTE } from '@zhenmei/kernel';
import { sql } from 'kysely';
import { spreadHome } from '../../core/card-payment.ts';
import type { MoneyContext } from '../context.ts';
import { eachOnItsOwn } from '../on-its-own.ts';
import { paidInFor, type SetOff, setOff } from './set-off.ts';

type Db = MoneyContext['db'];

/** Milliseconds after which what an acquirer refused is decided again: its statement may say why by then. */
const DECIDE_AGAIN = 10 * MINUTE;

/**
 * Decides once about every payment that is due. What becomes of it in several ways becomes several of the same sum.
 * Throws the first failure once all were tried.
 */
export async function routePayouts(ctx: MoneyContext): Promise<void> {
  await releaseAnswered(ctx.db);
  const due = await ctx.db
    .selectFrom('money.rail_payment')
    .select('key')
    .where('state', '=', 'due')
    .where('rail', 'is', null)
    // what waits for a person does not stand in the way of the rest
    .where('asks', 'is', null)
    .where((eb) =>
      eb.or([eb('refused_at', 'is', null), eb('refused_at', '<', new Date(ctx.clock.now() - DECIDE_AGAIN))]),
    )
    .orderBy('created_at')
    .orderBy('key')
    .limit(200)
    .execute();
  // one that cannot be decided keeps no other waiting
  await eachOnItsOwn(due, ({ key }) => ctx.db.transaction().execute((tx) => route(tx, key)));
}

/** A person has answered, or the question is none any more. */
async function releaseAnswered(db: Db): Promise<void> {
  await sql`update money.rail_payment p set asks = null from money.rail_entry e
    where e.entry = p.asks and (e.paid_by is not null or e.state <> 'matched')`.execute(db);
}

async function route(tx: Db, key: string): Promise<void> {
  const row = await tx
    .selectFrom('money.rail_payment')
    .selectAll()
    .where('key', '=', key)
    .where('rail', 'is', null)
    .forUpdate()
    .executeTakeFirst();
  if (!row) return;
  const paidIn = await paidInFor(tx, row.party, row.currency);
  const unknown = paidIn.find(({ by }) => by === null);
  // somebody made up for a chargeback: unless it was she, she has the money
  if (unknown) {
    await tx.updateTable('money.rail_payment').set({ asks: unknown.entry }).where('key', '=', key).execute();
    return;
  }
  const off = await setOff(tx, row.party, row.currency, BigInt(row.amount));
  let left = off.reduce((rest, { amount }) => rest - BigInt(amount), BigInt(row.amount));
  const house = paidIn.flatMap(({ entry, by, left: most }) => {
    let amount = left;
    if (amount > most) amount = most;
    if (by !== 'house' || amount === 0n) return [];
    left -= amount;
    return [{ rail: 'custodian' as const, party: entry, refunds: null, amount: amount.toString() }];
  });
  const { parts, rest } = spreadHome(left, await captures(tx, row.party, row.currency, off));
  const [first, ...others] = [
    ...off,
    ...house,
    ...parts.map((part) => ({ rail: 'card' as const, refunds: part.entry, amount: part.amount.toString() })),
    ...(rest > 0n ? [{ rail: 'custodian' as const, refunds: null, amount: rest.toString() }] : []),
  ];
  await tx.updateTable('money.rail_payment').set(first!).where('key', '=', key).execute();
  if (others.length === 0) return;
  const taken = await partsOf(tx, key);
  for (const [i, part] of others.entries())
    await tx
      .insertInto('money.rail_payment')
      .values({ ...row, ...part, key: `${key}/${taken + i + 1}` })
      .execute();
}

/** What was divided once and refused is divided again under numbers of its own; a rail would take the old ones for paid. */
async function partsOf(tx: Db, key: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from money.rail_payment where starts_with(key, ${`${key}/`})`.execute(tx);
  return rows[0]!.n;
}

/**
 * Captures that paid for what this payout reference gets back, with what is left of each: what was won back of it counts
 * with it, and what is set off just now does not. Locked until it is decided.
 */
async function captures(tx: Db, payout: string, currency: string, off: readonly SetOff[]) {
  const { rows } = await sql<{ capture: string; amount: string; back: string }>`
    select e.capture, e.amount::text as amount, coalesce((select sum(p.amount) from money.rail_payment p
      where p.refunds = e.capture and p.kind <> 'return'), 0)::text as back
    from money.rail_entry e join money.payment_order o on o.reference = e.order_reference
    where o.payout = ${payout} and e.capture is not null and e.direction = 'credit' and e.state = 'matched'
      and e.currency = ${currency}
    order by e.booked_at, e.entry for update of e`.execute(tx);
  const left = new Map<string, bigint>();
  for (const { capture, amount, back } of rows)
    left.set(capture, (left.get(capture) ?? -BigInt(back)) + BigInt(amount));
  for (const { refunds, amount } of off)
    if (refunds !== null && left.has(refunds)) left.set(refunds, left.get(refunds)! - BigInt(amount));
  return [...left].map(([entry, amount]) => ({ entry, left: amount }));
}
