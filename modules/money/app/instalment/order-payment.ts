/** Money that comes for an instalment, or as a lender's capital: an order, a credit, a minting. */
import { AppError, type Hex } from '@zhenmei/kernel';
import type { z } from 'zod';
import type { PaymentOrder } from '../../api.ts';
import { orderByReference, orderOnto } from '../account-orders.ts';
import type { MoneyContext } from '../context.ts';
import { applicationOf, loansOf } from './loan-rows.ts';
import { readLoan } from './read-loan.ts';

type Order = z.infer<typeof PaymentOrder>;

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
  return orderOnto(ctx, {
    purpose: 'instalment',
    agreement,
    account: row.borrower,
    amount,
    currency: loan.currency,
  });
}

/** Throws LOAN_REFUSED where the organisation is no lender. */
export async function orderCapital(ctx: MoneyContext, lenderId: string, amount: string): Promise<Order> {
  const lender = await loansOf(ctx).lender(lenderId);
  if (!lender?.licensed) throw notALender();
  return orderOnto(ctx, {
    purpose: 'capital',
    agreement: null,
    account: lender.account,
    amount: BigInt(amount),
    currency: 'CNY',
  });
}

export async function readCapital(ctx: MoneyContext, lenderId: string, reference: string): Promise<Order> {
  const lender = await loansOf(ctx).lender(lenderId);
  const order = lender && (await orderByReference(ctx, reference, lender.account));
  if (!order) throw new AppError('LOAN_UNKNOWN');
  return order;
}

export const notALender = (): AppError =>
  new AppError('LOAN_REFUSED', { pack: '', rule: 'lender-licensed', reason: '', next: '' });
