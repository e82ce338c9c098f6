/** Reads what reaches the agreements' addresses, block by block, so that a reorganisation leaves nothing behind. */
import type { Hex } from '@zhenmei/kernel';
import { sql } from 'kysely';
import type { TokenTransfer } from '../../core/token-deposit.ts';
import type { TokenChainPort } from '../../ports.ts';
import type { MoneyContext } from '../context.ts';

/** Blocks that are read at once. */
const RANGE = 1_000;
/** Addresses that a node is asked for at once. */
const TOGETHER = 400;
/** Rows that are kept in one statement; PostgreSQL takes no more than 65,535 values. */
const KEPT_AT_ONCE = 1_000;
/** Times in a row that the ledger may change while it is read. */
const PATIENCE = 20;

/** Follows the ledger to its head. @returns the block that was reached, or null where no token is taken */
export async function watchDeposits(ctx: MoneyContext): Promise<number | null> {
  const port = ctx.tokens;
  if (!port) return null;
  for (let patience = PATIENCE; patience > 0; ) {
    const tip = await standingTip(ctx, port);
    const head = await port.head();
    if (tip !== null && tip >= head) return tip;
    // before the first address nothing could come
    const from = tip === null ? head : tip + 1;
    const to = Math.min(head, from + RANGE - 1);
    if (!(await readBlocks(ctx, port, tip, from, to))) patience--;
  }
  return standingTip(ctx, port);
}

/** The newest block that was read and still stands; what was read above it is dropped. */
async function standingTip(ctx: MoneyContext, port: TokenChainPort): Promise<number | null> {
  for (;;) {
    const last = await ctx.db
      .selectFrom('money.token_block')
      .select(['number', 'hash'])
      .where('chain_id', '=', port.chainId)
      .orderBy('number', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (!last) return null;
    const number = Number(last.number);
    if ((await port.hashOf(number)) === last.hash) return number;
    await ctx.db.transaction().execute(async (tx) => {
      await tx
        .deleteFrom('money.token_block')
        .where('chain_id', '=', port.chainId)
        .where('number', '=', number)
        .where('hash', '=', last.hash)
        .execute();
      const below = await tx
        .selectFrom('money.token_block')
        .select(({ fn }) => fn.max('number').as('number'))
        .where('chain_id', '=', port.chainId)
        .executeTakeFirst();
      await tx
        .deleteFrom('money.token_transfer')
        .where('chain_id', '=', port.chainId)
        .where('block', '>', Number(below?.number ?? -1))
        .execute();
    });
  }
}

/** @returns false if the ledger became another one while it was read; nothing is kept then */
async function readBlocks(
  ctx: MoneyContext,
  port: TokenChainPort,
  tip: number | null,
  from: number,
  to: number,
): Promise<boolean> {
  const before = await port.hashOf(to);
  const below = tip === null ? null : await port.hashOf(tip);
  const addresses = await watched(ctx, port.chainId);
  const found: TokenTransfer[] = [];
  for (let i = 0; i < addresses.length; i += TOGETHER)
    found.push(...(await port.transfers(addresses.slice(i, i + TOGETHER), from, to)));
  const after = await port.hashOf(to);
  if (!before || after !== before || (tip !== null && (await port.hashOf(tip)) !== below)) return false;
  await ctx.db.transaction().execute(async (tx) => {
    // of two processes that read the same blocks one waits, and finds it done
    await sql`select pg_advisory_xact_lock(hashtext('money.token_block'))`.execute(tx);
    const rows = found.map((one) => ({
      chain_id: port.chainId,
      block: one.block,
      log_index: one.logIndex,
      token: one.token,
      sender: one.from,
      receiver: one.to,
      amount: one.amount.toString(),
      at: new Date(one.at),
    }));
    // a coin of anybody's may log as many transfers to an address as it likes
    for (let i = 0; i < rows.length; i += KEPT_AT_ONCE)
      await tx
        .insertInto('money.token_transfer')
        .values(rows.slice(i, i + KEPT_AT_ONCE))
        .onConflict((c) => c.doNothing())
        .execute();
    await tx
      .insertInto('money.token_block')
      .values({ chain_id: port.chainId, number: to, hash: before })
      .onConflict((c) => c.doNothing())
      .execute();
  });
  return true;
}

async function watched(ctx: MoneyContext, chainId: number): Promise<Hex[]> {
  const rows = await ctx.db
    .selectFrom('money.token_deposit')
    .select('address')
    .where('chain_id', '=', chainId)
    .orderBy('address')
    .execute();
  return rows.map(({ address }) => address);
}
