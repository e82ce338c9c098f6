/** A receipt from a file, from standard input, or from an address. */
import { connectChain } from '@zhenmei/chain';
import { AppError, defineErrors, fromUtf8, type Hex, strictJson } from '@zhenmei/kernel';
import { blocksOf } from '@zhenmei/verifier/chain.ts';
import type { Io } from './command.ts';
import { readBytes } from './read-input.ts';

defineErrors({
  ADDRESS_UNREADABLE: {
    status: 400,
    retryable: true,
    zh: '无法从 {url} 取得内容：{reason}。',
    en: 'Nothing could be fetched from {url}: {reason}.',
  },
});

/** Bytes; no receipt is nearly as large. */
const LIMIT = 5_000_000;
const WAIT_MS = 20_000;

/** Throws FILE_UNREADABLE, ADDRESS_UNREADABLE. */
export async function readReceipt(from: string, io: Io): Promise<Uint8Array> {
  if (from === '-') return io.stdin();
  return /^https?:\/\//.test(from) ? fetchBytes(from) : readBytes(from);
}

async function fetchBytes(url: string): Promise<Uint8Array> {
  const fail = (reason: string, cause?: unknown): never => {
    throw new AppError('ADDRESS_UNREADABLE', { url: url.slice(0, 200), reason }, { cause });
  };
  let reply: Response;
  try {
    reply = await fetch(url, {
      signal: AbortSignal.timeout(WAIT_MS),
      headers: { accept: 'application/json' },
    });
  } catch (error) {
    return fail(
      String(((error as Error).cause as Error | undefined)?.message ?? (error as Error).message),
      error,
    );
  }
  if (!reply.ok || !reply.body) return fail(`HTTP ${reply.status}`);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of reply.body) {
    size += part.length;
    if (size > LIMIT) return fail(`> ${LIMIT} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Asks a node about the blocks of a receipt. Throws CHAIN_ID_WRONG, CHAIN_UNAVAILABLE. */
export async function askNode(
  url: string,
  chainId: number,
  receipt: Uint8Array,
): Promise<ReadonlyMap<number, Hex>> {
  const chain = await connectChain({ url, chainId });
  const known = new Map<number, Hex>();
  for (const number of blocksIn(receipt)) {
    const block = await chain.rpc<{ hash: Hex } | null>('eth_getBlockByNumber', [
      `0x${number.toString(16)}`,
      false,
    ]);
    if (block) known.set(number, block.hash);
  }
  return known;
}

/** What cannot be read has no blocks: the verification will name the fault. */
function blocksIn(receipt: Uint8Array): number[] {
  try {
    return blocksOf(strictJson(fromUtf8(receipt).trim()));
  } catch {
    return [];
  }
}
