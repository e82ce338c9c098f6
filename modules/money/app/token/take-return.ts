/** A payer has what is not the agreement's sent home, by a transfer that she has signed and nobody else can change. */
import { AppError, type Hex } from '@zhenmei/kernel';
import { isDust } from '../../core/token-deposit.ts';
import { afterAnswer, type ReturnAnswer, type ReturnStanding } from '../../core/token-return.ts';
import type { SignedReturn } from '../../ports.ts';
import type { MoneyContext } from '../context.ts';
import { orderRow, readDeposit } from './read-deposit.ts';

/** Of one order: each costs whoever sends it the network's fee. */
const MOST_RETURNS = 10;
/** Returns that are tried in one round. */
const AT_ONCE = 50;

/**
 * Keeps what she signed. On the agreement's own network it may be no more than what goes home; on any other the address is
 * hers as well, and whatever she signed is hers to sign. Throws PAYMENT_UNKNOWN, TOKEN_RETURN_WRONG, TOKEN_RETURN_SMALL.
 */
export async function takeReturn(ctx: MoneyContext, agreementId: Hex, signed: Hex): Promise<SignedReturn> {
  const known = await keptReturn(ctx, agreementId, signed);
  if (known) return known;
  const { wanted, home, digits, sending } = await readDeposit(ctx, agreementId);
  const read = await ctx.tokens!.readReturn(signed);
  if (!read || read.from !== wanted.address || read.amount <= 0n) throw new AppError('TOKEN_RETURN_WRONG');
  if (read.chainId === wanted.chainId) {
    const most = home.find(({ token }) => token === read.token)?.amount ?? 0n;
    if (read.amount > most) throw new AppError('TOKEN_RETURN_WRONG');
    if (read.token === wanted.token && isDust(read.amount, digits, sending.maxFeePerGas))
      throw new AppError('TOKEN_RETURN_SMALL');
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
 * The answer to the first request may have been lost, and by now what it signed may have gone home: the same signature is
 * found by its hash. One that the house had given up is tried again.
 */
async function keptReturn(ctx: MoneyContext, agreementId: Hex, signed: Hex): Promise<SignedReturn | null> {
  const read = await ctx.tokens?.readReturn(signed);
  if (!read) return null;
  const { reference } = await orderRow(ctx, agreementId);
  const row = await ctx.db
    .selectFrom('money.token_return')
    .select(['hash', 'state', 'trouble'])
    .where('hash', '=', read.hash)
    .where('order_reference', '=', reference)
    .executeTakeFirst();
  if (!row) return null;
  if (row.state === 'refused' && (row.trouble === 'refused' || row.trouble === 'waits'))
    await ctx.db
      .updateTable('money.token_return')
      .set({ state: 'signed', tries: 0, next_at: new Date(ctx.clock.now()) })
      .where('hash', '=', read.hash)
      .where('state', '=', 'refused')
      .execute();
  return read;
}

/**
 * One of a network waits at a time, the newest, whatever its coin: an address sends in the order of its numbers, and one
 * that cannot be sent would keep all later ones. No more than a few of an order are ever sent.
 */
async function makeRoom(ctx: MoneyContext, reference: string, read: SignedReturn): Promise<void> {
  const sent = await ctx.db
    .selectFrom('money.token_return')
    .select('hash')
    .where('order_reference', '=', reference)
    .where('state', '=', 'sent')
    .limit(MOST_RETURNS)
    .execute();
  if (sent.length === MOST_RETURNS) throw new AppError('TOKEN_RETURN_WRONG');
  await ctx.db
    .deleteFrom('money.token_return')
    .where('order_reference', '=', reference)
    .where('chain_id', '=', read.chainId)
    .where('state', '!=', 'sent')
    .where('hash', '!=', read.hash)
    .execute();
}

/** Signed returns of a network that are to be tried now. */
export async function dueReturns(ctx: MoneyContext, chainId: number) {
  const rows = await ctx.db
    .selectFrom('money.token_return')
    .select(['hash', 'signed', 'state', 'trouble', 'tries', 'next_at'])
    .where('chain_id', '=', chainId)
    .where('state', '=', 'signed')
    .where('next_at', '<=', new Date(ctx.clock.now()))
    .orderBy('next_at')
    .orderBy('hash')
    .limit(AT_ONCE)
    .execute();
  return rows.map(({ next_at, ...row }) => ({ ...row, nextAt: next_at.getTime() }));
}

/** Keeps what a network answered. @returns the trouble, if it is another than before: to be told once */
export async function noteAnswer(
  ctx: MoneyContext,
  hash: Hex,
  before: ReturnStanding,
  answer: ReturnAnswer | null,
): Promise<ReturnStanding | null> {
  const after = afterAnswer(before, answer, ctx.clock.now());
  await ctx.db
    .updateTable('money.token_return')
    .set({
      state: after.state,
      trouble: after.trouble,
      tries: after.tries,
      next_at: new Date(after.nextAt),
      updated_at: new Date(ctx.clock.now()),
    })
    .where('hash', '=', hash)
    .where('state', '=', 'signed')
    .execute();
  const same = after.trouble === before.trouble && after.state === before.state;
  return after.trouble === null || same ? null : after;
}

/** What was signed and has not been sent, also what the house has given up. @param chainId of one network, or of all */
export async function signedReturns(ctx: MoneyContext, chainId: number | null) {
  const rows = await ctx.db
    .selectFrom('money.token_return')
    .selectAll()
    .where('state', 'in', ['signed', 'refused'])
    .$if(chainId !== null, (q) => q.where('chain_id', '=', chainId!))
    .orderBy('created_at')
    .orderBy('hash')
    .execute();
  return rows.map((row) => ({ ...row, chainId: Number(row.chain_id) }));
}

export async function noteSent(ctx: MoneyContext, hash: Hex): Promise<void> {
  await ctx.db
    .updateTable('money.token_return')
    .set({ state: 'sent', trouble: null, updated_at: new Date(ctx.clock.now()) })
    .where('hash', '=', hash)
    .execute();
}
