/** What a node's refusal says: that a contract said no, or only that nobody knows. */
import { AppError, type Hex } from '@zhenmei/kernel';

/** `request` of EIP-1193. */
export type Ask = <T>(method: string, params: unknown[]) => Promise<T>;

const REVERTED = /revert|invalid opcode|invalidfeopcode|out of ?gas|stack (underflow|overflow)|invalid jump/i;
/** Codes under which nodes say that a call was executed and failed; 3 is by EIP-1474's successor, the others need a text. */
const EXECUTED = 3;
const OTHERS = [-32000, -32003, -32015, -32603];

/** Whether the node executed a call and the contract said no. */
export function isRevert(error: unknown): boolean {
  for (let one = error as Record<string, unknown> | undefined, depth = 0; one && depth < 8; depth++) {
    if (one.code === EXECUTED) return true;
    if (OTHERS.includes(one.code as number) && REVERTED.test(`${one.details ?? ''} ${one.message ?? ''}`))
      return true;
    one = one.cause as Record<string, unknown> | undefined;
  }
  return false;
}

/** Whether the node answered at all, if only with a refusal (JSON-RPC 2.0: an error with a code). */
export function isAnswer(error: unknown): boolean {
  for (let one = error as Record<string, unknown> | undefined, depth = 0; one && depth < 8; depth++) {
    // limits and what a node does not have say nothing about what was asked
    if (typeof one.code === 'number') return ![-32601, -32002, -32005, 429].includes(one.code);
    one = one.cause as Record<string, unknown> | undefined;
  }
  return false;
}

/** What a call answers; null if the contract says no. Throws CHAIN_UNAVAILABLE where nobody can say. */
export async function callOf(ask: Ask, call: object, block = 'latest'): Promise<Hex | null> {
  try {
    return await ask<Hex>('eth_call', [call, block]);
  } catch (error) {
    if (isRevert(error)) return null;
    throw unknown(error);
  }
}

/** Throws CHAIN_UNAVAILABLE. */
export async function receiptOf(ask: Ask, hash: Hex): Promise<{ readonly status: Hex } | null> {
  return ask<{ status: Hex } | null>('eth_getTransactionReceipt', [hash]).catch((error: unknown) => {
    throw unknown(error);
  });
}

/** Whether the network has a transaction, in a block or not. Throws CHAIN_UNAVAILABLE. */
export async function isKnown(ask: Ask, hash: Hex): Promise<boolean> {
  const found = await ask<object | null>('eth_getTransactionByHash', [hash]).catch((error: unknown) => {
    throw unknown(error);
  });
  return found !== null;
}

const unknown = (cause: unknown): AppError =>
  cause instanceof AppError ? cause : new AppError('CHAIN_UNAVAILABLE', {}, { cause });
