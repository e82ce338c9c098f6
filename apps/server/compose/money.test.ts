/** What the ledger holds is compared with rows that follow it: both of one block. */
import { expect, it } from 'vitest';
import { chainMoney } from './money.ts';

it('is read at the block that our rows have reached, though the ledger went on meanwhile', async () => {
  const asked = new Set<bigint>();
  const viem = {
    async readContract({ blockNumber }: { blockNumber: bigint }) {
      asked.add(blockNumber);
      return blockNumber * 100n;
    },
  };
  const deps = {
    engines: { chain: { viem, head: async () => ({ number: 8 }) } },
    protocol: { contracts: {} },
  } as unknown as Parameters<typeof chainMoney>[0];
  const indexer = { catchUp: async () => 7 } as ReturnType<Parameters<typeof chainMoney>[1]>;
  expect(await chainMoney(deps, () => indexer).totals()).toMatchObject({
    block: 7,
    supply: 700n,
    escrow: 700n,
  });
  expect([...asked]).toEqual([7n]);
});
