/** Starts the embedded chain beside the server, starts it again when it dies, stops it with the server. */
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { AppError, type Hex } from '@zhenmei/kernel';
import './errors.ts';

/** What the sequencer's process is told. */
export interface SequencerConfig {
  readonly folder: string;
  readonly chainId: number;
  readonly port: number;
  /** Wei (decimal text) by address. */
  readonly funded: Readonly<Record<Hex, string>>;
  readonly clockOffset: number;
  readonly snapshotEvery?: number;
}

export interface EmbeddedChainOptions {
  readonly folder: string;
  readonly chainId: number;
  /** 0 picks a free port, which then stays the same over restarts. */
  readonly port?: number;
  /** Wei that addresses have from the beginning. Gas is free, so only who sends value needs any. */
  readonly funded?: Readonly<Record<Hex, bigint>>;
  /** Seconds by which the chain's clock is ahead of the machine's. */
  readonly clockOffset?: number;
  /** Blocks between two snapshots; 150 by default. */
  readonly snapshotEvery?: number;
  log?(message: string, detail?: Record<string, unknown>): void;
}

export interface EmbeddedChain {
  readonly url: string;
  /** Process ids, for tests that kill parts. */
  readonly pids: { sequencer: number | undefined; engine: number | undefined };
  /** Moves the chain's clock forward and mines a block. @param offset seconds ahead of the machine */
  setClockOffset(offset: number): Promise<void>;
  /** Resolves when there is a block after `after`, or after 25 seconds. @returns the newest block's number */
  waitForBlock(after: number, signal?: AbortSignal): Promise<number>;
  stop(): Promise<void>;
}

const LEFTOVER_MS = 5_000;

interface Line {
  readonly ready?: boolean;
  readonly url?: string;
  readonly engine?: number;
  readonly code?: string;
  readonly params?: Record<string, string | number>;
  readonly event?: string;
  readonly pid?: number;
}

/** Throws the sequencer's own codes, e.g. CHAIN_FOLDER_IN_USE, CHAIN_PORT_TAKEN or CHAIN_REPLAY_MISMATCH. */
export async function startEmbeddedChain(options: EmbeddedChainOptions): Promise<EmbeddedChain> {
  const { folder, chainId, snapshotEvery } = options;
  const funded = Object.fromEntries(Object.entries(options.funded ?? {}).map(([k, v]) => [k, String(v)]));
  const pids: EmbeddedChain['pids'] = { sequencer: undefined, engine: undefined };
  const closing = new AbortController();
  let child: ChildProcess | undefined;
  let port = options.port ?? 0;
  let clockOffset = options.clockOffset ?? 0;
  let restarting: Promise<void> = Promise.resolve();

  const start = async (): Promise<string> => {
    const script = fileURLToPath(new URL('./bin/sequencer.ts', import.meta.url));
    const config: SequencerConfig = {
      folder,
      chainId,
      port,
      funded,
      clockOffset,
      ...(snapshotEvery ? { snapshotEvery } : {}),
    };
    const started = spawn(process.execPath, [script, JSON.stringify(config)], {
      stdio: ['pipe', 'pipe', 'inherit'],
      // it needs none of our secrets; Windows cannot start a program without an environment
      ...(process.platform === 'win32' ? {} : { env: compileCache() }),
    });
    child = started;
    const ready = await readyLine(started, (line) => {
      if (line.event === 'engine') pids.engine = line.pid;
      else options.log?.('the embedded chain reports', { ...line });
    });
    if (!ready.ready || !ready.url)
      throw new AppError(ready.code ?? 'CHAIN_ENGINE_FAILED', ready.params ?? { reason: 'exited' });
    pids.sequencer = started.pid;
    pids.engine = ready.engine;
    port = Number(new URL(ready.url).port);
    const died = () => {
      pids.sequencer = undefined;
      pids.engine = undefined;
      if (!closing.signal.aborted) restarting = restart();
    };
    if (gone(started)) died();
    else started.once('exit', died);
    return ready.url;
  };

  const restart = async (): Promise<void> => {
    for (let wait = 50; !closing.signal.aborted; wait = Math.min(wait * 2, 5_000)) {
      try {
        options.log?.('the embedded chain stopped; starting it again');
        await start();
        return;
      } catch (error) {
        const code = error instanceof AppError ? error.code : 'UNEXPECTED';
        options.log?.('the embedded chain did not start', { code });
        await pause(wait, closing.signal);
      }
    }
  };

  /** A sequencer whose server was killed finishes its block and goes: it is waited for before the folder is in use. */
  const startAfterLeftover = async (): Promise<string> => {
    const end = performance.now() + LEFTOVER_MS;
    for (;;) {
      try {
        return await start();
      } catch (error) {
        const held = error instanceof AppError && error.code === 'CHAIN_FOLDER_IN_USE';
        if (!held || performance.now() > end) throw error;
        options.log?.('another process still holds the ledger folder; waiting for it to end');
        await pause(100, closing.signal);
      }
    }
  };

  const url = await startAfterLeftover();
  return {
    url,
    pids,
    async setClockOffset(offset) {
      const token = fs.readFileSync(path.join(folder, 'admin.token'), 'utf8').trim();
      const reply = await fetch(`${url}/admin/time`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify({ offset }),
      }).catch((cause: unknown) => {
        throw new AppError('CHAIN_UNAVAILABLE', {}, { cause });
      });
      if (!reply.ok) throw refusalOf(await reply.json().catch(() => null));
      clockOffset = Math.max(clockOffset, offset);
    },
    async waitForBlock(after, signal) {
      try {
        const signals = signal ? [signal, closing.signal] : [closing.signal];
        const reply = await fetch(`${url}/head?after=${after}`, { signal: AbortSignal.any(signals) });
        return ((await reply.json()) as { block: number }).block;
      } catch (cause) {
        throw new AppError('CHAIN_UNAVAILABLE', {}, { cause });
      }
    },
    async stop() {
      closing.abort();
      await end(child);
      await restarting;
      // a restart that was under way may have started one more
      await end(child);
    },
  };
}

/** A full disk is named; everything else is the ledger being away. */
function refusalOf(answer: unknown): AppError {
  const { code, params = {} } = (answer ?? {}) as Pick<Line, 'code' | 'params'>;
  return code === 'CHAIN_JOURNAL_WRITE' ? new AppError(code, params) : new AppError('CHAIN_UNAVAILABLE');
}

const gone = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

async function end(child: ChildProcess | undefined): Promise<void> {
  if (!child || gone(child)) return;
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const deadline = setTimeout(() => child.kill('SIGKILL'), 8_000);
  await exited;
  clearTimeout(deadline);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** The first line that says whether it is ready; events go to `hear` for as long as the process lives. */
function readyLine(child: ChildProcess, hear: (line: Line) => void): Promise<Line> {
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (text) => {
      const line = JSON.parse(text) as Line;
      if (line.event === undefined) resolve(line);
      else hear(line);
    });
    child.once('error', reject);
    // not `exit`: its last words may still be on the way
    child.once('close', (code, signal) =>
      resolve({ ready: false, code: 'CHAIN_ENGINE_FAILED', params: { reason: `exit ${code ?? signal}` } }),
    );
  });
}

/** Where node keeps what it has compiled, if this process does: a start that reads it takes half as long. */
function compileCache(): Record<string, string> {
  const folder = getCompileCacheDir();
  // node puts a folder of its own version into the one it is given
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: path.dirname(folder) };
}
