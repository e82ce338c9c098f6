/** Money that comes for an instalment, or as a lender's capital: an order, a credit, a minting. */
import { AppError, type Hex } from '@zhenmei/kernel';
import type { Kysely, Selectable } from 'kysely';
import type { z } from 'zod';
import type { MoneyDatabase } from '../../adapters/schema.ts';
import type { PaymentOrder } from '../../api.ts';
import { type BankCredit, matchCredit, paymentReference } from '../../core/payment.ts';
import type { MoneyContext } from '../context.ts';
import { applicationOf, loansOf } from './loan-rows.ts';
import { readLoan } from './read-loan.ts';

type Order = z.infer<typeof PaymentOrder>;
type Row = Selectable<MoneyDatabase['money.loan_order']>;

const view = (ctx: MoneyContext, { reference, amount, currency, state }: Row): Order => ({
  reference,
  amount,
  currency,
  state,
  payee: ctx.payee,
});

async function order(
  ctx: MoneyContext,
  wanted: { purpose: Row['purpose']; agreement: Hex | null; payer: Hex; amount: string; currency: string },
): Promise<Order> {
  const now = new Date(ctx.clock.now());
  // asked again before it was paid, it is the same order
  const same = await ctx.db
    .selectFrom('money.loan_order')
    .selectAll()
    .where('payer_address', '=', wanted.payer)
    .where('state', '=', 'expected')
    .where('amount', '=', wanted.amount)
    .executeTakeFirst();
  if (same) return view(ctx, same);
  const row: Row = {
    reference: paymentReference(ctx.random.bytes(12)),
    purpose: wanted.purpose,
    agreement_id: wanted.agreement,
    payer_address: wanted.payer,
    amount: wanted.amount,
    currency: wanted.currency,
    state: 'expected',
    bank_reference: null,
    created_at: now,
    updated_at: now,
  };
  await ctx.db.insertInto('money.loan_order').values(row).execute();
  return view(ctx, row);
}

/** The next instalment, or all that is owed today. Throws LOAN_UNKNOWN, LOAN_NOT_NOW where nothing is owed. */
export async function orderInstalment(
  ctx: MoneyContext,
  agreement: Hex,
  what: 'next' | 'all',
): Promise<Order> {
  const loan = await readLoan(ctx, agreement);
  const row = await applicationOf(ctx.db, agreement);
  if (!row || !['live', 'written-off'].includes(loan.state)) throw new AppError('LOAN_NOT_NOW');
  const next = loan.instalments.find(({ open }) => open !== '0');
  const all = BigInt(loan.payoff);
  const amount = what === 'next' && next && BigInt(next.open) < all ? BigInt(next.open) : all;
  if (amount === 0n) throw new AppError('LOAN_NOT_NOW');
  return order(ctx, {
    purpose: 'instalment',
    agreement,
    payer: row.borrower,
    amount: amount.toString(),
    currency: loan.currency,
  });
}

/** Throws LOAN_REFUSED where the organisation is no lender. */
export async function orderCapital(ctx: MoneyContext, lenderId: string, amount: string): Promise<Order> {
  const lender = await loansOf(ctx).lender(lenderId);
  if (!lender?.licensed) throw notALender();
  return order(ctx, { purpose: 'capital', agreement: null, payer: lender.account, amount, currency: 'CNY' });
}

export async function readCapital(ctx: MoneyContext, lenderId: string, reference: string): Promise<Order> {
  const lender = await loansOf(ctx).lender(lenderId);
  const row = await ctx.db
    .selectFrom('money.loan_order')
    .selectAll()
    .where('reference', '=', reference)
    .executeTakeFirst();
  if (!row || row.payer_address !== lender?.account) throw new AppError('LOAN_UNKNOWN');
  return view(ctx, row);
}

export const notALender = (): AppError =>
  new AppError('LOAN_REFUSED', { pack: '', rule: 'lender-licensed', reason: '', next: '' });

/** A credit whose reference is an order of these; null if it is none. Telling it twice changes nothing. */
export async function receiveLoanCredit(
  ctx: MoneyContext,
  tx: Kysely<MoneyDatabase>,
  credit: BankCredit,
): Promise<{ outcome: string; reason?: string } | null> {
  const row = await tx
    .selectFrom('money.loan_order')
    .selectAll()
    .where('reference', '=', credit.reference)
    .forUpdate()
    .executeTakeFirst();
  if (!row) return null;
  const match = matchCredit(
    {
      reference: row.reference,
      amount: BigInt(row.amount),
      currency: row.currency,
      state: row.state,
      bankReference: row.bank_reference,
    },
    credit,
  );
  const now = new Date(ctx.clock.now());
  if (match.outcome === 'repeat') return match;
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
  await tx
    .updateTable('money.loan_order')
    .set({ state: 'received', bank_reference: credit.bankReference, updated_at: now })
    .where('reference', '=', row.reference)
    .execute();
  await ctx.settlement.mint(tx, {
    reference: row.reference,
    to: row.payer_address,
    amount: BigInt(row.amount),
  });
  return match;
}
