/** A network on which agreements are paid in a token: what its ledger says, read through any node. */
import type { ChainReader, NodeLog } from '@zhenmei/chain';
import { AppError, type Hex } from '@zhenmei/kernel';
import type { SignedReturn, TokenChainPort } from '@zhenmei/money';
import {
  createPublicClient,
  createWalletClient,
  decodeFunctionData,
  encodeFunctionData,
  erc20Abi,
  http,
  keccak256,
  pad,
  parseAbi,
  parseTransaction,
  recoverTransactionAddress,
  toEventSelector,
} from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { type Ask, callOf, isAnswer, isKnown, receiptOf } from './node-answers.ts';
import { feeToBring, SMALL_COST } from './return-fee.ts';

const PERMITS = parseAbi(['function nonces(address) view returns (uint256)']);
/** Balances in one question: each makes it some 200 bytes longer, and nodes run no more than 48 KiB (EIP-3860). */
const AT_ONCE = 150;
const TRANSFER = toEventSelector('Transfer(address,address,uint256)');
const tag = (block: number): Hex => `0x${block.toString(16)}`;
const low = (text: string): Hex => text.toLowerCase() as Hex;

export interface TokenChain {
  readonly chain: ChainReader;
  /** Who takes the money in the end. */
  readonly escrow: Hex;
  /** The token of an agreement, if the ledger's gate lists it. */
  readonly tokenOf: TokenChainPort['tokenOf'];
  /** Blocks to wait before a transfer counts. */
  readonly confirmations: number;
}

export function tokenChain({ chain, escrow, tokenOf, confirmations }: TokenChain): TokenChainPort {
  const logs = (from: number, to: number, topics: (Hex | Hex[] | null)[]) =>
    chain.rpc<NodeLog[]>('eth_getLogs', [{ fromBlock: tag(from), toBlock: tag(to), topics }]);
  const timeOf = async (block: number) =>
    Number((await chain.viem.getBlock({ blockNumber: BigInt(block) })).timestamp) * 1000;
  const balancesOf = (asked: readonly { readonly token: Hex; readonly address: Hex }[], block: number) =>
    chain.viem.multicall({
      // no contract has to stand there for it
      deployless: true,
      allowFailure: false,
      batchSize: 0,
      blockNumber: BigInt(block),
      contracts: asked.map(({ token, address }) => ({
        address: token,
        abi: erc20Abi,
        functionName: 'balanceOf' as const,
        args: [address] as const,
      })),
    });
  /** What became of it, by its hash; null if the network does not know it. */
  const standing = async (hash: Hex) => {
    const receipt = await receiptOf(chain.rpc, hash);
    if (receipt) return BigInt(receipt.status) === 1n ? 'sent' : 'failed';
    return (await isKnown(chain.rpc, hash)) ? 'known' : null;
  };
  const port: TokenChainPort = {
    chainId: chain.chainId,
    escrow,
    tokenOf,
    readReturn,
    head: async () => Math.max(0, (await chain.head()).number - confirmations),
    async hashOf(block) {
      const found = await chain.rpc<{ hash: Hex } | null>('eth_getBlockByNumber', [tag(block), false]);
      return found?.hash ?? null;
    },
    async transfers(addresses, from, to) {
      const padded = addresses.map((one) => pad(one, { size: 32 }));
      const found = [
        ...(await logs(from, to, [TRANSFER, null, padded])),
        ...(await logs(from, to, [TRANSFER, padded])),
      ];
      // an NFT's transfer has its number as a fourth topic; one between two of our addresses comes twice
      const once = new Map(
        found
          .filter(({ topics, data }) => topics.length === 3 && data.length === 66)
          .map((log) => [`${log.blockNumber}/${log.logIndex}`, log]),
      );
      const times = new Map<Hex, number>();
      for (const { blockNumber } of once.values())
        if (!times.has(blockNumber)) times.set(blockNumber, await timeOf(Number(blockNumber)));
      return [...once.values()].map((log) => ({
        block: Number(log.blockNumber),
        logIndex: Number(log.logIndex),
        token: low(log.address),
        from: low(`0x${log.topics[1]!.slice(26)}`),
        to: low(`0x${log.topics[2]!.slice(26)}`),
        amount: BigInt(log.data),
        at: times.get(log.blockNumber)!,
      }));
    },
    balance: (token, address, block) =>
      chain.viem.readContract({
        address: token,
        abi: erc20Abi,
        functionName: 'balanceOf',
        args: [address],
        blockNumber: BigInt(block),
      }),
    async balances(asked, block) {
      const found: bigint[] = [];
      for (let i = 0; i < asked.length; i += AT_ONCE)
        found.push(...(await balancesOf(asked.slice(i, i + AT_ONCE), block)));
      return found;
    },
    moves: (token, address, amount) => wouldMove(chain.rpc, { from: address, token, to: escrow, amount }),
    escrowHas: (token) =>
      chain.viem.readContract({ address: token, abi: erc20Abi, functionName: 'balanceOf', args: [escrow] }),
    async seen(address) {
      const { number } = await chain.head();
      const from = (await port.head()) + 1;
      if (confirmations === 0 || from > number) return [];
      return (await port.transfers([address], from, number)).filter(({ to }) => to === address);
    },
    async permits(token, address) {
      const data = encodeFunctionData({ abi: PERMITS, functionName: 'nonces', args: [address] });
      const answer = await callOf(chain.rpc, { to: token, data });
      // a coin without permits says no, or nothing
      return answer === null || answer.length < 66 ? 0n : BigInt(answer.slice(0, 66));
    },
    async sending(address) {
      const [nonce, block] = await Promise.all([
        chain.viem.getTransactionCount({ address }),
        chain.viem.getBlock({ blockTag: 'latest' }),
      ]);
      return { nonce, maxFeePerGas: 2n * (block.baseFeePerGas ?? 0n) };
    },
    async sendFree(signed) {
      const read = await readReturn(signed);
      if (!read || read.chainId !== chain.chainId) return 'waits';
      const stands = await standing(read.hash);
      if (stands) return stands;
      const { gas = 0n, maxFeePerGas = 0n, nonce = 0 } = parseTransaction(signed);
      const { baseFeePerGas } = await chain.viem.getBlock({ blockTag: 'latest' });
      if ((await chain.viem.getTransactionCount({ address: read.from })) > nonce)
        // it may have come into a block since it was looked for
        return (await standing(read.hash)) ?? 'overtaken';
      if (gas * maxFeePerGas > (await chain.viem.getBalance({ address: read.from }))) return 'waits';
      if (maxFeePerGas < (baseFeePerGas ?? 0n) || !(await wouldMove(chain.rpc, read))) return 'waits';
      try {
        await chain.rpc('eth_sendRawTransaction', [signed]);
      } catch (error) {
        // an answer that was lost says nothing about what was asked: the network is asked by its hash
        const taken = await standing(read.hash);
        if (taken) return taken;
        if (isAnswer(error)) return 'refused';
        throw error;
      }
      return (await standing(read.hash)) ?? 'known';
    },
  };
  return port;
}

