/** Paying into a clinic's bond: an order with a reference, a credit at the custodian, units minted to the clinic. */
import type { Hex } from '@zhenmei/kernel';
import type { Kysely, Selectable } from 'kysely';
import type { z } from 'zod';
import type { MoneyDatabase } from '../../adapters/schema.ts';
import { type BankCredit, type Match, matchCredit, paymentReference } from '../../core/payment.ts';
import type { BondOrder } from '../../guarantee-api.ts';
import type { MoneyContext } from '../context.ts';

type Order = z.infer<typeof BondOrder>;
type Row = Selectable<MoneyDatabase['money.bond_order']>;

const view = (ctx: MoneyContext, row: Row): Order => ({
  reference: row.reference,
  amount: row.amount,
  currency: row.currency,
  state: row.state,
  payee: ctx.payee,
});

/** The clinic's newest order that is not in the bond yet, or null. */
export async function pendingBondOrder(ctx: MoneyContext, provider: Hex): Promise<Order | null> {
  const row = await ctx.db
    .selectFrom('money.bond_order')
    .selectAll()
    .where('provider', '=', provider)
    .where('state', '!=', 'placed')
    .orderBy('created_at', 'desc')
    .executeTakeFirst();
  return row ? view(ctx, row) : null;
}

/** One order at a time: while one waits for its payment, a new amount replaces it. */
export async function orderBond(ctx: MoneyContext, provider: Hex, amount: bigint): Promise<Order> {
  const now = new Date(ctx.clock.now());
  await ctx.db
    .deleteFrom('money.bond_order')
    .where('provider', '=', provider)
    .where('state', '=', 'expected')
    .execute();
  const row = await ctx.db
    .insertInto('money.bond_order')
    .values({
      reference: paymentReference(ctx.random.bytes(12)),
      provider,
      amount: amount.toString(),
      currency: 'CNY',
      state: 'expected',
      bank_reference: null,
      created_at: now,
      updated_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return view(ctx, row);
}

/** A credit whose reference is a bond's: minted to the clinic. @returns null if there is no such order */
export async function receiveBondCredit(
  ctx: MoneyContext,
  tx: Kysely<MoneyDatabase>,
  credit: BankCredit,
): Promise<Match | null> {
  const row = await tx
    .selectFrom('money.bond_order')
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
      state: row.state === 'placed' ? 'held' : row.state,
      bankReference: row.bank_reference,
    },
    credit,
  );
  if (match.outcome !== 'accept') return match;
  await tx
    .updateTable('money.bond_order')
    .set({ state: 'received', bank_reference: credit.bankReference, updated_at: new Date(ctx.clock.now()) })
    .where('reference', '=', row.reference)
    .execute();
  await ctx.settlement.mint(tx, { reference: row.reference, to: row.provider, amount: BigInt(row.amount) });
  return match;
}

/** The chain minted to the clinic, or the clinic put it into its bond. */
export async function moveBondOrders(
  ctx: MoneyContext,
  tx: Kysely<MoneyDatabase>,
  provider: Hex,
  to: 'minted' | 'placed',
): Promise<void> {
  await tx
    .updateTable('money.bond_order')
    .set({ state: to, updated_at: new Date(ctx.clock.now()) })
    .where('provider', '=', provider)
    .where('state', '=', to === 'minted' ? 'received' : 'minted')
    .execute();
}
