/** Price tables from what everybody can read on chain. */
import { GuaranteeBookAbi } from '@zhenmei/contracts/generated/abis.ts';
import type { Hex } from '@zhenmei/kernel';
import {
  type ChainCover,
  epochOf,
  type Posted,
  recomputed,
  tableOf,
} from '@zhenmei/money/core/guarantee-experience.ts';
import { tableHash } from '@zhenmei/money/core/guarantee-price.ts';
import type { House } from '@zhenmei/server';
import { encodeFunctionData } from 'viem';

async function eventsOf({ engines, deps }: House): Promise<{ covers: ChainCover[]; posted: Posted[] }> {
  const logs = await engines.chain.viem.getContractEvents({
    address: deps.protocol.contracts.GuaranteeBook,
    abi: GuaranteeBookAbi,
    fromBlock: 0n,
    strict: true,
  });
  const covers = new Map<Hex, ChainCover>();
  const posted: Posted[] = [];
  const times = new Map<bigint, number>();
  const timeOf = async (blockNumber: bigint): Promise<number> => {
    const known = times.get(blockNumber);
    if (known !== undefined) return known;
    const { timestamp } = await engines.chain.viem.getBlock({ blockNumber });
    times.set(blockNumber, Number(timestamp) * 1000);
    return Number(timestamp) * 1000;
  };
  for (const log of logs) {
    const block = Number(log.blockNumber);
    if (log.eventName === 'CoverOpened')
      covers.set(log.args.id, {
        cell: log.args.cell,
        openedAt: await timeOf(log.blockNumber),
        sum: log.args.sum,
        paid: 0n,
        endedAt: null,
      });
    if (log.eventName === 'CoverSettled')
      covers.set(log.args.id, {
        ...covers.get(log.args.id)!,
        paid: log.args.fromBond + log.args.fromBacker,
        endedAt: block,
      });
    if (log.eventName === 'CoverLapsed')
      covers.set(log.args.id, { ...covers.get(log.args.id)!, endedAt: block });
    if (log.eventName === 'TablePosted')
      posted.push({ epoch: Number(log.args.epoch), hash: log.args.table, asOf: Number(log.args.asOf) });
  }
  return { covers: [...covers.values()], posted };
}

/** Every posted table, computed again, and whether it is the one that was posted. */
export async function recomputeTables(house: House): Promise<ReturnType<typeof recomputed>> {
  const { covers, posted } = await eventsOf(house);
  return recomputed(covers, posted);
}

/** Posts the table of the present epoch, once. */
export async function postTable(house: House): Promise<void> {
  const { admin, contracts } = house.deps.protocol;
  // before the events: what happens in between is later than this block, and does not count
  const { number, timestamp } = await house.engines.chain.viem.getBlock();
  const { covers, posted } = await eventsOf(house);
  const epoch = epochOf(Number(timestamp) * 1000);
  if (posted.some((one) => one.epoch === epoch)) return;
  const before = recomputed(covers, posted).at(-1)?.table ?? null;
  const asOf = Number(number);
  const table = tableHash(tableOf(covers, { epoch, asOf }, before));
  await admin.send({
    key: `guarantee/table/${epoch}`,
    to: contracts.GuaranteeBook,
    data: encodeFunctionData({
      abi: GuaranteeBookAbi,
      functionName: 'postTable',
      args: [table, BigInt(asOf)],
    }),
  });
  await house.modules.indexer.catchUp();
}