/** One ERC-20 transfer with no money of the network beside it; null for whatever else. */
async function readReturn(signed: Hex): Promise<SignedReturn | null> {
  try {
    const read = parseTransaction(signed);
    if (!read.to || !read.data || !read.chainId || (read.value ?? 0n) !== 0n) return null;
    const call = decodeFunctionData({ abi: erc20Abi, data: read.data });
    if (call.functionName !== 'transfer') return null;
    const [to, amount] = call.args;
    // bytes behind the call would be another transaction with the same meaning
    if (
      encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [to, amount] }) !== low(read.data)
    )
      return null;
    const from = low(await recoverTransactionAddress({ serializedTransaction: signed as `0x02${string}` }));
    return { hash: keccak256(signed), chainId: read.chainId, from, token: low(read.to), to: low(to), amount };
  } catch {
    return null;
  }
}

/** Whether the transfer would succeed now; many coins say nothing where they should say yes. Throws CHAIN_UNAVAILABLE. */
async function wouldMove(
  ask: Ask,
  { from, token, to, amount }: Pick<SignedReturn, 'from' | 'token' | 'to' | 'amount'>,
): Promise<boolean> {
  const data = encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [to, amount] });
  const answer = await callOf(ask, { from, to: token, data });
  return answer === '0x' || (answer !== null && BigInt(answer) === 1n);
}

/**
 * Sends a signed return on the network it was signed for. What the transfer costs there is given to its address before, from
 * the operator's own key; the transfer itself nobody can change. Done already is done.
 * @param url a node of that network
 * @param most what all of it may cost the operator, in the smallest unit of the network's own coin
 * Throws TOKEN_RETURN_WRONG, TOKEN_RETURN_DEAR, TOKEN_CHAIN_OTHER, CHAIN_REVERTED, CHAIN_UNAVAILABLE.
 */
export async function sendReturn(url: string, signed: Hex, gasKey: Hex, most = SMALL_COST): Promise<Hex> {
  const read = await readReturn(signed);
  if (!read) throw new AppError('TOKEN_RETURN_WRONG');
  const node = createPublicClient({ transport: http(url), cacheTime: 0, pollingInterval: 200 });
  const found = await node.getChainId();
  if (found !== read.chainId) throw new AppError('TOKEN_CHAIN_OTHER', { wanted: read.chainId, found });
  const ask: Ask = (method, params) => node.request({ method, params } as never) as never;
  const done = await receiptOf(ask, read.hash);
  if (!done) {
    const { gas = 0n, maxFeePerGas: offered, gasPrice } = parseTransaction(signed);
    const fee = offered ?? gasPrice ?? 0n;
    // one that fails there would use up the number that all later ones count from
    if (!(await wouldMove(ask, read))) throw new AppError('TOKEN_RETURN_WRONG');
    const has = await node.getBalance({ address: read.from });
    if (has < gas * fee) {
      const payer = createWalletClient({ account: privateKeyToAccount(gasKey), transport: http(url) });
      const { baseFeePerGas } = await node.getBlock();
      const maxPriorityFeePerGas = await node.estimateMaxPriorityFeePerGas();
      const maxFeePerGas = 2n * (baseFeePerGas ?? 0n) + maxPriorityFeePerGas;
      const prices = { maxFeePerGas, maxPriorityFeePerGas };
      const gift = { account: payer.account.address, to: read.from, value: 1n, ...prices };
      const giftGas = await node.estimateGas(gift);
      const value = feeToBring({ gas, fee, has, price: maxFeePerGas, giftGas, most });
      const hash = await payer.sendTransaction({
        to: read.from,
        value,
        chain: null,
        gas: giftGas,
        ...prices,
      });
      await node.waitForTransactionReceipt({ hash });
    }
    try {
      await node.sendRawTransaction({ serializedTransaction: signed });
    } catch (error) {
      // the answer may be lost and the transfer on its way
      if (!(await isKnown(ask, read.hash))) throw error;
    }
    await node.waitForTransactionReceipt({ hash: read.hash });
  }
  const receipt = done ?? (await receiptOf(ask, read.hash));
  if (!receipt || BigInt(receipt.status) !== 1n) throw new AppError('CHAIN_REVERTED', { reason: 'transfer' });
  return read.hash;
}
