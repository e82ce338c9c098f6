/** What the nightly reconciliation asks of agreements that are held in coins; each coin by itself, in its smallest unit. */
import type { Hex } from '@zhenmei/kernel';
import { type Kysely, sql } from 'kysely';
import type { MoneyDatabase } from '../../adapters/schema.ts';
import type { Difference } from '../../core/reconcile.ts';
import { type CoinTotals, coinDifferences } from '../../core/reconcile.ts';
import type { MoneyContext } from '../context.ts';

/** Times that the escrow is looked at again while it moves. */
const TRIES = 6;

/** Coins of which the escrow's own sums, the movements, or what it has on the ledger do not agree. */
export async function wrongCoins(ctx: MoneyContext): Promise<Difference[]> {
  const port = ctx.tokens;
  if (!port) return [];
  const found: Difference[] = [];
  for (const coin of await coinsOf(ctx.db)) found.push(...(await wrongCoin(coin)));
  return found;

  async function wrongCoin(coin: Hex): Promise<Difference[]> {
    for (let left = TRIES; ; left--) {
      const before = await port!.escrowHas(coin);
      const totals = await coinTotals(ctx.db, coin);
      const after = await port!.escrowHas(coin);
      if (before === after || left <= 1) return coinDifferences(coin, totals, after);
    }
  }
}

async function coinsOf(db: Kysely<MoneyDatabase>): Promise<Hex[]> {
  const rows = await db
    .selectFrom('money.account')
    .select('coin')
    .distinct()
    .where('coin', 'is not', null)
    .orderBy('coin')
    .execute();
  return rows.map(({ coin }) => coin!);
}

async function coinTotals(db: Kysely<MoneyDatabase>, coin: Hex): Promise<CoinTotals> {
  const { rows } = await sql<Record<keyof CoinTotals, string>>`
    select coalesce(sum(funded), 0)::text as funded, coalesce(sum(paid + fee + refunded), 0)::text as settled,
      coalesce(sum(held), 0)::text as held,
      (select coalesce(sum(amount), 0)::text from money.movement
        where kind = 'credited' and coin = ${coin}) as credited,
      (select coalesce(sum(amount), 0)::text from money.movement
        where kind = 'withdrawn' and coin = ${coin}) as withdrawn
    from money.account where coin = ${coin}`.execute(db);
  const row = rows[0]!;
  return {
    funded: BigInt(row.funded),
    settled: BigInt(row.settled),
    held: BigInt(row.held),
    credited: BigInt(row.credited),
    withdrawn: BigInt(row.withdrawn),
  };
}
