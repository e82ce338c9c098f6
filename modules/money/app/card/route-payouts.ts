/** Where money that leaves the ledger goes: back to the card it came from, as far as it came from one; else by the bank. */
import { sql } from 'kysely';
import { spreadHome } from '../../core/card-payment.ts';
import type { MoneyContext } from '../context.ts';

/** Decides once about every payment that is due. A payment over several captures becomes several of the same sum. */
export async function routePayouts(ctx: MoneyContext): Promise<void> {
  const due = await ctx.db
    .selectFrom('money.rail_payment')
    .select('key')
    .where('state', '=', 'due')
    .where('rail', 'is', null)
    .orderBy('created_at')
    .orderBy('key')
    .limit(200)
    .execute();
  for (const { key } of due) await ctx.db.transaction().execute((tx) => route(tx, key));
}

async function route(tx: MoneyContext['db'], key: string): Promise<void> {
  const row = await tx
    .selectFrom('money.rail_payment')
    .selectAll()
    .where('key', '=', key)
    .where('rail', 'is', null)
    .forUpdate()
    .executeTakeFirst();
  if (!row) return;
  const debts = await chargedBack(tx, row.party, row.currency);
  // whoever took the money back by her bank has it: she is not paid a second time
  if (debts.length > 0)
    return setOff(
      tx,
      row.key,
      debts.find(({ amount }) => amount === row.amount),
    );
  const { parts, rest } = spreadHome(BigInt(row.amount), await captures(tx, row.party, row.currency));
  const [first, ...others] = [
    ...parts.map((part) => ({ rail: 'card' as const, refunds: part.entry, amount: part.amount })),
    ...(rest > 0n ? [{ rail: 'custodian' as const, refunds: null, amount: rest }] : []),
  ].map((part) => ({ ...part, amount: part.amount.toString() }));
  await tx.updateTable('money.rail_payment').set(first!).where('key', '=', key).execute();
  for (const [i, part] of others.entries())
    await tx
      .insertInto('money.rail_payment')
      .values({ ...row, ...part, key: `${key}/${i + 1}` })
      .execute();
}

/** Captures that paid for what this payout reference gets back, with what is left of each. Locked until it is decided. */
async function captures(tx: MoneyContext['db'], payout: string, currency: string) {
  const { rows } = await sql<{ entry: string; left: string }>`
    select e.entry, (e.amount - coalesce((select sum(p.amount) from money.rail_payment p
      where p.refunds = e.entry), 0))::text as left
    from money.rail_entry e join money.payment_order o on o.reference = e.order_reference
    where o.payout = ${payout} and e.rail = 'card' and e.direction = 'credit' and e.state = 'matched'
      and e.currency = ${currency}
    order by e.booked_at, e.entry for update of e`.execute(tx);
  return rows.map((row) => ({ entry: row.entry, left: BigInt(row.left) }));
}

interface Debt {
  readonly entry: string;
  readonly debit: string;
  readonly amount: string;
}

/** Captures for this payout reference that were charged back, with the debit that took each. */
async function chargedBack(tx: MoneyContext['db'], payout: string, currency: string): Promise<Debt[]> {
  const { rows } = await sql<Debt>`
    select e.entry, d.entry as debit, e.amount::text as amount
    from money.rail_entry e join money.payment_order o on o.reference = e.order_reference
      join money.rail_entry d on d.reverses = e.entry and d.state = 'reversed'
    where o.payout = ${payout} and e.rail = 'card' and e.state = 'owed' and e.currency = ${currency}
    order by e.booked_at, e.entry for update of e`.execute(tx);
  return rows;
}

/** The chargeback was the payment home, if it was of the same amount; otherwise the payment waits for a person. */
async function setOff(tx: MoneyContext['db'], key: string, debt: Debt | undefined): Promise<void> {
  if (!debt) return;
  await tx
    .updateTable('money.rail_entry')
    .set({ state: 'matched' })
    .where('entry', '=', debt.entry)
    .execute();
  await tx.updateTable('money.rail_entry').set({ state: 'paid' }).where('entry', '=', debt.debit).execute();
  await tx
    .updateTable('money.rail_payment')
    .set({ rail: 'card', state: 'booked', entry: debt.debit, refunds: debt.entry })
    .where('key', '=', key)
    .execute();
}
