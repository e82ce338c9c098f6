/** Paying in: an order with a reference, a credit at the custodian, and the settlement unit minted against it. */
import { AppError, type Hex } from '@zhenmei/kernel';
import type { z } from 'zod';
import type { PaymentOrder } from '../api.ts';
import { decideCredit, type EntryState, paymentReference } from '../core/rail.ts';
import type { MoneyContext } from './context.ts';
import { creditOf, keep, loadBook, type OrderRow } from './credits.ts';

type Order = z.infer<typeof PaymentOrder>;

/** Opens the payment order of an agreement, once. Throws PAYMENT_NOT_DUE before the patient has signed. */
export async function orderPayment(ctx: MoneyContext, agreementId: Hex): Promise<Order> {
  const agreement = await ctx.agreement(agreementId);
  if (!agreement?.payable) throw new AppError('PAYMENT_NOT_DUE');
  const now = new Date(ctx.clock.now());
  await ctx.db
    .insertInto('money.payment_order')
    .values({
      reference: paymentReference(ctx.random.bytes(12)),
      purpose: 'agreement',
      agreement_id: agreementId,
      payer_address: agreement.patient,
      payout: agreement.payout,
      amount: agreement.total.toString(),
      currency: agreement.currency,
      state: 'expected',
      bank_reference: null,
      pay_by: new Date(agreement.payBy),
      created_at: now,
      updated_at: now,
    })
    .onConflict((c) => c.column('agreement_id').where('purpose', '=', 'agreement').doNothing())
    .execute();
  return readPayment(ctx, agreementId);
}

/** Throws PAYMENT_UNKNOWN. */
export async function readPayment(ctx: MoneyContext, agreementId: Hex): Promise<Order> {
  const row = await ctx.db
    .selectFrom('money.payment_order')
    .selectAll()
    .where('agreement_id', '=', agreementId)
    .where('purpose', '=', 'agreement')
    .executeTakeFirst();
  if (!row) throw new AppError('PAYMENT_UNKNOWN');
  return viewOrder(ctx, row);
}

/** An order as its payer sees it, with what has come for it. */
export async function viewOrder(ctx: MoneyContext, row: OrderRow): Promise<Order> {
  const entries = await ctx.db
    .selectFrom('money.rail_entry')
    .selectAll()
    .where('order_reference', '=', row.reference)
    .where('direction', '=', 'credit')
    .orderBy('booked_at')
    .orderBy('entry')
    .limit(50)
    .execute();
  const sum = (state: string) =>
    entries.reduce((all, e) => (e.state === state ? all + BigInt(e.amount) : all), 0n);
  return {
    reference: row.reference,
    amount: row.amount,
    currency: row.currency,
    state: row.state,
    payee: ctx.payee,
    payBy: row.pay_by?.toISOString() ?? null,
    missing: (row.state === 'expected' ? BigInt(row.amount) - sum('part') : sum('owed')).toString(),
    entries: entries.map((e) => ({
      entry: e.entry,
      amount: e.amount,
      at: e.booked_at.toISOString(),
      // nothing of an order is our own transfer, or the reserve's
      state: e.state as Exclude<EntryState, 'moved' | 'reserve'>,
      reason: e.reason,
    })),
  };
}

/**
 * The payer says which unclaimed payment is hers, by the bank's number and the amount; it is then decided like any
 * other. Every wrong guess gets one answer. Throws PAYMENT_UNKNOWN, PAYMENT_NOT_AT_BANK.
 */
export async function claimPayment(
  ctx: MoneyContext,
  agreementId: Hex,
  told: { entry: string; amount: string },
): Promise<Order> {
  await ctx.db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('money.payment_order')
      .select('reference')
      .where('agreement_id', '=', agreementId)
      .where('purpose', '=', 'agreement')
      .executeTakeFirst();
    if (!row) throw new AppError('PAYMENT_UNKNOWN');
    await assignEntry(ctx, tx, told.entry.trim().toUpperCase(), row.reference, told.amount);
  });
  return readPayment(ctx, agreementId);
}

/** An unclaimed credit becomes a payment of this order. Throws PAYMENT_NOT_AT_BANK. */
export async function assignEntry(
  ctx: MoneyContext,
  tx: MoneyContext['db'],
  entry: string,
  reference: string,
  amount: string | null,
): Promise<void> {
  const found = await tx
    .selectFrom('money.rail_entry')
    .selectAll()
    .where('entry', '=', entry)
    .where('state', '=', 'unassigned')
    .forUpdate()
    .executeTakeFirst();
  if (!found || (amount !== null && BigInt(found.amount) !== BigInt(amount)))
    throw new AppError('PAYMENT_NOT_AT_BANK');
  const book = await loadBook(ctx, tx, reference, null);
  if (!book.order) throw new AppError('PAYMENT_NOT_AT_BANK');
  await keep(ctx, tx, decideCredit(book, creditOf(found)), null, book.order);
}

/** The chain has minted to this payer: her oldest order of this amount that was handed on. */
export async function onMinted(
  ctx: MoneyContext,
  tx: MoneyContext['db'],
  payer: Hex,
  amount: bigint,
): Promise<void> {
  const order = await tx
    .selectFrom('money.payment_order')
    .select('reference')
    .where('payer_address', '=', payer)
    .where('state', '=', 'received')
    .where('amount', '=', amount.toString())
    .orderBy('created_at')
    .orderBy('reference')
    .limit(1)
    .executeTakeFirst();
  if (order) await moveOrder(ctx, tx, order.reference, 'minted');
}

/** The escrow holds the money of this agreement. */
export async function onHeld(ctx: MoneyContext, tx: MoneyContext['db'], agreementId: Hex): Promise<void> {
  const order = await tx
    .selectFrom('money.payment_order')
    .select('reference')
    .where('agreement_id', '=', agreementId)
    .where('purpose', '=', 'agreement')
    .executeTakeFirst();
  if (order) await moveOrder(ctx, tx, order.reference, 'held');
}

export async function moveOrder(
  ctx: MoneyContext,
  tx: MoneyContext['db'],
  reference: string,
  state: 'minted' | 'held',
): Promise<void> {
  await tx
    .updateTable('money.payment_order')
    .set({ state, updated_at: new Date(ctx.clock.now()) })
    .where('reference', '=', reference)
    .execute();
}
