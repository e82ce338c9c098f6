/** Starts the embedded chain beside the server, starts it again when it dies, stops it with the server. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { AppError } from '@zhenmei/kernel';
import './errors.ts';

export interface EmbeddedChainOptions {
  readonly folder: string;
  readonly chainId: number;
  /** 0 picks a free port, which then stays the same over restarts. */
  readonly port?: number;
  readonly clockOffset?: number;
  readonly snapshotEvery?: number;
  log?(message: string, detail?: Record<string, unknown>): void;
}

export interface EmbeddedChain {
  readonly url: string;
  /** Process ids, for tests that kill parts. */
  readonly pids: { sequencer: number | undefined; engine: number | undefined };
  /** Moves the chain's clock. @param offset seconds ahead of the machine */
  setClockOffset(offset: number): Promise<void>;
  stop(): Promise<void>;
}

interface Ready {
  ready: boolean;
  url?: string;
  engine?: number;
  code?: string;
  params?: Record<string, string | number>;
}

/** Throws the sequencer's own codes, e.g. CHAIN_FOLDER_IN_USE or CHAIN_REPLAY_MISMATCH. */
export async function startEmbeddedChain(options: EmbeddedChainOptions): Promise<EmbeddedChain> {
  const adminToken = randomBytes(32).toString('hex');
  let child: ChildProcess;
  let stopping = false;
  let port = options.port ?? 0;
  let clockOffset = options.clockOffset ?? 0;
  const pids: EmbeddedChain['pids'] = { sequencer: undefined, engine: undefined };

  const start = async (): Promise<string> => {
    const script = fileURLToPath(new URL('./bin/sequencer.ts', import.meta.url));
    const config = JSON.stringify({
      folder: options.folder,
      chainId: options.chainId,
      port,
      clockOffset,
      snapshotEvery: options.snapshotEvery,
    });
    child = spawn(process.execPath, [script, config], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { PATH: '', ZHENMEI_CHAIN_ADMIN: adminToken },
    });
    const ready = await firstLine(child);
    if (!ready.ready || !ready.url)
      throw new AppError(ready.code ?? 'CHAIN_ENGINE_FAILED', ready.params ?? { reason: 'exited' });
    pids.sequencer = child.pid;
    pids.engine = ready.engine;
    port = Number(new URL(ready.url).port);
    child.once('exit', () => {
      if (!stopping) void restart();
    });
    return ready.url;
  };
  const restart = async (): Promise<void> => {
    for (let wait = 50; !stopping; wait = Math.min(wait * 2, 5_000)) {
      try {
        options.log?.('the embedded chain stopped; starting it again');
        // a killed sequencer leaves its engine behind
        if (pids.engine) killQuietly(pids.engine);
        await start();
        return;
      } catch (error) {
        options.log?.('the embedded chain did not start', {
          code: error instanceof AppError ? error.code : 'UNEXPECTED',
        });
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  };

  const url = await start();
  return {
    url,
    pids,
    async setClockOffset(offset) {
      clockOffset = offset;
      const reply = await fetch(`${url}/clock`, {
        method: 'POST',
        headers: { authorization: `Bearer ${adminToken}` },
        body: JSON.stringify({ offset }),
      });
      if (!reply.ok) throw new AppError('CHAIN_UNAVAILABLE');
    },
    async stop() {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGTERM');
      const deadline = setTimeout(() => child.kill('SIGKILL'), 8_000);
      await exited;
      clearTimeout(deadline);
    },
  };
}

function firstLine(child: ChildProcess): Promise<Ready> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const end = text.indexOf('\n');
      if (end >= 0) resolve(JSON.parse(text.slice(0, end)) as Ready);
    });
    child.once('error', reject);
    child.once('exit', (code) =>
      resolve({ ready: false, code: 'CHAIN_ENGINE_FAILED', params: { reason: `exit ${code}` } }),
    );
  });
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
