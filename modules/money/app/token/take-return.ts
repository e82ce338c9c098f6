/** A payer has what is not the agreement's sent home, by a transfer that she has signed and nobody else can change. */
import { AppError, type Hex } from '@zhenmei/kernel';
import type { SignedReturn } from '../../ports.ts';
import type { MoneyContext } from '../context.ts';
import { orderRow, readDeposit } from './read-deposit.ts';

/** Of one order: each costs whoever sends it the network's fee. */
const MOST_RETURNS = 10;

/**
 * Keeps what she signed. On the agreement's own network it may be no more than what goes home; on any other the address is
 * hers as well, and whatever she signed is hers to sign. Throws PAYMENT_UNKNOWN, TOKEN_RETURN_WRONG.
 */
export async function takeReturn(ctx: MoneyContext, agreementId: Hex, signed: Hex): Promise<SignedReturn> {
  const { wanted, home } = await readDeposit(ctx, agreementId);
  const read = await ctx.tokens!.readReturn(signed);
  if (!read || read.from !== wanted.address || read.amount <= 0n) throw new AppError('TOKEN_RETURN_WRONG');
  if (read.chainId === wanted.chainId) {
    const most = home.find(({ token }) => token === read.token)?.amount ?? 0n;
    if (read.amount > most) throw new AppError('TOKEN_RETURN_WRONG');
  }
  const now = new Date(ctx.clock.now());
  const { reference } = await orderRow(ctx, agreementId);
  await makeRoom(ctx, reference, read);
  await ctx.db
    .insertInto('money.token_return')
    .values({
      hash: read.hash,
      order_reference: reference,
      chain_id: read.chainId,
      token: read.token,
      receiver: read.to,
      amount: read.amount.toString(),
      signed,
      state: 'signed',
      created_at: now,
      updated_at: now,
    })
    .onConflict((c) => c.doNothing())
    .execute();
  return read;
}

/**
 * One of a network waits at a time, the newest, whatever its coin: an address sends in the order of its numbers, and one
 * that cannot be sent would keep all later ones. An order has no more than a few in all.
 */
async function makeRoom(ctx: MoneyContext, reference: string, read: SignedReturn): Promise<void> {
  await ctx.db
    .deleteFrom('money.token_return')
    .where('order_reference', '=', reference)
    .where('chain_id', '=', read.chainId)
    .where('state', '=', 'signed')
    .where('hash', '!=', read.hash)
    .execute();
  const others = await ctx.db
    .selectFrom('money.token_return')
    .select('hash')
    .where('order_reference', '=', reference)
    .where('hash', '!=', read.hash)
    .limit(MOST_RETURNS)
    .execute();
  if (others.length === MOST_RETURNS) throw new AppError('TOKEN_RETURN_WRONG');
}

/** What was signed and has not been sent. @param chainId of one network, or of all */
export async function signedReturns(ctx: MoneyContext, chainId: number | null) {
  const rows = await ctx.db
    .selectFrom('money.token_return')
    .selectAll()
    .where('state', '=', 'signed')
    .$if(chainId !== null, (q) => q.where('chain_id', '=', chainId!))
    .orderBy('created_at')
    .orderBy('hash')
    .execute();
  return rows.map((row) => ({ ...row, chainId: Number(row.chain_id) }));
}

export async function noteSent(ctx: MoneyContext, hash: Hex): Promise<void> {
  await ctx.db
    .updateTable('money.token_return')
    .set({ state: 'sent', updated_at: new Date(ctx.clock.now()) })
    .where('hash', '=', hash)
    .execute();
}
