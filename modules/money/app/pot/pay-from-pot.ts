/** Money leaves a pot, inside the caller's transaction: to somebody under a key, or back to whoever paid it in. */
import { type Kysely, sql } from 'kysely';
import type { MoneyDatabase } from '../../adapters/schema.ts';
import { shareBack, spendable } from '../../core/pot.ts';
import type { MoneyContext } from '../context.ts';
import { potBalance, rewardKey } from './read-pot.ts';

type Tx = Kysely<MoneyDatabase>;

/** Whoever spends of a pot waits here for the others. */
async function lockPot(tx: Tx, pot: string) {
  const row = await tx
    .selectFrom('money.pot')
    .selectAll()
    .where('id', '=', pot)
    .forUpdate()
    .executeTakeFirst();
  return row ? { currency: row.currency, free: spendable(await potBalance(tx, pot)) } : null;
}

export interface Reward {
  readonly pot: string;
  /** Opaque; the same key is paid once, whoever asks how often. */
  readonly key: string;
  /** A payout reference, as the custodian knows it. */
  readonly to: string;
  readonly amount: bigint;
}

/** @returns false if the pot has not enough: nothing is paid then, and nothing is written */
export async function payFromPot(ctx: MoneyContext, tx: Tx, reward: Reward): Promise<boolean> {
  const pot = await lockPot(tx, reward.pot);
  if (!pot) return false;
  const key = rewardKey(reward.key);
  const known = await tx
    .selectFrom('money.rail_payment')
    .select('key')
    .where('key', '=', key)
    .executeTakeFirst();
  if (known) return true;
  if (pot.free < reward.amount) return false;
  await send(ctx, tx, {
    key,
    kind: 'reward',
    party: reward.to,
    amount: reward.amount,
    currency: pot.currency,
    pot: reward.pot,
  });
  return true;
}

/** As much as there is; by the way that an order's money goes home. @returns how much went */
export async function giveBackFromPot(
  ctx: MoneyContext,
  tx: Tx,
  id: string,
  amount: bigint,
): Promise<bigint> {
  const pot = await lockPot(tx, id);
  const most = pot && pot.free < amount ? pot.free : amount;
  if (!pot || most <= 0n) return 0n;
  const entries = await tx
    .selectFrom('money.rail_entry as e')
    .innerJoin('money.payment_order as o', 'o.reference', 'e.order_reference')
    .select(['e.entry', 'e.amount'])
    .select((eb) =>
      eb
        .selectFrom('money.rail_payment as p')
        .select(sql<string>`coalesce(sum(p.amount), 0)::text`.as('back'))
        .whereRef('p.party', '=', 'e.entry')
        .where('p.kind', '=', 'rest')
        .as('back'),
    )
    .where('o.pot', '=', id)
    .where('e.state', '=', 'matched')
    .where('e.direction', '=', 'credit')
    .orderBy('e.booked_at')
    .orderBy('e.entry')
    .execute();
  const paidIn = entries.map((e) => ({
    entry: e.entry,
    amount: BigInt(e.amount),
    back: BigInt(e.back ?? 0),
  }));
  let gone = 0n;
  for (const { entry, amount: part, back } of shareBack(paidIn, most)) {
    // what was given back before is part of the key: each part of an entry is its own payment
    const key = `rest/${entry}/${back}`;
    await send(ctx, tx, { key, kind: 'rest', party: entry, amount: part, currency: pot.currency, pot: id });
    gone += part;
  }
  return gone;
}

async function send(
  ctx: MoneyContext,
  tx: Tx,
  payment: {
    readonly key: string;
    readonly kind: 'reward' | 'rest';
    readonly party: string;
    readonly amount: bigint;
    readonly currency: string;
    readonly pot: string;
  },
): Promise<void> {
  const at = new Date(ctx.clock.now());
  await tx
    .updateTable('money.pot')
    .set((eb) => ({ went: eb('went', '+', payment.amount.toString()) }))
    .where('id', '=', payment.pot)
    .execute();
  await tx
    .insertInto('money.rail_payment')
    .values({
      ...payment,
      amount: payment.amount.toString(),
      state: 'due',
      entry: null,
      // what came in by the custodian goes out by it
      rail: 'custodian',
      created_at: at,
      updated_at: at,
    })
    .execute();
}
