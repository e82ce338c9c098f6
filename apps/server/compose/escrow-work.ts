/** The escrow's deadlines, and money that patients are owed: none of it waits for a click. */
import { type TermsJson, termsFromJson } from '@zhenmei/contracts/deploy/typed-data.ts';
import { CareEscrowAbi } from '@zhenmei/contracts/generated/abis.ts';
import { type AnyTx, enqueue, type JobHandler } from '@zhenmei/jobs';
import { type Hex, toSeconds } from '@zhenmei/kernel';
import type { MoneyDatabase } from '@zhenmei/money';
import { sql } from 'kysely';
import { encodeFunctionData } from 'viem';
import type { ModuleDeps } from './deps.ts';
import type { DueCall } from './due-work.ts';

type Read = MoneyDatabase & { 'care.visit': { agreement_id: Hex | null; terms: TermsJson | null } };
/** A page. */
const MOST = 200;
const ACTS = { claimed: 'release', disputed: 'settleSilent', active: 'expire' } as const;

/** Agreements whose time is over: claimed and not objected to, not claimed until the last day, or not ruled in time. */
export async function dueDeadlines(
  { clock, engines, protocol: { contracts } }: ModuleDeps,
  skip: number,
): Promise<DueCall[]> {
  // the second of a deadline still belongs to whoever had time
  const second = toSeconds(clock.now()) - 1;
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
    .orderBy('a.agreement_id')
    .offset(skip)
    .limit(MOST)
    .execute();
  return rows.map(({ agreement_id, state, milestone, terms }) => {
    const functionName = ACTS[state as keyof typeof ACTS];
    return {
      key: `escrow/${functionName}/${agreement_id}/${milestone}`,
      to: contracts.CareEscrow,
      data: encodeFunctionData({
        abi: CareEscrowAbi,
        functionName,
        args: [termsFromJson(terms!) as never],
      }),
      gas: 1_000_000n,
    };
  });
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
