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
  const studies = await due(ctx.db).select('e.study').distinct().execute();
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

/**
 * The same for one person whose handles are about to be forgotten, in that transaction: afterwards nobody knows any
 * more where her money was to go. What the bank took back meanwhile is not there to be paid.
 */
export async function payBeforeForgetting(
  ctx: VaultContext,
  tx: VaultTx,
  handles: readonly string[],
): Promise<void> {
  // in one order, so that two at a time do not wait for each other
  for (const { study } of await due(tx)
    .select('e.study')
    .distinct()
    .where('e.handle', 'in', handles)
    .orderBy('e.study')
    .execute())
    while ((await payBatch(ctx, tx, study, handles)) === BATCH);
}

/** Earned, not asked for, and she said where to. */
const due = (tx: Pick<VaultTx, 'selectFrom'>) =>
  tx
    .selectFrom('vault.pool_earned as e')
    .innerJoin('vault.pool_payee as p', (join) =>
      join.onRef('p.study', '=', 'e.study').onRef('p.handle', '=', 'e.handle'),
    )
    .where('e.asked', '=', false);

/**
 * @param only of these handles; of everybody if not given
 * @returns how many were asked for; fewer than a batch at the end, or where the money is not there
 */
async function payBatch(
  ctx: VaultContext,
  tx: VaultTx,
  study: string,
  only?: readonly string[],
): Promise<number> {
  await lockStudy(tx, study);
  const { plan } = await studyOf(tx, study);
  const rows = await due(tx)
    .select(['e.release', 'e.handle', 'p.payout'])
    .where('e.study', '=', study)
    .$if(only !== undefined, (query) => query.where('e.handle', 'in', only ?? []))
    .orderBy('e.release')
    .orderBy('e.handle')
    .limit(BATCH)
    .forUpdate('e')
    .execute();
  const keyed = rows.map((row) => ({ ...row, key: paymentKey(ctx, study, row.release, row.handle) }));
  // the order of the payments says nothing of that of the handles
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  let count = 0;
  for (const { release, handle, payout, key } of keyed) {
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
