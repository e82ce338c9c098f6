/**
 * The end of a visit, a saga of three steps: the review right is created, the log covers the visit's entries on chain,
 * the receipt's evidence is taken in one block. Each step may be done twice without harm.
 */
import { takeEvidence } from '@zhenmei/care';
import { type TermsJson, termsFromJson } from '@zhenmei/contracts/deploy/typed-data.ts';
import { ReviewGroupsAbi } from '@zhenmei/contracts/generated/abis.ts';
import type { JobHandler, Workflows } from '@zhenmei/jobs';
import type { Hex } from '@zhenmei/kernel';
import { encodeFunctionData } from 'viem';
import type { ModuleDeps } from './deps.ts';
import type { Modules } from './modules.ts';

const NAME = 'finish-visit';
const TRIES = 8;

export function defineFinishVisit(workflows: Workflows, { protocol }: ModuleDeps, modules: Modules): void {
  workflows.define<{ agreement: Hex }>(NAME, async ({ step }, { agreement }) => {
    const visitId = await step('find the visit', async () => {
      const visit = await modules.care.db
        .selectFrom('care.visit')
        .select('id')
        .where('agreement_id', '=', agreement)
        .where('terms', 'is not', null)
        .executeTakeFirst();
      return visit?.id ?? null;
    });
    // an agreement that was opened on chain without us has no receipt here
    if (visitId === null) return null;
    await step(
      'create the review right',
      async () => {
        const { terms } = await modules.care.db
          .selectFrom('care.visit')
          .select('terms')
          .where('id', '=', visitId)
          .executeTakeFirstOrThrow();
        const data = encodeFunctionData({
          abi: ReviewGroupsAbi,
          functionName: 'admit',
          args: [termsFromJson(terms as TermsJson)],
        });
        await protocol.relayer.send({ key: `admit/${agreement}`, to: protocol.contracts.ReviewGroups, data });
        await modules.indexer.catchUp();
      },
      TRIES,
    );
    await step('anchor the log', () => modules.log.tick({ force: true }).then(() => undefined), TRIES);
    await step('take the evidence', () => takeEvidence(modules.care, visitId), TRIES);
    return visitId;
  });
}

/**
 * The row is the promise that the saga ends; a saga that failed is begun anew by the row's next try.
 * @param closing rejects when the house closes: the saga goes on at the next start
 */
export function finishVisitJob(workflows: Workflows, closing: Promise<never>): JobHandler {
  return async ({ key, payload, attempt }) => {
    const before = await workflows.state(key);
    const id = before?.state === 'failed' ? `${key}/${attempt}` : key;
    await workflows.start(NAME, id, payload);
    await Promise.race([workflows.result(id), closing]);
  };
}
