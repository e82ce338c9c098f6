/** A house in a process of its own whose parts are killed without warning, and what a stranger saw meanwhile. */
import { setTimeout as pause } from 'node:timers/promises';
import { parseCheckpoint, splitNote } from '@zhenmei/tlog';
import { type Part, pidOf, type ServerProcess, up } from '../house/server-process.ts';

export const PARTS: readonly Part[] = ['server', 'postgres', 'sequencer', 'engine'];

/** Seconds for which a house may be away after a kill. */
const AWAY = 60;

export interface Strike {
  readonly part: Part;
  readonly step: string;
}

export interface Head {
  readonly size: number;
  readonly root: Uint8Array;
}

export class StruckHouse {
  readonly strikes: Strike[] = [];
  /** Why starts failed, if any did. */
  readonly refusals: string[] = [];
  /** Checkpoints of the log as they were seen from outside, one before and one after each kill. */
  readonly heads: Head[] = [];
  readonly url: string;
  private readonly folder: string;
  private readonly port: number;
  private server: ServerProcess | null = null;
  private said = '';

  constructor(folder: string, port: number) {
    this.folder = folder;
    this.port = port;
    this.url = `http://localhost:${port}`;
  }

  /** What the house said last on standard error. */
  get words(): string {
    return this.said;
  }

  /** A start during which something else was killed may fail; then it is started again, as whoever watches it would. */
  async start(): Promise<void> {
    const end = performance.now() + AWAY * 1000;
    for (;;) {
      try {
        this.server = await up({
          folder: this.folder,
          port: this.port,
          demo: true,
          hear: (text) => {
            this.said = (this.said + text).slice(-20_000);
          },
        });
        return;
      } catch (error) {
        this.refusals.push((error as Error).message);
        if (performance.now() > end) throw error;
      }
    }
  }

  async stop(): Promise<number | null> {
    this.server?.child.kill('SIGTERM');
    return (await this.server?.ended) ?? null;
  }

  /** kill -9; a server is started again, everything else must come back by itself. */
  async strike(part: Part, step: string): Promise<void> {
    const { pids, ended } = this.server!;
    const pid = await this.find(pids.server, part);
    process.kill(pid, 'SIGKILL');
    this.strikes.push({ part, step });
    if (part !== 'server') return;
    await ended;
    await this.start();
  }

  /** Reads the newest checkpoint once the house answers. */
  async look(): Promise<void> {
    const end = performance.now() + AWAY * 1000;
    for (;;) {
      const note = await fetch(`${this.url}/log/checkpoint`).then(
        (reply) => (reply.ok ? reply.text() : null),
        () => null,
      );
      if (note !== null) return void this.heads.push(parseCheckpoint(splitNote(note).text));
      if (performance.now() > end) throw new Error(`no answer for ${AWAY} s`);
      await pause(25);
    }
  }

  private async find(server: number, part: Part): Promise<number> {
    const end = performance.now() + AWAY * 1000;
    for (;;) {
      const pid = pidOf(server, part);
      if (pid !== undefined) return pid;
      if (performance.now() > end) throw new Error(`${part} did not come back`);
      await pause(10);
    }
  }
}
