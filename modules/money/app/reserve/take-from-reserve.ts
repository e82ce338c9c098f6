/** The operator takes out what nothing needs; it goes home to the account that it was paid in from. */
import { AppError } from '@zhenmei/kernel';
import { takeOut } from '../../core/reserve.ts';
import type { MoneyContext } from '../context.ts';
import { isStopped } from '../send-home.ts';
import { lockReserve } from './cover-losses.ts';
import { reserveNow } from './read-reserve.ts';

export interface TakingOut {
  /** A UUID of whoever asks: the same is the same taking out. */
  readonly key: string;
  readonly amount: bigint;
  readonly currency: string;
}

/** Throws RESERVE_STOPPED while an alarm is open, RESERVE_NOT_FREE for more than nothing needs, or a key used for another amount. */
export async function takeFromReserve(
  ctx: MoneyContext,
  { key, amount, currency }: TakingOut,
): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    await lockReserve(tx, currency);
    const known = await tx
      .selectFrom('money.reserve_out')
      .select(['amount', 'currency'])
      .where('key', '=', key)
      .executeTakeFirst();
    if (known && BigInt(known.amount) === amount && known.currency === currency) return;
    if (await isStopped(tx)) throw new AppError('RESERVE_STOPPED');
    const { free, lines, covers } = await reserveNow(tx, currency);
    if (known || amount <= 0n || amount > free) throw new AppError('RESERVE_NOT_FREE');
    const at = new Date(ctx.clock.now());
    await tx
      .insertInto('money.reserve_out')
      .values({ key, currency, amount: amount.toString(), at })
      .execute();
    for (const [i, part] of takeOut(lines, covers, amount).entries())
      await tx
        .insertInto('money.rail_payment')
        .values({
          key: `reserve/${key}/${i}`,
          kind: 'reserve',
          party: part.entry,
          amount: part.amount.toString(),
          currency,
          state: 'due',
          entry: null,
          rail: 'custodian',
          refunds: null,
          created_at: at,
          updated_at: at,
        })
        .execute();
  });
}
