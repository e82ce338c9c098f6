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

/** Locks the order, so that two entries for it are decided one after the other. */
export async function loadBook(
  ctx: MoneyContext,
  tx: Db,
  reference: string | null,
  reverses: string | null,
): Promise<RailBook> {
  const row = reference
    ? await tx
        .selectFrom('money.payment_order')
        .selectAll()
        .where('reference', '=', reference)
        .forUpdate()
        .executeTakeFirst()
    : undefined;
  const credits = await tx
    .selectFrom('money.rail_entry')
    .selectAll()
    .where((eb) =>
      eb.or([
        ...(row ? [eb('order_reference', '=', row.reference)] : []),
        ...(reverses ? [eb('entry', '=', reverses)] : []),
        eb.val(false),
      ]),
    )
    .forUpdate()
    .execute();
  const order = row ? await orderOf(ctx, row) : null;
  // what is paid in a coin takes nothing from a bank
  const inCoin = row?.agreement_id && (await ctx.agreement(row.agreement_id))?.coin;
  return { order: order && inCoin ? { ...order, payBy: 0 } : order, credits: credits.map(creditOf) };
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
    const changed = { state: credit.state, reason: credit.reason, order_reference: credit.order };
    if (entry?.entry === credit.entry)
      await tx
        .insertInto('money.rail_entry')
        .values({
          entry: entry.entry,
          rail: entry.rail,
          direction: entry.direction,
          reverses: entry.reverses,
          reference: entry.reference.slice(0, 140),
          amount: entry.amount.toString(),
          currency: entry.currency,
          booked_at: new Date(entry.bookedAt),
          received_at: now,
          explained: null,
          explained_at: null,
          ...changed,
        })
        .onConflict((c) => c.doNothing())
        .execute();
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
