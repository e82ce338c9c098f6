/** Where a payment in a token stands: the request, what arrived, and what of it goes home. */
import { AppError, type Hex } from '@zhenmei/kernel';
import {
  type Deposit,
  depositOf,
  dustBound,
  homeOf,
  inToken,
  paymentRequest,
  type TokenTransfer,
  type TokenWanted,
} from '../../core/token-deposit.ts';
import type { ReturnTrouble } from '../../core/token-return.ts';
import { offeredRails } from '../card/read-rails.ts';
import type { MoneyContext } from '../context.ts';
import { type OrderRow, orderOf } from '../credits.ts';

/** Digits of the minor unit of the currencies that prices are in (ISO 4217). */
const CURRENCY_DIGITS = 2;

export interface TokenPayment {
  readonly wanted: TokenWanted;
  readonly digits: number;
  readonly symbol: string;
  /** Seen on the ledger, and not yet confirmed. */
  readonly seen: readonly TokenTransfer[];
  readonly permits: bigint;
  readonly sending: { readonly nonce: number; readonly maxFeePerGas: bigint };
  /** Sent home or about to be, by the payer's signature. */
  readonly returns: readonly Return[];
  /** ERC-681, for a camera. */
  readonly request: string;
  readonly deposit: Deposit;
  /** What may be sent home now, by token. */
  readonly home: readonly {
    readonly token: Hex;
    readonly amount: bigint;
    readonly from: Hex;
    readonly dust: boolean;
  }[];
  /** Less than this of its coin stays where it is. */
  readonly dust: bigint;
}

export interface Return {
  readonly hash: Hex;
  readonly chainId: number;
  readonly receiver: Hex;
  readonly token: Hex;
  readonly amount: bigint;
  readonly state: 'signed' | 'sent' | 'refused';
  readonly trouble: ReturnTrouble | null;
}

/**
 * The agreement's own address becomes its place to pay to, once. The order has to be there.
 * Throws PAYMENT_UNKNOWN, RAIL_NOT_OFFERED, TOKEN_DECIMALS.
 */
export async function orderDeposit(ctx: MoneyContext, agreementId: Hex): Promise<TokenPayment> {
  const order = await orderRow(ctx, agreementId);
  const { rails } = await offeredRails(ctx, agreementId);
  const listed = rails.includes('token') ? await ctx.tokens?.tokenOf(agreementId) : null;
  if (!ctx.tokens || !listed) throw new AppError('RAIL_NOT_OFFERED');
  await ctx.db
    .insertInto('money.token_deposit')
    .values({
      order_reference: order.reference,
      chain_id: ctx.tokens.chainId,
      token: listed.token,
      address: order.payer_address!,
      amount: inToken(BigInt(order.amount), CURRENCY_DIGITS, listed.digits).toString(),
      digits: listed.digits,
      created_at: new Date(ctx.clock.now()),
    })
    .onConflict((c) => c.doNothing())
    .execute();
  return readDeposit(ctx, agreementId);
}

/** Throws PAYMENT_UNKNOWN. */
export async function readDeposit(ctx: MoneyContext, agreementId: Hex): Promise<TokenPayment> {
  const order = await orderRow(ctx, agreementId);
  const row = await ctx.db
    .selectFrom('money.token_deposit')
    .selectAll()
    .where('order_reference', '=', order.reference)
    .executeTakeFirst();
  if (!row || !ctx.tokens) throw new AppError('PAYMENT_UNKNOWN');
  const { payBy } = await orderOf(ctx, order);
  const wanted: TokenWanted = {
    chainId: Number(row.chain_id),
    token: row.token,
    address: row.address,
    escrow: ctx.tokens.escrow,
    amount: BigInt(row.amount),
    payBy: payBy === 0 ? (order.pay_by?.getTime() ?? 0) : payBy,
    payable: payBy !== 0,
  };
  const { transfers, balance } = await standingAt(ctx, wanted);
  const held = order.state === 'held';
  const depositIf = (moves: boolean) =>
    depositOf(wanted, transfers, { balance, moves, held }, ctx.clock.now());
  const first = depositIf(true);
  const deposit =
    first.state === 'complete'
      ? depositIf(await ctx.tokens.moves(row.token, row.address, wanted.amount))
      : first;
  const tokens = [...new Set(deposit.arrivals.map(({ token }) => token))];
  const returns = await ctx.db
    .selectFrom('money.token_return')
    .select(['hash', 'chain_id', 'receiver', 'token', 'amount', 'state', 'trouble'])
    .where('order_reference', '=', order.reference)
    .orderBy('created_at')
    .execute();
  const [seen, permits, sending, known] = await Promise.all([
    ctx.tokens.seen(row.address),
    ctx.tokens.permits(row.token, row.address),
    ctx.tokens.sending(row.address),
    ctx.tokens.tokenOf(agreementId),
  ]);
  const dust = dustBound(row.digits, sending.maxFeePerGas);
  return {
    wanted,
    digits: row.digits,
    symbol: known?.symbol ?? 'ERC-20',
    seen,
    permits,
    sending,
    returns: returns.map((one) => ({
      ...one,
      chainId: Number(one.chain_id),
      amount: BigInt(one.amount),
    })),
    request: paymentRequest({ ...wanted, amount: deposit.missing || wanted.amount }),
    deposit,
    home: tokens
      .map((token) => ({
        token,
        amount: homeOf(token, wanted, deposit, transfers),
        from: deposit.arrivals.findLast((one) => one.token === token)!.from,
      }))
      .filter(({ amount }) => amount > 0n)
      // what another coin is worth nobody knows here
      .map((one) => ({ ...one, dust: one.token === row.token && one.amount < dust })),
    dust,
  };
}

/** The transfers that stand, and the balance at the block up to which they were read. */
async function standingAt(
  ctx: MoneyContext,
  { chainId, address, token }: TokenWanted,
): Promise<{ transfers: TokenTransfer[]; balance: bigint }> {
  const rows = await ctx.db
    .selectFrom('money.token_transfer')
    .selectAll()
    .where('chain_id', '=', chainId)
    .where((eb) => eb.or([eb('receiver', '=', address), eb('sender', '=', address)]))
    .orderBy('block')
    .orderBy('log_index')
    .execute();
  const { tip } = await ctx.db
    .selectFrom('money.token_block')
    .select(({ fn }) => fn.max('number').as('tip'))
    .where('chain_id', '=', chainId)
    .executeTakeFirstOrThrow();
  return {
    transfers: rows.map((row) => ({
      block: Number(row.block),
      logIndex: row.log_index,
      token: row.token,
      from: row.sender,
      to: row.receiver,
      amount: BigInt(row.amount),
      at: row.at.getTime(),
    })),
    balance: tip === null ? 0n : await ctx.tokens!.balance(token, address, Number(tip)),
  };
}

export async function orderRow(ctx: MoneyContext, agreementId: Hex): Promise<OrderRow> {
  const row = await ctx.db
    .selectFrom('money.payment_order')
    .selectAll()
    .where('agreement_id', '=', agreementId)
    .where('purpose', '=', 'agreement')
    .executeTakeFirst();
  if (!row) throw new AppError('PAYMENT_UNKNOWN');
  return row;
}
