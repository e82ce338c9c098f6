/** Asks for the payments of published answers, and for what is left to go back once a study is over. */
import { sql } from 'kysely';
import { freeOf, pays, priceOf } from '../../core/pool/pay.ts';
import type { StudyPlan } from '../../core/pool/study.ts';
import type { VaultContext, VaultTx } from '../context.ts';
import { lockStudy, promisedOf } from './funds.ts';
import { studyOf } from './studies.ts';

/** As many in one transaction. */
const BATCH = 200;

/** Nothing in it without the house's secret, so that a payment does not name the handle. */
export const paymentKey = (ctx: Pick<VaultContext, 'pool'>, study: string, release: number, handle: string) =>
  ctx.pool.handle(`pay/${study}/${release}/${handle}`);

/**
 * Whoever said where to is asked to be paid, once for each answer, whatever dies in between: the request and the mark
 * that it was made are one transaction. @returns how many were asked for
 */
export async function payEarned(ctx: VaultContext): Promise<number> {
  const studies = await ctx.db
    .selectFrom('vault.pool_earned as e')
    .innerJoin('vault.pool_payee as p', (join) =>
      join.onRef('p.study', '=', 'e.study').onRef('p.handle', '=', 'e.handle'),
    )
    .select('e.study')
    .distinct()
    .where('e.asked', '=', false)
    .execute();
  let count = 0;
  for (const { study } of studies) {
    for (;;) {
      const paid = await ctx.db.transaction().execute((tx) => payBatch(ctx, tx, study));
      count += paid;
      if (paid < BATCH) break;
    }
  }
  return count;
}

/** @returns how many were asked for; fewer than a batch at the end, or where the money is not there */
async function payBatch(ctx: VaultContext, tx: VaultTx, study: string): Promise<number> {
  await lockStudy(tx, study);
  const { plan } = await studyOf(tx, study);
  const rows = await tx
    .selectFrom('vault.pool_earned as e')
    .innerJoin('vault.pool_payee as p', (join) =>
      join.onRef('p.study', '=', 'e.study').onRef('p.handle', '=', 'e.handle'),
    )
    .select(['e.release', 'e.handle', 'p.payout'])
    .where('e.study', '=', study)
    .where('e.asked', '=', false)
    .orderBy('e.release')
    .orderBy('e.handle')
    .limit(BATCH)
    .forUpdate('e')
    .execute();
  const due = rows.map((row) => ({ ...row, key: paymentKey(ctx, study, row.release, row.handle) }));
  // the order of the payments says nothing of that of the handles
  due.sort((a, b) => (a.key < b.key ? -1 : 1));
  let count = 0;
  for (const { release, handle, payout, key } of due) {
    if (!(await ctx.funds.pay(tx, { study, key, to: payout, amount: priceOf(plan) }))) break;
    await tx
      .updateTable('vault.pool_earned')
      .set({ asked: true })
      .where('study', '=', study)
      .where('release', '=', release)
      .where('handle', '=', handle)
      .execute();
    count++;
  }
  return count;
}

/**
 * What is not promised to anybody goes home after the last release; what was earned and waits for its person stays.
 * @returns how many studies gave something back
 */
export async function giveBackUnused(ctx: VaultContext): Promise<number> {
  const rows = await ctx.db
    .selectFrom('vault.pool_study as s')
    .select(['s.id', 's.plan'])
    .where(
      sql<boolean>`(select count(*) from vault.pool_release r where r.study = s.id) = jsonb_array_length(s.plan -> 'releases')`,
    )
    .execute();
  let count = 0;
  for (const { id, plan } of rows)
    if (pays(plan) && (await ctx.db.transaction().execute((tx) => giveBack(ctx, tx, id, plan)))) count++;
  return count;
}

async function giveBack(ctx: VaultContext, tx: VaultTx, study: string, plan: StudyPlan): Promise<boolean> {
  await lockStudy(tx, study);
  const [fund, promised] = [await ctx.funds.balance(tx, study), await promisedOf(ctx, tx, plan)];
  const unused = freeOf(plan, fund, promised);
  return unused > 0n && (await ctx.funds.giveBack(tx, study, unused)) > 0n;
}

/** Both, one after the other. */
export async function settleStudies(ctx: VaultContext): Promise<void> {
  await payEarned(ctx);
  await giveBackUnused(ctx);
}
