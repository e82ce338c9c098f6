/** Paying into a purse: an order like any other, whose units the holder then puts into the purse itself. */
import type { Hex } from '@zhenmei/kernel';
import { orderOnto } from '../account-orders.ts';
import type { MoneyContext } from '../context.ts';

export const orderDeposit = (ctx: MoneyContext, holder: Hex, amount: bigint) =>
  orderOnto(ctx, { purpose: 'panel', account: holder, agreement: null, amount, currency: 'CNY' });
