/** What the sequencer must know of a raw transaction before it takes it. */
import type { Hex } from '@zhenmei/kernel';
import { keccak256, parseTransaction, recoverTransactionAddress, type TransactionSerialized } from 'viem';
import { RpcError } from './engine.ts';

export interface ReadTransaction {
  readonly raw: Hex;
  readonly hash: Hex;
  readonly from: Hex;
  readonly nonce: number;
  readonly gas: bigint;
}

/** Characters; a contract of the largest size needs about 100,000. */
const MAX_RAW = 400_000;

/** Throws RpcError for what is no transaction, too large, for another chain (or any: EIP-155), or carries blobs. */
export async function readTransaction(raw: Hex, chainId: number): Promise<ReadTransaction> {
  if (!/^0x(?:[0-9a-fA-F]{2})+$/.test(raw)) throw new RpcError(-32602, 'invalid params');
  if (raw.length > MAX_RAW) throw new RpcError(-32000, 'transaction too large');
  const bytes = raw.toLowerCase() as TransactionSerialized;
  let parsed: ReturnType<typeof parseTransaction>;
  let from: Hex;
  try {
    parsed = parseTransaction(bytes);
    from = (await recoverTransactionAddress({ serializedTransaction: bytes })).toLowerCase() as Hex;
  } catch {
    throw new RpcError(-32602, 'not a signed transaction');
  }
  if (parsed.type === 'eip4844') throw new RpcError(-32000, 'transaction type not supported');
  if (parsed.chainId !== chainId) throw new RpcError(-32000, 'invalid chain id for signer');
  return {
    raw: bytes,
    hash: keccak256(bytes),
    from,
    nonce: Number(parsed.nonce ?? 0),
    gas: parsed.gas ?? 0n,
  };
}
