/** Stock made anew from every custody event there is: after an upgrade, and by `zhenmei rebuild`. */
import type { CareContext } from '../context.ts';
import { concerned, type Kept, refreshUnits } from './project.ts';

/** Units folded in one go; a lock is held for each. */
const AT_ONCE = 200;

/** Drops the tables of stock and builds them again, in one transaction. @returns units in stock, past and present */
export async function rebuildStock(ctx: CareContext): Promise<number> {
  return ctx.db.transaction().execute(async (tx) => {
    await tx.deleteFrom('care.stock_unit').execute();
    const pairs = new Map<string, Kept>();
    await ctx.custody.each(tx, async (event) => {
      for (const pair of await concerned(ctx, tx, event)) pairs.set(`${pair.clinic.id} ${pair.unit}`, pair);
    });
    const all = [...pairs.values()];
    for (let from = 0; from < all.length; from += AT_ONCE)
      await refreshUnits(ctx, tx, all.slice(from, from + AT_ONCE));
    await tx.deleteFrom('care.stock_built').execute();
    await tx
      .insertInto('care.stock_built')
      .values({ built_at: new Date(ctx.clock.now()) })
      .execute();
    const { units } = await tx
      .selectFrom('care.stock_unit')
      .select((eb) => eb.fn.countAll<string>().as('units'))
      .executeTakeFirstOrThrow();
    return Number(units);
  });
}

/** A house whose events are older than its tables of stock builds them once. */
export async function buildStockOnce(ctx: CareContext): Promise<void> {
  const built = await ctx.db.selectFrom('care.stock_built').select('built_at').executeTakeFirst();
  if (!built) await rebuildStock(ctx);
}
