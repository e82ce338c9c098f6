/** The JSON-RPC door of the embedded chain: reading and sending, nothing that administers. */
import { AppError, type Hex } from '@zhenmei/kernel';
import { RpcError } from './engine.ts';
import type { Sequencer } from './sequencer.ts';

const READS = new Set([
  'eth_blockNumber',
  'eth_call',
  'eth_chainId',
  'eth_estimateGas',
  'eth_feeHistory',
  'eth_gasPrice',
  'eth_getBalance',
  'eth_getBlockByHash',
  'eth_getBlockByNumber',
  'eth_getBlockReceipts',
  'eth_getCode',
  'eth_getLogs',
  'eth_getProof',
  'eth_getStorageAt',
  'eth_getTransactionByHash',
  'eth_getTransactionCount',
  'eth_getTransactionReceipt',
  'eth_maxPriorityFeePerGas',
  'eth_syncing',
  'net_version',
  'web3_clientVersion',
]);
const MAX_BATCH = 100;

/** Answers a JSON-RPC 2.0 request or batch. @returns the reply; empty for notifications */
export async function answer(sequencer: Sequencer, body: string): Promise<string> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return failure(null, new RpcError(-32700, 'parse error'));
  }
  if (!Array.isArray(parsed)) return (await one(sequencer, parsed)) ?? '';
  if (parsed.length === 0) return failure(null, new RpcError(-32600, 'empty batch'));
  if (parsed.length > MAX_BATCH) return failure(null, new RpcError(-32600, 'batch too large'));
  const replies = (await Promise.all(parsed.map((call) => one(sequencer, call)))).filter((r) => r !== null);
  return replies.length > 0 ? `[${replies.join(',')}]` : '';
}

async function one(sequencer: Sequencer, call: unknown): Promise<string | null> {
  const { id, method, params } = (call ?? {}) as { id?: unknown; method?: unknown; params?: unknown };
  if (typeof method !== 'string') return failure(null, new RpcError(-32600, 'invalid request'));
  const reply = await perform(sequencer, id ?? null, method, params).catch((error: unknown) =>
    failure(id ?? null, error),
  );
  return id === undefined ? null : reply;
}

async function perform(sequencer: Sequencer, id: unknown, method: string, params: unknown): Promise<string> {
  if (method === 'eth_sendRawTransaction') {
    const raw = Array.isArray(params) ? (params[0] as unknown) : null;
    if (typeof raw !== 'string') throw new RpcError(-32602, 'invalid params');
    return JSON.stringify({ jsonrpc: '2.0', id, result: await sequencer.submit(raw as Hex) });
  }
  if (!READS.has(method)) throw new RpcError(-32601, `the method ${method} is not available here`);
  const given = Array.isArray(params) ? (params as unknown[]) : [];
  return sequencer.pass(
    JSON.stringify({
      jsonrpc: '2.0',
      id,
      method,
      params: TRIES.has(method) ? atNow(sequencer, given) : (params ?? []),
    }),
  );
}

const TRIES = new Set(['eth_call', 'eth_estimateGas']);

/**
 * Without transactions no block is mined, so the newest may be days old: what is tried on it sees the time that the
 * next one would have. A numbered block, or a caller with overrides of its own, is left alone.
 */
function atNow(sequencer: Sequencer, params: readonly unknown[]): readonly unknown[] {
  const [call, block = 'latest', state = {}, overrides] = params;
  if (overrides || !(block === 'latest' || block === 'pending')) return params;
  return [call, block, state, { time: `0x${sequencer.now().toString(16)}` }];
}

function failure(id: unknown, error: unknown): string {
  const refused = error instanceof RpcError;
  const code = refused ? error.code : -32603;
  const message = refused ? error.message : error instanceof AppError ? error.code : 'internal error';
  const data = refused ? error.data : error instanceof AppError ? error.params : undefined;
  return JSON.stringify({ jsonrpc: '2.0', id, error: { code, message, data } });
}
