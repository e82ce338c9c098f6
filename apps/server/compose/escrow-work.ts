/** The escrow's deadlines: each is enforceable by anybody; the house sees to it in time, so that no money waits for a click. */
import type { Indexer } from '@zhenmei/chain';
import { type TermsJson, termsFromJson } from '@zhenmei/contracts/deploy/typed-data.ts';
import { CareEscrowAbi } from '@zhenmei/contracts/generated/abis.ts';
import { type AnyTx, enqueue, type JobHandler } from '@zhenmei/jobs';
import type { Hex } from '@zhenmei/kernel';
import type { MoneyDatabase } from '@zhenmei/money';
import { sql } from 'kysely';
import { encodeFunctionData } from 'viem';
import type { ModuleDeps } from './deps.ts';

type Read = MoneyDatabase & { 'care.visit': { agreement_id: Hex | null; terms: TermsJson | null } };
/** As many in one round. */
const MOST = 200;

/**
 * Agreements whose time is over: claimed and not objected to, not claimed until the last day, or not ruled in time.
 * @param now milliseconds since the epoch
 */
async function overdue({ engines }: ModuleDeps, now: number) {
  // the second of a deadline still belongs to whoever had time
  const second = Math.floor(now / 1000) - 1;
  const rows = await engines.database
    .as<Read>()
    .selectFrom('money.account as a')
    .innerJoin('care.visit as v', 'v.agreement_id', 'a.agreement_id')
    .select(['a.agreement_id', 'a.state', 'a.milestone', 'v.terms'])
    .where((eb) =>
      eb.or([
        eb('a.state', 'in', ['claimed', 'disputed']).and('a.deadline', '<=', new Date(second * 1000)),
        eb('a.state', '=', 'active').and(
          sql<boolean>`(v.terms -> 'milestones' -> a.milestone ->> 'dueBy')::bigint <= ${second}`,
        ),
      ]),
    )
    .orderBy('a.opened_at')
    .limit(MOST)
    .execute();
  const acts = { claimed: 'release', disputed: 'settleSilent', active: 'expire' } as const;
  return rows.map((row) => ({
    id: row.agreement_id,
    milestone: row.milestone,
    act: acts[row.state as keyof typeof acts],
    terms: row.terms!,
  }));
}

/** Throws after all were tried, if any of them was refused. */
export async function carryOutDeadlines(deps: ModuleDeps, indexer: Indexer): Promise<void> {
  const { relayer, contracts } = deps.protocol;
  const refused: unknown[] = [];
  for (const { id, milestone, act, terms } of await overdue(deps, deps.clock.now())) {
    const key = `escrow/${act}/${id}/${milestone}`;
    if (await relayer.knows(key)) continue;
    const call = {
      to: contracts.CareEscrow,
      data: encodeFunctionData({
        abi: CareEscrowAbi,
        functionName: act,
        args: [termsFromJson(terms) as never],
      }),
    };
    try {
      await relayer.simulate(call);
      await relayer.send({ key, ...call, gas: 1_000_000n });
    } catch (error) {
      // one agreement keeps nothing from the others
      refused.push(error);
    }
  }
  await indexer.catchUp();
  if (refused.length > 0) throw new AggregateError(refused, 'deadlines that could not be carried out');
}

export const PAY_HOME = 'pay-home';

/** Where a patient's money returns to: the custodian's reference. Who has an account withdraws by itself. */
const isReference = (who: string): boolean => /^0x(?!0{24})[0-9a-f]{64}$/.test(who);

/** What the escrow owes to a patient is asked for as soon as it is owed; nobody has to come for it. */
export async function payHome(tx: AnyTx, who: string, cause: string, dueAt: number): Promise<void> {
  if (isReference(who))
    await enqueue(tx, { kind: PAY_HOME, key: `${PAY_HOME}/${cause}`, payload: { who }, dueAt });
}

export const payHomeJob =
  ({ protocol: { contracts, relayer }, engines: { chain } }: ModuleDeps): JobHandler =>
  async ({ key, payload }) => {
    const { who } = payload as { who: Hex };
    const args = [contracts.SettlementUnit, who] as const;
    const escrow = { address: contracts.CareEscrow, abi: CareEscrowAbi } as const;
    const sent = `escrow/${key}`;
    // another cause of the same reference may have taken both amounts along
    if (
      !(await relayer.knows(sent)) &&
      (await chain.viem.readContract({ ...escrow, functionName: 'credit', args })) === 0n
    )
      return;
    const data = encodeFunctionData({ abi: CareEscrowAbi, functionName: 'withdraw', args });
    await relayer.send({ key: sent, to: contracts.CareEscrow, data, gas: 500_000n });
  };

/** What an earlier version left in the escrow for patients is asked for, too. */
export async function payHomeWhatWaits({ engines, clock }: ModuleDeps): Promise<void> {
  const db = engines.database.as<MoneyDatabase>();
  const waiting = await db
    .selectFrom('money.movement')
    .select(['party', sql<string>`max(block)`.as('block')])
    .where(sql<boolean>`length(party) = 66`)
    .where('kind', 'in', ['credited', 'withdrawn'])
    .groupBy('party')
    .having(sql<boolean>`sum(CASE kind WHEN 'credited' THEN amount ELSE -amount END) > 0`)
    .execute();
  for (const { party, block } of waiting)
    await payHome(engines.database.db, party, `waits/${party}/${block}`, clock.now());
}
