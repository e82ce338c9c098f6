/** anvil as a child process: the EVM behind the sequencer. Nothing but the sequencer talks to it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import net from 'node:net';
import path from 'node:path';
import { AppError } from '@zhenmei/kernel';
import '../errors.ts';

const PLATFORM: Record<string, string> = {
  'linux-x64': 'linux-amd64',
  'linux-arm64': 'linux-arm64',
  'darwin-arm64': 'darwin-arm64',
  'darwin-x64': 'darwin-amd64',
  'win32-x64': 'win32-amd64',
};

/** Path of the binary inside its npm platform package; install scripts are not needed. Throws CHAIN_ENGINE_MISSING. */
export function anvilPath(): string {
  const platform = PLATFORM[`${process.platform}-${process.arch}`];
  try {
    const require = createRequire(import.meta.url);
    const main = path.dirname(require.resolve('@foundry-rs/anvil/package.json'));
    const manifest = require.resolve(`@foundry-rs/anvil-${platform}/package.json`, { paths: [main] });
    return path.join(path.dirname(manifest), 'bin', process.platform === 'win32' ? 'anvil.exe' : 'anvil');
  } catch (cause) {
    throw new AppError(
      'CHAIN_ENGINE_MISSING',
      { platform: `${process.platform}-${process.arch}` },
      { cause },
    );
  }
}

export interface Engine {
  readonly process: ChildProcess;
  rpc<T>(method: string, params?: unknown[]): Promise<T>;
  /** The raw reply for a raw request body, for the proxy. */
  pass(body: string): Promise<string>;
  stop(): Promise<void>;
}

export class RpcError extends Error {
  readonly code: number;
  readonly data: unknown;
  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/**
 * Starts a fresh, empty chain. Flags are part of the chain's identity: a replay with other flags gives other hashes.
 * @param genesisTime seconds since the epoch
 */
export async function startEngine(options: { chainId: number; genesisTime: number }): Promise<Engine> {
  const port = await freePort();
  const child = spawn(
    anvilPath(),
    [
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--chain-id',
      String(options.chainId),
      '--timestamp',
      String(options.genesisTime),
      '--no-mining',
      '--accounts',
      '0',
      '--silent',
      '--no-request-size-limit',
      '--gas-limit',
      '100000000',
      '--block-base-fee-per-gas',
      '0',
      '--gas-price',
      '0',
      '--disable-min-priority-fee',
      '--hardfork',
      'osaka',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-500);
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  const pass = async (body: string) => {
    const reply = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return reply.text();
  };
  const engine: Engine = {
    process: child,
    pass,
    async rpc<T>(method: string, params: unknown[] = []) {
      const reply = JSON.parse(await pass(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))) as {
        result?: T;
        error?: { code: number; message: string; data?: unknown };
      };
      if (reply.error) throw new RpcError(reply.error.code, reply.error.message, reply.error.data);
      return reply.result as T;
    },
    async stop() {
      child.kill('SIGKILL');
      await exited;
    },
  };
  for (let waited = 0; waited < 10_000; waited += 20) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    try {
      await engine.rpc('eth_chainId');
      return engine;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  child.kill('SIGKILL');
  throw new AppError('CHAIN_ENGINE_FAILED', { reason: complaint.trim() || 'no answer' });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
