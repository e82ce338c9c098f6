/** What a study has promised, counted while nobody else promises. */
import { sql } from 'kysely';
import {
  assertRoom,
  hasRoom,
  isFunded,
  mostAnswers,
  type Person,
  type Promised,
  pays,
} from '../../core/pool/pay.ts';
import { openRelease, type StudyPlan } from '../../core/pool/study.ts';
import type { VaultContext, VaultTx } from '../context.ts';

/** One after the other for one study, so that two promises at a time do not count each other out. */
export const lockStudy = (tx: VaultTx, study: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`vault.pool/study/${study}`}, 0))`.execute(tx);

/** @param without a handle whose answers to come are left out */
export async function promisedOf(
  ctx: VaultContext,
  tx: Pick<VaultTx, 'selectFrom'>,
  plan: StudyPlan,
  without = '',
): Promise<Promised> {
  const now = ctx.clock.now();
  const release = openRelease(plan, now);
  // `mostAnswers` of everybody who takes part, in SQL
  const left = plan.releases.filter((at) => Date.parse(at) > now).length;
  const { rows } = await sql<Record<keyof Promised, string>>`
    select (select count(*) from vault.pool_earned where study = ${plan.id} and not asked)::text as earned,
      (select count(*) from vault.pool_answer where study = ${plan.id} and earns)::text as pending,
      ${
        left === 0
          ? sql`'0'`
          : sql`(select coalesce(sum(greatest(0, least(
              ${left}::int - (a.handle is not null)::int, (${plan.epsilonTotal}::int - m.spent) / ${plan.epsilon}::int))), 0)
            from vault.pool_member m
            left join vault.pool_answer a on a.study = m.study and a.handle = m.handle and a.release = ${release}
            where m.study = ${plan.id} and m.token_hash is not null and m.handle <> ${without})::text`
      } as "toCome"`.execute(tx as VaultTx);
  const { earned, pending, toCome } = rows[0]!;
  return { earned: Number(earned), pending: Number(pending), toCome: Number(toCome) };
}

/** For all the answers that this person may still give. Throws POOL_NOT_FUNDED, POOL_FUND_USED. */
export async function reserveFor(
  ctx: VaultContext,
  tx: VaultTx,
  plan: StudyPlan,
  handle: string,
  spent: number,
): Promise<void> {
  if (!pays(plan)) return;
  await lockStudy(tx, plan.id);
  const answer = await tx
    .selectFrom('vault.pool_answer')
    .select('handle')
    .where('study', '=', plan.id)
    .where('handle', '=', handle)
    .where('release', '=', openRelease(plan, ctx.clock.now()) ?? -1)
    .executeTakeFirst();
  const more = mostAnswers(plan, { spent, answered: answer !== undefined }, ctx.clock.now());
  assertRoom(plan, await ctx.funds.balance(tx, plan.id), await promisedOf(ctx, tx, plan, handle), more);
}

/** For one answer, whatever others may still give: they agreed to it. Throws POOL_NOT_FUNDED, POOL_FUND_USED. */
export async function reserveOne(ctx: VaultContext, tx: VaultTx, plan: StudyPlan): Promise<void> {
  if (!pays(plan)) return;
  await lockStudy(tx, plan.id);
  const fund = await ctx.funds.balance(tx, plan.id);
  assertRoom(plan, fund, { ...(await promisedOf(ctx, tx, plan)), toCome: 0 }, 1);
}

/** Whether this person may join, or whoever takes part may answer. */
export async function stateOfFund(
  ctx: VaultContext,
  plan: StudyPlan,
  mine: Person & { readonly handle: string; readonly joined: boolean },
): Promise<'none' | 'missing' | 'used' | 'ready'> {
  if (!pays(plan)) return 'none';
  const [fund, promised] = await Promise.all([
    ctx.funds.balance(ctx.db, plan.id),
    promisedOf(ctx, ctx.db, plan, mine.handle),
  ]);
  const most = mostAnswers(plan, mine, ctx.clock.now());
  if (!isFunded(plan, fund)) return 'missing';
  const fits = mine.joined
    ? hasRoom(plan, fund, { ...promised, toCome: 0 }, Math.min(1, most))
    : hasRoom(plan, fund, promised, most);
  return fits ? 'ready' : 'used';
}
