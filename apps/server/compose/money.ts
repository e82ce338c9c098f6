/** What money needs from the chain, and its work at night. */
import type { Indexer } from '@zhenmei/chain';
import { CareEscrowAbi, SettlementUnitAbi } from '@zhenmei/contracts/generated/abis.ts';
import { enqueue, type JobHandler } from '@zhenmei/jobs';
import type { Hex } from '@zhenmei/kernel';
import {
  type ChainMoneyPort,
  type ChainTotals,
  eachOnItsOwn,
  followCards,
  HOLDERS,
  type MoneyContext,
  type NameOf,
  nextNight,
  type PaperPort,
  payOutDue,
  readEntries,
  reconcileMoney,
} from '@zhenmei/money';
import type { Log } from '@zhenmei/telemetry';
import type { ModuleDeps } from './deps.ts';
import { printPaper } from './paper.ts';

export const RECONCILE_MONEY = 'reconcile-money';

/** @param indexer asked only when it is needed: it is made after the modules */
export function chainMoney(
  { engines: { chain }, protocol: { contracts } }: ModuleDeps,
  indexer: () => Indexer,
): ChainMoneyPort {
  const unit = { address: contracts.SettlementUnit, abi: SettlementUnitAbi } as const;
  return {
    async totals() {
      // where the projections stand: what came into a block since is in none of our rows yet, and is no difference
      const block = await indexer().catchUp();
      const blockNumber = BigInt(block);
      const balance = (holder: Hex) =>
        chain.viem.readContract({ ...unit, functionName: 'balanceOf', args: [holder], blockNumber });
      const [supply, escrow, ...others] = await Promise.all([
        chain.viem.readContract({ ...unit, functionName: 'totalSupply', blockNumber }),
        balance(contracts.CareEscrow),
        ...HOLDERS.map((holder) => balance(contracts[holder])),
      ]);
      const holders = Object.fromEntries(HOLDERS.map((holder, i) => [holder, others[i]!]));
      return { supply, escrow, holders: holders as ChainTotals['holders'], block };
    },
    async held(agreements) {
      const accounts = await Promise.all(
        agreements.map((id) =>
          chain.viem.readContract({
            address: contracts.CareEscrow,
            abi: CareEscrowAbi,
            functionName: 'account',
            args: [id],
          }),
        ),
      );
      return new Map<Hex, bigint>(agreements.map((id, i) => [id, accounts[i]!.held]));
    },
  };
}

/** Which contract of ours stands at an address. */
export function holderNames(contracts: ModuleDeps['protocol']['contracts']): NameOf {
  const names = new Map(
    (['CareEscrow', ...HOLDERS] as const).map((name) => [contracts[name].toLowerCase(), name]),
  );
  return (address) => names.get(address.toLowerCase()) ?? null;
}

/** Puts the next reconciliation into the queue; the same night is put in once. */
export async function scheduleReconciliation(money: MoneyContext): Promise<void> {
  if (!money.rail) return;
  const dueAt = nextNight(money.clock.now());
  const key = `${RECONCILE_MONEY}/${new Date(dueAt).toISOString().slice(0, 10)}`;
  await enqueue(money.db as never, { kind: RECONCILE_MONEY, key, payload: null, dueAt });
}

export const reconcileMoneyJob =
  (money: MoneyContext, log: Log): JobHandler =>
  async () => {
    const { fits, body } = await reconcileMoney(money, () => performance.now());
    if (!fits)
      log.error(
        { differences: body.differences.length },
        'the money does not reconcile: payouts are stopped until the operator closes the alarm',
      );
    await scheduleReconciliation(money);
  };

export const ISSUE_INVOICES = 'issue-invoices';

/** Papers of money, with the items of the visit's quote. */
export function paperPort({ engines, clock, seal }: ModuleDeps): PaperPort {
  return {
    print: (paper) => printPaper(paper, clock.now(), seal),
    async itemsOf(agreementId) {
      const row = await engines.database
        .as<VisitQuote>()
        .selectFrom('care.visit')
        .select('quote')
        .where('agreement_id', '=', agreementId)
        .executeTakeFirst();
      return (row?.quote.items ?? []).map((item) => ({ ...item, unitPrice: BigInt(item.unitPrice) }));
    },
  };
}

/** The shape of a visit's row that papers need; care owns the table, this is a read model. */
interface VisitQuote {
  'care.visit': {
    agreement_id: Hex | null;
    quote: { items: { name: { zh: string; en: string }; quantity: number; unitPrice: string }[] };
  };
}

/** What the custodian has booked is taken in, and what is due is paid. */
export async function followRail(money: MoneyContext): Promise<void> {
  if (!money.rail) return;
  // an acquirer that is away keeps nobody's payment by the bank waiting
  await eachOnItsOwn([followCards, readEntries, payOutDue], (work) => work(money));
}
