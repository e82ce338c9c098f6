/** An answer comes in: noise is in it already, no account is with it. */
import { AppError, canonicalJson, fromBase64Url, sha256 } from '@zhenmei/kernel';
import { pays } from '../../core/pool/pay.ts';
import {
  assertAnswerSigned,
  assertAnswers,
  type Contribution,
  openRelease,
  spend,
} from '../../core/pool/study.ts';
import type { VaultContext } from '../context.ts';
import { lockStudy, reserveOne } from './funds.ts';
import { mustAgreeAgain, studyOf } from './studies.ts';

export interface Signed extends Contribution {
  readonly pseudonym: string;
  readonly token: string;
  readonly signature: string;
}

/**
 * One answer per person and release; the same again changes nothing.
 * Throws POOL_NOT_YOURS, POOL_STUDY_UNKNOWN, POOL_ANSWER_INVALID, POOL_ANSWERED, POOL_NOTICE_CHANGED, POOL_NOT_OPEN,
 * POOL_BUDGET_SPENT, POOL_NOT_FUNDED, POOL_FUND_USED.
 */
export async function contribute(ctx: VaultContext, given: Signed): Promise<void> {
  const { study, release, answers, pseudonym, signature } = given;
  assertAnswerSigned({ study, release, answers }, pseudonym, signature);
  await ctx.db.transaction().execute(async (tx) => {
    const { plan } = await studyOf(tx, study);
    if (pays(plan)) await lockStudy(tx, study);
    // answers under way wait for a release that is being published, and it for them
    await tx.selectFrom('vault.pool_study').select('id').where('id', '=', study).forShare().execute();
    assertAnswers(plan, answers);
    const member = await tx
      .selectFrom('vault.pool_member')
      .selectAll()
      .where('study', '=', study)
      .where('token_hash', '=', sha256(fromBase64Url(given.token)))
      .forUpdate()
      .executeTakeFirst();
    if (!member || (member.pseudonym ?? pseudonym) !== pseudonym) throw new AppError('POOL_NOT_YOURS');
    const at = { study, release, handle: member.handle };
    const known = await tx
      .selectFrom('vault.pool_answer')
      .select('answers')
      .where('study', '=', study)
      .where('release', '=', release)
      .where('handle', '=', member.handle)
      .executeTakeFirst();
    if (known && canonicalJson(known.answers) === canonicalJson(answers)) return;
    if (known) throw new AppError('POOL_ANSWERED');
    if (mustAgreeAgain(member, ctx.clock.now())) throw new AppError('POOL_NOTICE_CHANGED');
    if (openRelease(plan, ctx.clock.now()) !== release || (await isPublished(tx, study, release)))
      throw new AppError('POOL_NOT_OPEN');
    const spent = spend(plan, member.spent);
    await reserveOne(ctx, tx, plan);
    await tx
      .updateTable('vault.pool_member')
      .set((eb) => ({ spent, pseudonym, answered: eb('answered', '+', 1) }))
      .where('study', '=', study)
      .where('handle', '=', member.handle)
      .execute();
    await tx
      .insertInto('vault.pool_answer')
      .values({ ...at, answers: JSON.stringify(answers) })
      .execute();
  });
}

async function isPublished(
  tx: Parameters<typeof studyOf>[0],
  study: string,
  release: number,
): Promise<boolean> {
  const row = await tx
    .selectFrom('vault.pool_release')
    .select('release')
    .where('study', '=', study)
    .where('release', '=', release)
    .executeTakeFirst();
  return row !== undefined;
}
