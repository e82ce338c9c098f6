/** Whoever took money back by her bank has it: what goes home to her is set off against that, to the cent. */
import { sql } from 'kysely';
import type { RailName } from '../../core/rail-move.ts';
import type { MoneyContext } from '../context.ts';
import { keepPart } from '../credits.ts';

type Db = MoneyContext['db'];

/** A payment home, or a part of it, that her bank took already: by a chargeback, or by taking a transfer back. */
export interface SetOff {
  readonly rail: RailName;
  readonly state: 'booked';
  /** The debit by which her bank took it. */
  readonly entry: string;
  /** The capture that was charged back; null for a transfer. */
  readonly refunds: string | null;
  readonly amount: string;
}

/** Sets off as much as is owed of what this payout reference paid, by whichever rail; what is not needed of a debt is owed still. */
export async function setOff(tx: Db, payout: string, currency: string, most: bigint): Promise<SetOff[]> {
  const { rows } = await sql<{
    entry: string;
    rail: RailName;
    capture: string | null;
    amount: string;
    debit: string;
    taken: string;
  }>`
    select e.entry, e.rail, e.capture, e.amount::text as amount, d.entry as debit, d.amount::text as taken
    from money.rail_entry e join money.payment_order o on o.reference = e.order_reference
      join money.rail_entry d on d.entry = e.taken_by
    where o.payout = ${payout} and e.direction = 'credit' and e.state = 'owed'
      and e.currency = ${currency}
    order by e.booked_at, e.entry for update of e, d`.execute(tx);
  const done: SetOff[] = [];
  // one debit may have taken several credits
  const taken = new Map(rows.map((row) => [row.debit, BigInt(row.taken)]));
  let left = most;
  for (const { entry, rail, capture, debit, ...row } of rows) {
    const owed = BigInt(row.amount);
    const amount = owed < left ? owed : left;
    if (amount === 0n) break;
    left -= amount;
    if (amount < owed)
      await keepPart(tx, { entry: await nextPart(tx, entry), amount: (owed - amount).toString() }, entry);
    await tx
      .updateTable('money.rail_entry')
      .set({ state: 'matched', amount: amount.toString() })
      .where('entry', '=', entry)
      .execute();
    const rest = taken.get(debit)! - amount;
    taken.set(debit, rest);
    done.push({
      rail,
      state: 'booked',
      entry: await payBy(tx, debit, amount, rest),
      refunds: capture,
      amount: amount.toString(),
    });
  }
  return done;
}

/** So much of a debit was a payment of ours. @returns the number of that part */
async function payBy(tx: Db, debit: string, amount: bigint, rest: bigint): Promise<string> {
  if (rest === 0n) {
    await tx.updateTable('money.rail_entry').set({ state: 'paid' }).where('entry', '=', debit).execute();
    return debit;
  }
  const part = await nextPart(tx, debit);
  await keepPart(tx, { entry: part, amount: amount.toString(), state: 'paid' }, debit);
  await tx
    .updateTable('money.rail_entry')
    .set({ amount: rest.toString() })
    .where('entry', '=', debit)
    .execute();
  return part;
}

/** Numbers the parts of an entry; the entry is locked. */
async function nextPart(tx: Db, entry: string): Promise<string> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from money.rail_entry where starts_with(entry, ${`${entry}/`})`.execute(tx);
  return `${entry}/${rows[0]!.n + 1}`;
}

interface PaidIn {
  /** The entry that made up for what was taken back; it came by the bank, where nobody can tell whose it was. */
  readonly entry: string;
  /** What of it has not gone back yet. */
  readonly left: bigint;
  /** As an operator said. */
  readonly by: 'patient' | 'house' | null;
}

/**
 * What came by the bank for what was taken back of this payout reference's payments, cards and transfers alike: whichever
 * it was, she has that money. The house's own goes back to the house as far as the patient would be paid what she has;
 * what she paid herself is hers. What a bank gave back itself (`reverses`) is nobody's payment. Locked until it is decided.
 */
export async function paidInFor(tx: Db, payout: string, currency: string): Promise<PaidIn[]> {
  const { rows } = await sql<{ entry: string; paid_by: PaidIn['by']; left: string }>`
    select k.entry, k.paid_by, ((select coalesce(sum(e.amount), 0) from money.rail_entry e
        join money.payment_order o on o.reference = e.order_reference
        where e.settled_by = k.entry and e.state = 'settled' and o.payout = ${payout})
      - (select coalesce(sum(p.amount), 0) from money.rail_payment p
        where p.party = k.entry and p.kind = 'payout'))::text as left
    from money.rail_entry k
    where k.rail = 'custodian' and k.reverses is null and k.state = 'matched' and k.currency = ${currency} and k.entry in
      (select e.settled_by from money.rail_entry e join money.payment_order o on o.reference = e.order_reference
        where e.state = 'settled' and o.payout = ${payout})
    order by k.booked_at, k.entry for update of k`.execute(tx);
  return rows
    .map(({ entry, paid_by, left }) => ({ entry, by: paid_by, left: BigInt(left) }))
    .filter(({ left }) => left > 0n);
}
