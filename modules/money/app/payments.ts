/** Paying in: an order with a reference, a credit at the custodian, and the settlement unit minted against it. */
import { AppError, type Hex } from '@zhenmei/kernel';
import type { Selectable } from 'kysely';
import type { z } from 'zod';
import type { MoneyDatabase } from '../adapters/schema.ts';
import type { PaymentOrder } from '../api.ts';
import { type BankCredit, matchCredit, paymentReference } from '../core/payment.ts';
import type { MoneyContext } from './context.ts';
import { receiveDeposit } from './dispute/deposit.ts';

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
      agreement_id: agreementId,
      payer_address: agreement.patient,
      payout: agreement.payout,
      amount: agreement.total.toString(),
      currency: agreement.currency,
      state: 'expected',
      bank_reference: null,
      created_at: now,
      updated_at: now,
    })
    .onConflict((c) => c.column('agreement_id').doNothing())
    .execute();
  return readPayment(ctx, agreementId);
}

/** Throws PAYMENT_UNKNOWN. */
export async function readPayment(ctx: MoneyContext, agreementId: Hex): Promise<Order> {
  const row = await ctx.db
    .selectFrom('money.payment_order')
    .selectAll()
    .where('agreement_id', '=', agreementId)
    .executeTakeFirst();
  if (!row) throw new AppError('PAYMENT_UNKNOWN');
  return view(ctx, row);
}

function view(ctx: MoneyContext, row: Selectable<MoneyDatabase['money.payment_order']>): Order {
  return {
    reference: row.reference,
    amount: row.amount,
    currency: row.currency,
    state: row.state,
    payee: ctx.payee,
  };
}

/**
 * The custodian's bank tells of a credit. A fitting one is minted to the payer's key of this agreement;
 * any other is kept aside to be returned. Telling it twice changes nothing.
 */
export async function receiveCredit(
  ctx: MoneyContext,
  credit: BankCredit,
): Promise<{ outcome: string; reason?: string }> {
  return ctx.db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('money.payment_order')
      .selectAll()
      .where('reference', '=', credit.reference)
      .forUpdate()
      .executeTakeFirst();
    const order = row
      ? {
          reference: row.reference,
          amount: BigInt(row.amount),
          currency: row.currency,
          state: row.state,
          bankReference: row.bank_reference,
        }
      : null;
    const deposit = row ? null : await receiveDeposit(ctx, tx, credit);
    if (deposit) return deposit;
    const match = matchCredit(order, credit);
    const now = new Date(ctx.clock.now());
    if (match.outcome === 'return') {
      await tx
        .insertInto('money.unmatched_credit')
        .values({
          bank_reference: credit.bankReference,
          reference: credit.reference,
          amount: credit.amount.toString(),
          currency: credit.currency,
          reason: match.reason,
          received_at: now,
          returned_at: null,
        })
        .onConflict((c) => c.doNothing())
        .execute();
      return match;
    }
    if (match.outcome === 'repeat' || !row) return { outcome: match.outcome };
    await tx
      .updateTable('money.payment_order')
      .set({ state: 'received', bank_reference: credit.bankReference, updated_at: now })
      .where('reference', '=', row.reference)
      .execute();
    await ctx.settlement.mint(tx, {
      reference: row.reference,
      to: row.payer_address,
      amount: BigInt(row.amount),
    });
    return { outcome: 'accept' };
  });
}

/** The chain has minted against this order's reference. */
export async function onMinted(ctx: MoneyContext, tx: MoneyContext['db'], payer: Hex): Promise<void> {
  await tx
    .updateTable('money.payment_order')
    .set({ state: 'minted', updated_at: new Date(ctx.clock.now()) })
    .where('payer_address', '=', payer)
    .where('state', '=', 'received')
    .execute();
}

/** The escrow holds the money of this agreement. */
export async function onHeld(ctx: MoneyContext, tx: MoneyContext['db'], agreementId: Hex): Promise<void> {
  await tx
    .updateTable('money.payment_order')
    .set({ state: 'held', updated_at: new Date(ctx.clock.now()) })
    .where('agreement_id', '=', agreementId)
    .execute();
}
