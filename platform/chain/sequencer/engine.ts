/** anvil as a child process: the EVM behind the sequencer. Nothing but the sequencer talks to it. */
import { type ChildProcess, spawn } from 'node:child_process';
import http from 'node:http';
import { createRequire } from 'node:module';
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

/** Gas of one block; part of every block's hash. */
export const BLOCK_GAS = 100_000_000n;
const START_MS = 20_000;
const ANSWER_MS = 60_000;

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
  readonly url: string;
  /** Resolves when the process is gone, for whatever reason. */
  readonly exited: Promise<void>;
  /** Throws RpcError when the engine refuses, any other error when it does not answer. */
  rpc<T>(method: string, params?: unknown[]): Promise<T>;
  /** The raw reply for a raw request body, for the proxy. */
  pass(body: string): Promise<string>;
  /** SIGKILL: nothing of value lives in the engine. */
  stop(): Promise<void>;
}

/** A refusal in the words of JSON-RPC. */
export class RpcError extends Error {
  readonly code: number;
  readonly data: unknown;
  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** Without our environment, and out of reach of a terminal's Ctrl-C: the sequencer ends its engine itself, in order. */
const APART = process.platform === 'win32' ? {} : { env: {}, detached: true };

/**
 * Starts a fresh, empty chain on a port that the system picks. Chain id, time, gas limit, fees and hard fork are part
 * of the chain's identity: a replay with others gives other hashes.
 * @param options.genesisTime seconds since the epoch
 */
export async function startEngine(options: { chainId: number; genesisTime: number }): Promise<Engine> {
  const child = spawn(
    anvilPath(),
    [
      '--host',
      '127.0.0.1',
      '--port',
      '0',
      '--accounts',
      '0',
      '--no-mining',
      '--no-request-size-limit',
      '--chain-id',
      String(options.chainId),
      '--timestamp',
      String(options.genesisTime),
      '--gas-limit',
      String(BLOCK_GAS),
      '--hardfork',
      'osaka',
      '--block-base-fee-per-gas',
      '0',
      '--gas-price',
      '0',
      '--disable-min-priority-fee',
      // old states would go to files in the home folder, without end
      '--prune-history',
      '256',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], ...APART },
  );
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const guard = guardOf(child);
  void exited.then(() => guard?.kill('SIGKILL'));
  const agent = new http.Agent({ keepAlive: true });
  try {
    const port = await listening(child);
    const pass = (body: string) => post(agent, port, body);
    const engine: Engine = {
      process: child,
      url: `http://127.0.0.1:${port}`,
      exited,
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
        agent.destroy();
      },
    };
    await engine.rpc('anvil_setLoggingEnabled', [false]);
    return engine;
  } catch (error) {
    child.kill('SIGKILL');
    await exited;
    agent.destroy();
    throw error;
  }
}

/** A shell that waits for our end of a pipe to close, as it does when we are killed, and then ends the engine. */
function guardOf(child: ChildProcess): ChildProcess | null {
  if (process.platform === 'win32' || !child.pid) return null;
  const guard = spawn('/bin/sh', ['-c', `read -r _; kill -9 ${child.pid} 2>/dev/null`], {
    stdio: ['pipe', 'ignore', 'ignore'],
    ...APART,
  });
  guard.once('error', () => undefined);
  guard.unref();
  return guard;
}

/** The port that the engine says it listens on. Throws CHAIN_ENGINE_FAILED with what it said instead. */
function listening(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = '';
    const fail = (reason: string) =>
      reject(new AppError('CHAIN_ENGINE_FAILED', { reason: said.trim().slice(-300) || reason }));
    const deadline = setTimeout(() => fail('no answer'), START_MS);
    const hear = (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4_000);
      const port = /Listening on 127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (!port) return;
      clearTimeout(deadline);
      child.stdout?.off('data', hear).resume();
      child.stderr?.off('data', hear).resume();
      resolve(Number(port));
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code, signal) => {
      clearTimeout(deadline);
      fail(`exit ${code ?? signal}`);
    });
  });
}

function post(agent: http.Agent, port: number, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const bytes = Buffer.from(body);
    const request = http.request(
      {
        agent,
        host: '127.0.0.1',
        port,
        method: 'POST',
        timeout: ANSWER_MS,
        headers: { 'content-type': 'application/json', 'content-length': bytes.length },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
        response.on('error', reject);
      },
    );
    request.on('timeout', () => request.destroy(new Error('the engine does not answer')));
    request.on('error', reject);
    request.end(bytes);
  });
}
