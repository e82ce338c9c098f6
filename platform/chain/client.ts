/** Reading the chain through any EVM node, embedded or not. */
import { AppError, type Hex } from '@zhenmei/kernel';
import { BaseError, createPublicClient, http, type PublicClient, RawContractError } from 'viem';
import './errors.ts';

export interface ChainReader {
  readonly chainId: number;
  readonly viem: PublicClient;
  /** Number and time (ms) of the newest block. */
  head(): Promise<{ number: number; time: number; hash: Hex }>;
  /** Raw block and EIP-1186 answers of one block, for evidence. Slots must be 32 bytes. */
  evidence(
    block: number,
    wanted: readonly { address: Hex; slots: readonly Hex[] }[],
  ): Promise<{ block: Record<string, unknown>; proofs: unknown[] }>;
  rpc<T>(method: string, params?: unknown[]): Promise<T>;
}

/** Throws CHAIN_ID_WRONG if the node serves another chain, CHAIN_UNAVAILABLE if it does not answer. */
export async function connectChain(options: { url: string; chainId: number }): Promise<ChainReader> {
  const viem = createPublicClient({
    transport: http(options.url, { retryCount: 2, timeout: 15_000 }),
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
  return {
    chainId: options.chainId,
    viem,
    rpc,
    async head() {
      const block = await viem.getBlock({ blockTag: 'latest' });
      return { number: Number(block.number), time: Number(block.timestamp) * 1000, hash: block.hash };
    },
    async evidence(block, wanted) {
      const tag = `0x${block.toString(16)}`;
      const raw = await rpc<Record<string, unknown>>('eth_getBlockByNumber', [tag, false]);
      const proofs = await Promise.all(
        wanted.map(({ address, slots }) => rpc('eth_getProof', [address, slots, tag])),
      );
      return { block: raw, proofs };
    },
  };
}

/** Name of the contract's own error, or the revert's bytes, from whatever the node said. */
export function revertReason(error: unknown): string {
  if (error instanceof BaseError) {
    const raw = error.walk((e) => e instanceof RawContractError) as RawContractError | null;
    const data = typeof raw?.data === 'object' ? raw.data?.data : raw?.data;
    if (data) return data.slice(0, 138);
    return error.shortMessage.slice(0, 200);
  }
  const inner = error as { data?: unknown; message?: string } | null;
  return String(inner?.data ?? inner?.message ?? 'revert').slice(0, 200);
}
