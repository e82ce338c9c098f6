/** Who stands behind promises: companies, the admin's licences, the pool and its prices. */
import type { Indexer } from '@zhenmei/chain';
import {
  cellOf,
  policyTypedData,
  type RateLine,
  rateTypedData,
} from '@zhenmei/contracts/deploy/guarantee.ts';
import { GuaranteeBookAbi, GuaranteePoolAbi } from '@zhenmei/contracts/generated/abis.ts';
import { type IdentityContext, organisations } from '@zhenmei/identity';
import { AppError, derive, type Hex, toHex0x } from '@zhenmei/kernel';
import type { BackingPort } from '@zhenmei/money';
import { toAssets } from '@zhenmei/money/core/guarantee-math.ts';
import { packsOf } from '@zhenmei/policy';
import { encodeFunctionData, hashTypedData, toFunctionSelector } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { accountSigned } from './account-signature.ts';
import type { ModuleDeps } from './deps.ts';

const REGION = 'CN';
const POSTED_BEFORE = toFunctionSelector('TablePostedBefore(uint256)');

const postedBefore = (error: unknown): boolean =>
  error instanceof AppError && String(error.params.reason).startsWith(POSTED_BEFORE);

export function backingPort(
  deps: ModuleDeps,
  identity: IdentityContext,
  indexer: () => Indexer,
): BackingPort {
  const { engines, protocol, clock } = deps;
  const { contracts, chainId, admin } = protocol;
  const { viem } = engines.chain;
  const pricer = privateKeyToAccount(toHex0x(derive(deps.secrets.issuerSeed, 'zhenmei/guarantee/pricer')));
  const book = { address: contracts.GuaranteeBook, abi: GuaranteeBookAbi } as const;
  const pool = { address: contracts.GuaranteePool, abi: GuaranteePoolAbi } as const;
  const send = async (key: string, to: Hex, data: Hex) => {
    const { block } = await admin.send({ key, to, data, gas: 300_000n });
    // a round that was on its way already may have looked before that block was there
    if ((await indexer().catchUp()) < block) await indexer().catchUp();
  };
  return {
    packs: packsOf(REGION),
    authority: async () =>
      (await organisations(identity, { kind: 'regulator' })).find(({ account }) => account)?.account ?? null,
    insurers: async () =>
      (await organisations(identity, { kind: 'insurer' })).map(({ id, name, account }) => ({
        id,
        name,
        account,
      })),
    policySigned: (insurer, cover, signature) =>
      accountSigned(
        engines.chain,
        insurer,
        hashTypedData(policyTypedData(chainId, contracts.GuaranteeBook, cover)),
        signature,
      ),
    licenseInsurer: (account, licensed) =>
      send(
        `guarantee/insurer/${account}/${licensed}/${clock.now()}`,
        book.address,
        encodeFunctionData({ ...book, functionName: 'licenseInsurer', args: [account, licensed] }),
      ),
    async licensePool(licensed) {
      const named = (await viem.readContract({ ...book, functionName: 'pricer' })).toLowerCase();
      if (licensed && named !== pricer.address.toLowerCase())
        await send(
          `guarantee/pricer/${pricer.address}/${clock.now()}`,
          book.address,
          encodeFunctionData({ ...book, functionName: 'setPricer', args: [pricer.address] }),
        );
      await send(
        `guarantee/pool/${licensed}/${clock.now()}`,
        pool.address,
        encodeFunctionData({ ...pool, functionName: 'license', args: [licensed] }),
      );
    },
    poolLicensed: () => viem.readContract({ ...pool, functionName: 'licensed' }),
    async pool() {
      const at = { ...pool, blockNumber: BigInt((await engines.chain.head()).number) } as const;
      const [capital, frozen, exposure, minimum, supply] = await Promise.all([
        viem.readContract({ ...at, functionName: 'totalAssets' }),
        viem.readContract({ ...at, functionName: 'frozen' }),
        viem.readContract({ ...at, functionName: 'exposure' }),
        viem.readContract({ ...at, functionName: 'minimumCapital' }),
        viem.readContract({ ...at, functionName: 'totalSupply' }),
      ]);
      const worth = (shares: bigint) => toAssets(shares, supply, capital, false);
      return { capital, frozen, exposure, minimum, worth };
    },
    async shareOf(account) {
      const [shares, ready] = await Promise.all([
        viem.readContract({ ...pool, functionName: 'balanceOf', args: [account] }),
        viem.readContract({ ...pool, functionName: 'maxRedeem', args: [account] }),
      ]);
      const worth = await viem.readContract({ ...pool, functionName: 'convertToAssets', args: [shares] });
      return { shares, worth, ready };
    },
    async reached() {
      const [block, { timestamp }] = await Promise.all([indexer().cursor(), viem.getBlock()]);
      return { block, time: Number(timestamp) * 1000 };
    },
    async postTable(table, { epoch, asOf }) {
      const data = encodeFunctionData({ ...book, functionName: 'postTable', args: [table, BigInt(asOf)] });
      await send(`guarantee/table/${epoch}`, book.address, data).catch(async (error) => {
        if (!postedBefore(error)) throw error;
        await indexer().catchUp();
      });
    },
    cellOf,
    signRate: (cell, { expense, ...rate }) => {
      const line: RateLine = { ...rate, expense: BigInt(expense) };
      return pricer.signTypedData(rateTypedData(chainId, contracts.GuaranteeBook, cell, line));
    },
  };
}
