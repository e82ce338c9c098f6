/** Keeps which line of the reserve stands behind which debit. */
import { sql } from 'kysely';
import type { MoneyContext } from '../context.ts';
import { type ReserveNow, reserveNow } from './read-reserve.ts';

type Db = MoneyContext['db'];

/** Whoever covers or takes out waits here for the others. Ends with the transaction. */
export async function lockReserve(tx: Db, currency: string): Promise<void> {
  await tx
    .selectFrom('money.reserve')
    .select('reference')
    .where('currency', '=', currency)
    .forUpdate()
    .execute();
}

/** Once for each change, however often it is asked for. */
export async function coverLosses(ctx: MoneyContext, currency: string): Promise<void> {
  const { kept, covers } = await reserveNow(ctx.db, currency);
  if (sameCovers(kept, covers)) return;
  await ctx.db.transaction().execute(async (tx) => {
    await lockReserve(tx, currency);
    await keepCovers(tx, await reserveNow(tx, currency), ctx.clock.now());
  });
}

/** A cover that changes ends, and another begins: what stood when can be read later. */
async function keepCovers(tx: Db, { kept, covers }: ReserveNow, now: number): Promise<void> {
  const at = new Date(now);
  const text = (one: ReserveNow['covers'][number]) => `${one.debit} ${one.line} ${one.amount}`;
  const [was, is] = [new Set(kept.map(text)), new Set(covers.map(text))];
  for (const { debit, line, amount } of kept.filter((one) => !is.has(text(one))))
    await sql`update money.reserve_cover set ended_at = ${at} where ended_at is null and debit = ${debit}
      and line = ${line} and amount = ${amount.toString()}::numeric`.execute(tx);
  for (const { debit, line, amount } of covers.filter((one) => !was.has(text(one))))
    await tx
      .insertInto('money.reserve_cover')
      .values({ debit, line, amount: amount.toString(), since: at })
      .execute();
}

const sameCovers = (a: ReserveNow['covers'], b: ReserveNow['covers']): boolean =>
  a.length === b.length &&
  a.every((one) =>
    b.some(({ debit, line, amount }) => one.debit === debit && one.line === line && one.amount === amount),
  );
