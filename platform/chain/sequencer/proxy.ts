/** The JSON-RPC door of the embedded chain: reading and sending, nothing that administers. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
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
  'eth_getCode',
  'eth_getLogs',
  'eth_getProof',
  'eth_getStorageAt',
  'eth_getTransactionByHash',
  'eth_getTransactionCount',
  'eth_getTransactionReceipt',
  'eth_getBlockReceipts',
  'eth_maxPriorityFeePerGas',
  'eth_syncing',
  'net_version',
  'web3_clientVersion',
]);
const MAX_BODY = 2_000_000;
const MAX_BATCH = 100;

interface Call {
  id?: unknown;
  method?: unknown;
  params?: unknown;
}

/**
 * Serves on 127.0.0.1. `POST /` is JSON-RPC; `POST /clock` with the admin token moves the chain's clock.
 * @returns the server and its address
 */
export async function serveProxy(
  sequencer: Sequencer,
  options: { port: number; adminToken: string },
): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BODY) request.destroy();
      else chunks.push(chunk);
    });
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const reply = (status: number, text: string) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(text);
      if (request.method !== 'POST') return reply(405, '{}');
      if (request.url === '/clock') {
        if (request.headers.authorization !== `Bearer ${options.adminToken}`) return reply(403, '{}');
        const offset = Number((JSON.parse(body || '{}') as { offset?: unknown }).offset);
        if (!Number.isSafeInteger(offset) || offset < 0) return reply(400, '{}');
        sequencer.setClockOffset(offset);
        return void sequencer.tick().then(
          () => reply(200, JSON.stringify({ block: sequencer.block })),
          () => reply(503, '{}'),
        );
      }
      handle(sequencer, body).then(
        (text) => reply(200, text),
        (error: unknown) => reply(200, failure(null, error)),
      );
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function handle(sequencer: Sequencer, body: string): Promise<string> {
  let parsed: Call | Call[];
  try {
    parsed = JSON.parse(body) as Call | Call[];
  } catch {
    return failure(null, new RpcError(-32700, 'parse error'));
  }
  if (!Array.isArray(parsed)) return one(sequencer, parsed);
  if (parsed.length > MAX_BATCH) return failure(null, new RpcError(-32600, 'batch too large'));
  return `[${(await Promise.all(parsed.map((call) => one(sequencer, call)))).join(',')}]`;
}

async function one(sequencer: Sequencer, call: Call): Promise<string> {
  const id = call?.id ?? null;
  const method = String(call?.method);
  try {
    if (method === 'eth_sendRawTransaction') {
      const raw = Array.isArray(call.params) ? call.params[0] : null;
      if (typeof raw !== 'string' || !/^0x[0-9a-f]+$/i.test(raw))
        throw new RpcError(-32602, 'invalid params');
      return JSON.stringify({ jsonrpc: '2.0', id, result: await sequencer.submit(raw as Hex) });
    }
    if (!READS.has(method)) throw new RpcError(-32601, `the method ${method} is not available here`);
    return await sequencer.pass(JSON.stringify({ jsonrpc: '2.0', id, method, params: call.params ?? [] }));
  } catch (error) {
    return failure(id, error);
  }
}

function failure(id: unknown, error: unknown): string {
  const code = error instanceof RpcError ? error.code : -32603;
  const message =
    error instanceof AppError ? error.code : error instanceof Error ? error.message : 'internal error';
  const data = error instanceof RpcError ? error.data : undefined;
  return JSON.stringify({ jsonrpc: '2.0', id, error: { code, message, data } });
}
