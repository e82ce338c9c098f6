/** Paying into a purse: an order with a reference; what comes in fitting it is minted to the holder's account. */
import type { Hex } from '@zhenmei/kernel';
import type { BankCredit } from '../../core/payment.ts';
import { matchCredit, paymentReference } from '../../core/payment.ts';
import type { MoneyContext } from '../context.ts';

export async function orderDeposit(ctx: MoneyContext, holder: Hex, amount: bigint) {
  const reference = paymentReference(ctx.random.bytes(12));
  await ctx.db
    .insertInto('money.deposit_order')
    .values({
      reference,
      holder,
      amount: amount.toString(),
      currency: 'CNY',
      state: 'expected',
      bank_reference: null,
      created_at: new Date(ctx.clock.now()),
    })
    .execute();
  return {
    reference,
    amount: amount.toString(),
    currency: 'CNY',
    state: 'expected' as const,
    payee: ctx.payee,
  };
}

/** @returns what became of the credit, or null if it belongs to no deposit */
export async function receiveDeposit(
  ctx: MoneyContext,
  tx: MoneyContext['db'],
  credit: BankCredit,
): Promise<{ outcome: 'accept' | 'repeat' } | null> {
  const row = await tx
    .selectFrom('money.deposit_order')
    .selectAll()
    .where('reference', '=', credit.reference)
    .forUpdate()
    .executeTakeFirst();
  if (!row) return null;
  const { outcome } = matchCredit(
    {
      reference: row.reference,
      amount: BigInt(row.amount),
      currency: row.currency,
      state: row.state,
      bankReference: row.bank_reference,
    },
    credit,
  );
  if (outcome === 'return') return null;
  if (outcome === 'repeat') return { outcome };
  await tx
    .updateTable('money.deposit_order')
    .set({ state: 'received', bank_reference: credit.bankReference })
    .where('reference', '=', row.reference)
    .execute();
  await ctx.settlement.mint(tx, { reference: row.reference, to: row.holder, amount: BigInt(row.amount) });
  return { outcome: 'accept' };
}
