/** Reading the chain through any EVM node, embedded or not. */
import { AppError, type Hex } from '@zhenmei/kernel';
import {
  BaseError,
  createPublicClient,
  HttpRequestError,
  http,
  type PublicClient,
  RpcRequestError,
  TimeoutError,
  type Transport,
} from 'viem';
import './errors.ts';

/** A log as JSON-RPC writes it. */
export interface NodeLog {
  readonly address: Hex;
  readonly topics: readonly Hex[];
  readonly data: Hex;
  readonly blockNumber: Hex;
  readonly blockHash: Hex;
  /** Seconds since the epoch; not every node says it. */
  readonly blockTimestamp?: Hex | null;
  readonly logIndex: Hex;
  readonly transactionHash: Hex;
}

/** What a transaction costs here, in wei per gas. */
export interface Fees {
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

export interface ChainReader {
  readonly chainId: number;
  readonly viem: PublicClient;
  /** Number, time (ms since the epoch) and hash of the newest block. */
  head(): Promise<{ number: number; time: number; hash: Hex }>;
  /** Raw block and EIP-1186 answers of one block, for evidence. Slots must be 32 bytes. */
  evidence(
    block: number,
    wanted: readonly { address: Hex; slots: readonly Hex[] }[],
  ): Promise<{ block: Record<string, unknown>; proofs: unknown[] }>;
  /** All logs of these contracts in these blocks (both included), however many parts a node wants to be asked in. */
  logs(from: number, to: number, addresses: readonly Hex[]): Promise<NodeLog[]>;
  /** Zero where gas is free, else twice the base fee and the usual tip. */
  fees(): Promise<Fees>;
  rpc<T>(method: string, params?: unknown[]): Promise<T>;
}

const tag = (block: number): Hex => `0x${block.toString(16)}`;

/** Throws CHAIN_ID_WRONG if the node serves another chain, CHAIN_UNAVAILABLE if it does not answer. */
export async function connectChain(options: { url: string; chainId: number }): Promise<ChainReader> {
  const viem = createPublicClient({
    transport: named(http(options.url, { retryCount: 2, timeout: 15_000 })),
    cacheTime: 0,
  });
  const rpc = <T>(method: string, params: unknown[] = []) =>
    viem.request({ method, params } as never) as Promise<T>;
  let actual: number;
  try {
    actual = await viem.getChainId();
  } catch (cause) {
    throw new AppError('CHAIN_UNAVAILABLE', {}, { cause });
  }
  if (actual !== options.chainId) throw new AppError('CHAIN_ID_WRONG', { expected: options.chainId, actual });

  const answers = () =>
    viem.getChainId().then(
      () => true,
      () => false,
    );
  const logs: ChainReader['logs'] = async (from, to, addresses) => {
    if (from > to || addresses.length === 0) return [];
    try {
      return await rpc('eth_getLogs', [{ fromBlock: tag(from), toBlock: tag(to), address: addresses }]);
    } catch (error) {
      // too many for one answer, or for this node's limits: only a single block cannot be cut
      if (from === to) throw error;
      if (!(await answers())) throw new AppError('CHAIN_UNAVAILABLE', {}, { cause: error });
      const middle = Math.floor((from + to) / 2);
      const first = await logs(from, middle, addresses);
      return first.concat(await logs(middle + 1, to, addresses));
    }
  };

  return {
    chainId: options.chainId,
    viem,
    rpc,
    logs,
    async head() {
      const block = await viem.getBlock({ blockTag: 'latest' });
      return { number: Number(block.number), time: Number(block.timestamp) * 1000, hash: block.hash };
    },
    async evidence(block, wanted) {
      const raw = await rpc<Record<string, unknown> | null>('eth_getBlockByNumber', [tag(block), false]);
      if (!raw) throw new AppError('CHAIN_UNAVAILABLE');
      const proofs = await Promise.all(
        wanted.map(({ address, slots }) => rpc('eth_getProof', [address, slots, tag(block)])),
      );
      return { block: raw, proofs };
    },
    async fees() {
      const { baseFeePerGas } = await viem.getBlock({ blockTag: 'latest' });
      if (!baseFeePerGas) return { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n };
      const tip = BigInt(await rpc<Hex>('eth_maxPriorityFeePerGas'));
      return { maxFeePerGas: 2n * baseFeePerGas + tip, maxPriorityFeePerGas: tip };
    },
  };
}

/** A node that does not answer is CHAIN_UNAVAILABLE, as a cause under whatever viem makes of it. */
function named(transport: Transport): Transport {
  return (settings) => {
    const inner = transport(settings);
    const request = async (...given: Parameters<typeof inner.request>): Promise<unknown> => {
      try {
        return await inner.request(...given);
      } catch (cause) {
        if (cause instanceof HttpRequestError || cause instanceof TimeoutError)
          throw new AppError('CHAIN_UNAVAILABLE', {}, { cause });
        throw cause;
      }
    };
    return { ...inner, request: request as typeof inner.request };
  };
}

/** EIP-1474: internal error, resource not found, resource unavailable, limit exceeded. */
const NODE_TROUBLE = new Set([-32_603, -32_001, -32_002, -32_005]);

/** Whether a read failed on its way, or in the node; false if the contract itself refused or gave no answer. */
export function unreachable(error: unknown): boolean {
  let cause = error;
  for (let depth = 0; depth < 8 && cause instanceof Error; depth++, cause = cause.cause) {
    if (cause instanceof AppError) return cause.retryable;
    // some nodes report a revert as an internal error
    if (cause instanceof RpcRequestError)
      return NODE_TROUBLE.has(cause.code) && bytesOf(cause) === null && !/revert/i.test(cause.details);
  }
  return false;
}

/** The revert's own bytes, shortened to a selector and two words, from whatever the node said; else its message. */
export function revertReason(error: unknown): string {
  if (!(error instanceof BaseError)) {
    const inner = error as { data?: unknown; message?: string } | null;
    return (bytesOf(inner) ?? inner?.message ?? 'revert').slice(0, 200);
  }
  return bytesOf(error.walk((e) => bytesOf(e) !== null))?.slice(0, 138) ?? error.shortMessage.slice(0, 200);
}

/** Nodes put them into `data`, or into `data.data`. */
function bytesOf(error: unknown): Hex | null {
  const { data } = (error ?? {}) as { data?: unknown };
  const bytes = typeof data === 'object' ? (data as { data?: unknown } | null)?.data : data;
  return typeof bytes === 'string' && /^0x[0-9a-f]/i.test(bytes) ? (bytes as Hex) : null;
}
