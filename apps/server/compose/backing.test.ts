/** Where prices begin: how far the ledger has been read, and what stands once a table was sent. */
import type { Indexer } from '@zhenmei/chain';
import { GuaranteeBookAbi } from '@zhenmei/contracts/generated/abis.ts';
import { AppError, type Hex } from '@zhenmei/kernel';
import { encodeErrorResult } from 'viem';
import { describe, expect, it } from 'vitest';
import { backingPort } from './backing.ts';

const WORD: Hex = `0x${'1'.repeat(64)}`;
const PLACE: Hex = `0x${'2'.repeat(40)}`;

/** @param sent what the ledger says to the table @param rounds the blocks that the indexer's rounds reach */
function port({ sent, rounds = [] }: { sent?: () => Promise<object>; rounds?: number[] } = {}) {
  const left = [...rounds];
  const indexer = { cursor: async () => 12, catchUp: async () => left.shift() ?? 0 };
  const deps = {
    engines: { chain: { viem: { getBlock: async () => ({ number: 20n, timestamp: 1_800_000_000n }) } } },
    protocol: {
      contracts: { GuaranteeBook: PLACE, GuaranteePool: PLACE },
      chainId: 1,
      admin: { send: sent ?? (async () => ({ hash: WORD, block: 21 })) },
    },
    secrets: { issuerSeed: new Uint8Array(32).fill(7) },
    clock: { now: () => 0 },
  };
  const made = backingPort(deps as never, {} as never, () => indexer as unknown as Indexer);
  return { made, left };
}
const post = ({ made }: ReturnType<typeof port>) => made.postTable(WORD, { epoch: 231, asOf: 12 });
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: AppError) => error.code,
  );

describe('the port of prices', () => {
  it('names the block that was read, not the newest one', async () => {
    expect(await port().made.reached()).toEqual({ block: 12, time: 1_800_000_000_000 });
  });

  it('looks again where a round on its way had not seen the block of the table', async () => {
    const late = port({ rounds: [20, 21] });
    await post(late);
    expect(late.left).toEqual([]);
    const seen = port({ rounds: [21, 22] });
    await post(seen);
    expect(seen.left).toEqual([22]);
  });

  it('reads on where somebody else’s table was first, and passes every other refusal on', async () => {
    const refused = (reason: string) => () => Promise.reject(new AppError('CHAIN_REVERTED', { reason }));
    const before = encodeErrorResult({ abi: GuaranteeBookAbi, errorName: 'TablePostedBefore', args: [231n] });
    const first = port({ sent: refused(before), rounds: [21] });
    expect(await codeOf(post(first))).toBe('none');
    expect(first.left).toEqual([]);
    expect(await codeOf(post(port({ sent: refused('0x068ca9d8') })))).toBe('CHAIN_REVERTED');
    const away = () => Promise.reject(new AppError('CHAIN_UNAVAILABLE'));
    expect(await codeOf(post(port({ sent: away })))).toBe('CHAIN_UNAVAILABLE');
  });
});
