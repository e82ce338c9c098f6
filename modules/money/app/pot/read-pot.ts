/** What a pot has, what came for it last, and what became of the payments out of it. */
import { type Kysely, sql } from 'kysely';
import type { MoneyDatabase } from '../../adapters/schema.ts';
import type { PotBalance } from '../../core/pot.ts';
import type { MoneyContext } from '../context.ts';
import { viewOrder } from '../payments.ts';

/** Zeros for a pot that nobody has ordered anything into. */
export async function potBalance(tx: Kysely<MoneyDatabase>, pot: string): Promise<PotBalance> {
  const { rows } = await sql<Record<keyof PotBalance, string>>`
    select (select coalesce(sum(came), 0) from money.pot where id = ${pot})::text as came,
      (select coalesce(sum(amount), 0) from money.rail_payment where pot = ${pot} and kind = 'reward')::text as rewards,
      (select coalesce(sum(amount), 0) from money.rail_payment where pot = ${pot} and kind = 'rest')::text as returned,
      (select coalesce(sum(e.amount), 0) from money.rail_entry e
        join money.payment_order o on o.reference = e.order_reference
        where o.pot = ${pot} and e.state = 'owed')::text as owed`.execute(tx);
  const { came, rewards, returned, owed } = rows[0]!;
  return { came: BigInt(came), rewards: BigInt(rewards), returned: BigInt(returned), owed: BigInt(owed) };
}

/** The newest order into a pot as its payer sees it, or null. */
export async function potOrder(ctx: MoneyContext, pot: string) {
  const row = await ctx.db
    .selectFrom('money.payment_order')
    .selectAll()
    .where('pot', '=', pot)
    .orderBy('created_at', 'desc')
    .orderBy('reference')
    .limit(1)
    .executeTakeFirst();
  return row ? viewOrder(ctx, row) : null;
}

export interface RewardState {
  /** Booked by the bank. */
  readonly booked: boolean;
  /** Of the last change, milliseconds since the epoch. */
  readonly at: number;
}

/** By key; what was never asked for is missing. */
export async function rewardStates(
  ctx: MoneyContext,
  keys: readonly string[],
): Promise<ReadonlyMap<string, RewardState>> {
  if (keys.length === 0) return new Map();
  const rows = await ctx.db
    .selectFrom('money.rail_payment')
    .select(['key', 'state', 'updated_at'])
    .where('key', 'in', keys.map(rewardKey))
    .execute();
  const known = new Map(rows.map((row) => [row.key, row]));
  return new Map(
    keys.flatMap((key) => {
      const row = known.get(rewardKey(key));
      return row ? [[key, { booked: row.state === 'booked', at: row.updated_at.getTime() }] as const] : [];
    }),
  );
}

/** What stands on the statement: nothing that says for what it is. */
export const rewardKey = (key: string): string => `pay/${key}`;
