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
  type PublicClient,
  pad,
  parseAbi,
  parseTransaction,
  recoverTransactionAddress,
  toEventSelector,
} from 'viem';
import { privateKeyToAccount } from 'viem/accounts';

const PERMITS = parseAbi(['function nonces(address) view returns (uint256)']);
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
    async moves(token, address, amount) {
      const data = encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [escrow, amount] });
      try {
        const { data: answer } = await chain.viem.call({ account: address, to: token, data });
        // many say nothing where they should say yes
        return answer === undefined || answer === '0x' || BigInt(answer) === 1n;
      } catch {
        return false;
      }
    },
    escrowHas: (token) =>
      chain.viem.readContract({ address: token, abi: erc20Abi, functionName: 'balanceOf', args: [escrow] }),
    async seen(address) {
      const { number } = await chain.head();
      const from = (await port.head()) + 1;
      if (confirmations === 0 || from > number) return [];
      return (await port.transfers([address], from, number)).filter(({ to }) => to === address);
    },
    permits: (token, address) =>
      chain.viem
        .readContract({ address: token, abi: PERMITS, functionName: 'nonces', args: [address] })
        .catch(() => 0n),
    async sending(address) {
      const [nonce, block] = await Promise.all([
        chain.viem.getTransactionCount({ address }),
        chain.viem.getBlock({ blockTag: 'latest' }),
      ]);
      return { nonce, maxFeePerGas: 2n * (block.baseFeePerGas ?? 0n) };
    },
    async sendFree(signed) {
      const read = await readReturn(signed);
      if (!read || read.chainId !== chain.chainId) return null;
      if (await chain.viem.getTransactionReceipt({ hash: read.hash }).catch(() => null)) return 'sent';
      const { gas = 0n, maxFeePerGas = 0n } = parseTransaction(signed);
      const { baseFeePerGas } = await chain.viem.getBlock({ blockTag: 'latest' });
      if (gas * maxFeePerGas > (await chain.viem.getBalance({ address: read.from }))) return null;
      if (maxFeePerGas < (baseFeePerGas ?? 0n)) return null;
      await chain.rpc('eth_sendRawTransaction', [signed]);
      return 'sent';
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

/** Gas of a transfer of any coin in use, with room. */
const RETURN_GAS = 200_000n;
/** How many times the network's present price a signed transfer may offer: prices fall while it waits. */
const FEE_MARGIN = 10n;
/**
 * What the operator brings for a return at any price of the network, in its smallest unit (0.02 of its own coin): payers
 * who sign for a network that their device does not know cannot know its price (`FAR_FEE` for `RETURN_GAS`).
 */
const SMALL_COST = 20_000_000_000_000_000n;

/** Whether the transfer would succeed now. */
async function canMove(node: PublicClient, { from, token, to, amount }: SignedReturn): Promise<boolean> {
  const data = encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [to, amount] });
  const asked = [{ from, to: token, data }, 'latest'] as const;
  const answer = await node.request({ method: 'eth_call', params: asked as never }).catch(() => null);
  return answer === '0x' || (answer !== null && BigInt(answer) === 1n);
}

/**
 * Sends a signed return on the network it was signed for. What the transfer costs there is given to its address before, from
 * the operator's own key; the transfer itself nobody can change. Done already is done.
 * @param url a node of that network. Throws TOKEN_RETURN_WRONG, TOKEN_CHAIN_OTHER, CHAIN_REVERTED.
 */
export async function sendReturn(url: string, signed: Hex, gasKey: Hex): Promise<Hex> {
  const read = await readReturn(signed);
  if (!read) throw new AppError('TOKEN_RETURN_WRONG');
  const node = createPublicClient({ transport: http(url), cacheTime: 0, pollingInterval: 200 });
  const found = await node.getChainId();
  if (found !== read.chainId) throw new AppError('TOKEN_CHAIN_OTHER', { wanted: read.chainId, found });
  const done = await node.getTransactionReceipt({ hash: read.hash }).catch(() => null);
  if (!done) {
    const { gas = 0n, maxFeePerGas: most, gasPrice } = parseTransaction(signed);
    const fee = most ?? gasPrice ?? 0n;
    const cost = gas * fee;
    // one that fails there would use up the number that all later ones count from
    if (!(await canMove(node, read))) throw new AppError('TOKEN_RETURN_WRONG');
    const has = await node.getBalance({ address: read.from });
    if (has < cost) {
      const payer = createWalletClient({ account: privateKeyToAccount(gasKey), transport: http(url) });
      const { baseFeePerGas } = await node.getBlock();
      const maxPriorityFeePerGas = await node.estimateMaxPriorityFeePerGas();
      const maxFeePerGas = 2n * (baseFeePerGas ?? 0n) + maxPriorityFeePerGas;
      // the operator pays for a transfer at the network's price, or little, not for whatever the payer wrote into it
      const dear = cost > SMALL_COST && fee > FEE_MARGIN * maxFeePerGas;
      if (gas > RETURN_GAS || dear) throw new AppError('TOKEN_RETURN_WRONG');
      const hash = await payer.sendTransaction({
        to: read.from,
        value: cost - has,
        chain: null,
        maxFeePerGas,
        maxPriorityFeePerGas,
      });
      await node.waitForTransactionReceipt({ hash });
    }
    await node.sendRawTransaction({ serializedTransaction: signed });
  }
  const { status } = done ?? (await node.waitForTransactionReceipt({ hash: read.hash }));
  if (status !== 'success') throw new AppError('CHAIN_REVERTED', { reason: 'transfer' });
  return read.hash;
}
