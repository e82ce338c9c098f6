/** Paying into a clinic's bond: an order like any other, whose units the clinic then places itself. */
import type { Hex } from '@zhenmei/kernel';
import type { z } from 'zod';
import type { PaymentOrder } from '../../api.ts';
import { orderOnto } from '../account-orders.ts';
import type { MoneyContext } from '../context.ts';

type Order = z.infer<typeof PaymentOrder>;

/** One order at a time: while nothing has come for one, a new amount replaces it. */
export const orderBond = (ctx: MoneyContext, provider: Hex, amount: bigint): Promise<Order> =>
  orderOnto(ctx, { purpose: 'bond', account: provider, agreement: null, amount, currency: 'CNY' });
