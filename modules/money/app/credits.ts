/** Entries of the custodian's statement as rows: loading what a decision needs, and keeping what it decided. */
import { type Selectable, sql } from 'kysely';
import type { MoneyDatabase } from '../adapters/schema.ts';
import type { OrderState } from '../core/payment.ts';
import type { Credit, Decision, RailBook, RailOrder, StatementEntry } from '../core/rail.ts';
import type { RailName } from '../core/rail-move.ts';
import type { MoneyContext } from './context.ts';

type Db = MoneyContext['db'];
export type OrderRow = Selectable<MoneyDatabase['money.payment_order']>;
export type EntryRow = Selectable<MoneyDatabase['money.rail_entry']>;

export function creditOf(row: EntryRow): Credit {
  return {
    entry: row.entry,
    state: row.state === 'paid' ? 'returned' : row.state,
    reason: row.reason,
    order: row.order_reference,
    amount: BigInt(row.amount),
    currency: row.currency,
    bookedAt: row.booked_at.getTime(),
    debit: row.direction === 'debit',
    capture: row.capture,
    takenBy: row.taken_by,
    settledBy: row.settled_by,
  };
}

/** An order takes money while its agreement, if it has one, may be paid and its offer has not ended. */
export async function orderOf(ctx: MoneyContext, row: OrderRow): Promise<RailOrder> {
  const paid = row.state !== 'expected';
  const payable =
    paid ||
    row.purpose !== 'agreement' ||
    (row.agreement_id !== null && (await ctx.agreement(row.agreement_id))?.payable === true);
  return {
    reference: row.reference,
    amount: BigInt(row.amount),
    currency: row.currency,
    paid,
    payBy: payable ? (row.pay_by?.getTime() ?? Number.MAX_SAFE_INTEGER) : 0,
  };
}

/**
 * Locks the order, so that two entries for it are decided one after the other.
 * @param reference read from the entry; what undoes another one belongs to the order of that, whatever it says
 */
export async function loadBook(
  ctx: MoneyContext,
  tx: Db,
  reference: string | null,
  reverses: string | null,
): Promise<RailBook> {
  const undone = reverses
    ? await tx
        .selectFrom('money.rail_entry')
        .select('order_reference')
        .where('entry', '=', reverses)
        .executeTakeFirst()
    : undefined;
  const of = undone ? undone.order_reference : reference;
  const row = of
    ? await tx
        .selectFrom('money.payment_order')
        .selectAll()
        .where('reference', '=', of)
        .forUpdate()
        .executeTakeFirst()
    : undefined;
  const credits = await tx
    .selectFrom('money.rail_entry')
    .selectAll()
    .where((eb) =>
      eb.or([
        ...(row ? [eb('order_reference', '=', row.reference)] : []),
        ...(reverses
          ? [eb('entry', '=', reverses), eb('capture', '=', reverses), eb('taken_by', '=', reverses)]
          : []),
        eb.val(false),
      ]),
    )
    .orderBy('booked_at')
    .orderBy('entry')
    .forUpdate()
    .execute();
  const spent = reverses ? await sentBack(tx, credits) : new Set<string>();
  const order = row ? await orderOf(ctx, row) : null;
  // what is paid in a coin takes nothing from a bank
  const inCoin = row?.agreement_id && (await ctx.agreement(row.agreement_id))?.coin;
  return {
    order: order && inCoin ? { ...order, payBy: 0 } : order,
    credits: credits.map((credit) => ({ ...creditOf(credit), spent: spent.has(credit.entry) })),
  };
}

/** Entries of which some has gone back to whoever sent it, instead of to a patient who had it from her bank. */
async function sentBack(tx: Db, entries: readonly EntryRow[]): Promise<ReadonlySet<string>> {
  if (entries.length === 0) return new Set();
  const rows = await tx
    .selectFrom('money.rail_payment')
    .select('party')
    .where('kind', '=', 'payout')
    .where(
      'party',
      'in',
      entries.map(({ entry }) => entry),
    )
    .execute();
  return new Set(rows.map(({ party }) => party));
}

/** Keeps what was decided; a complete order is handed on to be minted, or put into its pot, in the same transaction. */
export async function keep(
  ctx: MoneyContext,
  tx: Db,
  decision: Decision,
  entry: (StatementEntry & { readonly rail: RailName }) | null,
  order: RailOrder | null,
): Promise<void> {
  const now = new Date(ctx.clock.now());
  for (const credit of decision.credits) {
    const changed = {
      state: credit.state,
      reason: credit.reason,
      order_reference: credit.order,
      amount: credit.amount.toString(),
      taken_by: credit.takenBy ?? null,
      settled_by: credit.settledBy ?? null,
    };
    if (entry?.entry === credit.entry)
      await tx
        .insertInto('money.rail_entry')
        .values({
          entry: entry.entry,
          rail: entry.rail,
          direction: entry.direction,
          reverses: entry.reverses,
          reference: entry.reference.slice(0, 140),
          currency: entry.currency,
          booked_at: new Date(entry.bookedAt),
          received_at: now,
          explained: null,
          explained_at: null,
          capture: captureOf(entry, credit),
          ...changed,
        })
        .onConflict((c) => c.doNothing())
        .execute();
    else if (credit.partOf) await keepPart(tx, { ...changed, entry: credit.entry }, credit.partOf);
    else await tx.updateTable('money.rail_entry').set(changed).where('entry', '=', credit.entry).execute();
  }
  if (!decision.mint || !order) return;
  const row = await tx
    .updateTable('money.payment_order')
    .set((eb) => ({
      // what a pot gets stays at the custodian and is where it belongs
      state: sql<OrderState>`case when ${eb.ref('pot')} is null then 'received' else 'held' end`,
      bank_reference: decision.credits.at(-1)!.entry,
      updated_at: now,
    }))
    .where('reference', '=', order.reference)
    .returningAll()
    .executeTakeFirstOrThrow();
  if (row.payer_address === null) {
    await tx
      .updateTable('money.pot')
      .set((eb) => ({ came: eb('came', '+', row.amount) }))
      .where('id', '=', row.pot)
      .execute();
    return;
  }
  await ctx.settlement.mint(tx, {
    reference: row.reference,
    to: row.payer_address,
    amount: BigInt(row.amount),
  });
}

/** What an acquirer knows it by: its own number, or that of the capture it takes or gives back. */
function captureOf(entry: StatementEntry & { readonly rail: RailName }, credit: Credit): string | null {
  if (entry.rail !== 'card') return null;
  return credit.capture ?? (entry.direction === 'credit' && entry.reverses === null ? entry.entry : null);
}

/** A part of an entry, which is an entry of its own from now on: all together are what the bank has booked. */
export async function keepPart(
  tx: Db,
  part: Pick<EntryRow, 'entry' | 'amount'> & Partial<EntryRow>,
  of: string,
): Promise<void> {
  const whole = await tx
    .selectFrom('money.rail_entry')
    .selectAll()
    .where('entry', '=', of)
    .executeTakeFirstOrThrow();
  await tx
    .insertInto('money.rail_entry')
    .values({ ...whole, ...part })
    .onConflict((c) => c.doNothing())
    .execute();
}
