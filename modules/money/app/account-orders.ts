/** Orders that put units on an account: an instalment, a lender's capital, a clinic's bond, a deposit for the panel. */
import type { Hex } from '@zhenmei/kernel';
import type { Kysely } from 'kysely';
import type { AccountPurpose, MoneyDatabase } from '../adapters/schema.ts';
import type { MoneyContext } from './context.ts';
import type { OrderRow } from './credits.ts';
import { OPEN_FOR, openOrder } from './open-order.ts';
import { moveOrder, viewOrder } from './payments.ts';
import type { MoneyEvent } from './projection.ts';

type Order = Awaited<ReturnType<typeof viewOrder>>;

export interface AccountOrder {
  readonly purpose: AccountPurpose;
  /** The account that the units are minted to. */
  readonly account: Hex;
  readonly amount: bigint;
  readonly currency: string;
  /** The agreement that it is paid for, where there is one. */
  readonly agreement: Hex | null;
  /** Milliseconds since the epoch until which it takes money; 30 days unless something ends before. */
  readonly payBy?: number;
}

/**
 * One order of a purpose waits at a time: asked again with the same amount it is the same; another amount takes its
 * place, unless a part of it has come in. After 30 days it takes nothing any more.
 */
export async function orderOnto(ctx: MoneyContext, wanted: AccountOrder): Promise<Order> {
  return viewOrder(ctx, await ctx.db.transaction().execute((tx) => orderWithin(ctx, tx, wanted)));
}

/** The same within a transaction of the caller's: with what it is ordered for, or not at all. */
export async function orderWithin(
  ctx: MoneyContext,
  tx: Kysely<MoneyDatabase>,
  wanted: AccountOrder,
): Promise<OrderRow> {
  const now = new Date(ctx.clock.now());
  return openOrder(ctx, tx, await waitingOrder(tx, wanted, now), {
    purpose: wanted.purpose,
    pot: null,
    agreement_id: wanted.agreement,
    payer_address: wanted.account,
    amount: wanted.amount,
    currency: wanted.currency,
    pay_by: new Date(wanted.payBy ?? now.getTime() + OPEN_FOR),
  });
}

function waitingOrder(tx: Kysely<MoneyDatabase>, { purpose, account, agreement }: AccountOrder, now: Date) {
  return tx
    .selectFrom('money.payment_order')
    .selectAll()
    .where('purpose', '=', purpose)
    .where('payer_address', '=', account)
    .where('agreement_id', agreement === null ? 'is' : '=', agreement)
    .where('state', '=', 'expected')
    .where('pay_by', '>=', now)
    .forUpdate()
    .executeTakeFirst();
}

/** The newest order of a purpose, or null. */
export async function newestOrder(
  ctx: MoneyContext,
  purpose: AccountPurpose,
  of: { readonly account: Hex } | { readonly agreement: Hex },
): Promise<Order | null> {
  const row = await ctx.db
    .selectFrom('money.payment_order')
    .selectAll()
    .where('purpose', '=', purpose)
    .where(
      'account' in of ? 'payer_address' : 'agreement_id',
      '=',
      'account' in of ? of.account : of.agreement,
    )
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? viewOrder(ctx, row) : null;
}

/** The newest order of a purpose that still waits to be paid, or whose units are not in their place yet; or null. */
export async function pendingOrder(
  ctx: MoneyContext,
  purpose: AccountPurpose,
  account: Hex,
): Promise<Order | null> {
  const order = await newestOrder(ctx, purpose, { account });
  const over = order?.state === 'expected' && Date.parse(order.payBy ?? '') < ctx.clock.now();
  return order?.state === 'held' || over ? null : order;
}

/** One order by its reference, if it puts units on this account. */
export async function orderByReference(
  ctx: MoneyContext,
  reference: string,
  account: Hex,
): Promise<Order | null> {
  const row = await ctx.db
    .selectFrom('money.payment_order')
    .selectAll()
    .where('reference', '=', reference)
    .where('payer_address', '=', account)
    .executeTakeFirst();
  return row ? viewOrder(ctx, row) : null;
}

/**
 * Units that were paid in were put where they belong: the payer's orders of that purpose, the oldest first, until
 * what was placed is used up. What of the last one stays on the account does not matter.
 */
export async function onPlaced(
  ctx: MoneyContext,
  tx: Kysely<MoneyDatabase>,
  event: MoneyEvent,
): Promise<void> {
  const placed = await placedBy(tx, event);
  if (!placed) return;
  const orders = await tx
    .selectFrom('money.payment_order')
    .select(['reference', 'amount'])
    .where('purpose', '=', placed.purpose)
    .where('payer_address', '=', placed.account)
    .where('state', '=', 'minted')
    .orderBy('created_at')
    .orderBy('reference')
    .execute();
  let left = placed.amount;
  for (const { reference, amount } of orders) {
    if (left <= 0n) return;
    left -= BigInt(amount);
    await moveOrder(ctx, tx, reference, 'held');
  }
}

async function placedBy(
  tx: Kysely<MoneyDatabase>,
  { contract, name, args }: MoneyEvent,
): Promise<{ purpose: AccountPurpose; account: Hex; amount: bigint } | null> {
  const amount = BigInt(String(args.amount ?? args.assets ?? 0));
  switch (`${contract}.${name}`) {
    case 'ClinicBond.Deposited':
      return { purpose: 'bond', account: args.provider as Hex, amount };
    case 'GuaranteePool.Underwritten':
      // a premium is paid out of what the clinic paid in
      return { purpose: 'bond', account: args.clinic as Hex, amount: BigInt(String(args.premium)) };
    case 'GuaranteePool.Deposit':
      return { purpose: 'pool', account: args.sender as Hex, amount };
    case 'InstalmentPool.Deposit':
      return { purpose: 'capital', account: args.sender as Hex, amount };
    case 'AssessorPool.Funded':
      return { purpose: 'panel', account: args.by as Hex, amount };
    case 'ProviderVerification.Asked':
      return { purpose: 'panel', account: args.clinic as Hex, amount: BigInt(String(args.fee)) };
    case 'ProviderVerification.Bonded':
      return { purpose: 'panel', account: args.by as Hex, amount };
    case 'ProviderVerification.ChallengeMade':
      return { purpose: 'panel', account: args.challenger as Hex, amount: BigInt(String(args.deposit)) };
    case 'InstalmentBook.LoanPaid': {
      const loan = await tx
        .selectFrom('money.loan_application')
        .select('borrower')
        .where('plan_id', '=', args.id as Hex)
        .executeTakeFirst();
      return loan ? { purpose: 'instalment', account: loan.borrower, amount } : null;
    }
    default:
      return null;
  }
}
