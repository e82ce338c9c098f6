/** Judges claims on as many threads as asked for; the order of the answers is the order of the claims. */
import { Worker } from 'node:worker_threads';
import type { Claim } from './claims.ts';
import type { Verdict } from './judge.ts';

export interface Judged {
  readonly name: string;
  readonly verdict: Verdict;
  /** Milliseconds; the only figure that differs from run to run. */
  readonly ms: number;
}

type Reply = 'ready' | { name: string; verdict: Verdict; empty: boolean; ms: number; error?: string };

/**
 * @param onJudged told of each claim as soon as it is judged
 * @returns a claim that is proved but empty (nothing reaches its assertion) counts as unknown
 * @throws if a specification does not compile
 */
export async function judgeAll(
  claims: readonly Claim[],
  threads = 2,
  onJudged: (judged: Judged) => void = () => {},
): Promise<Judged[]> {
  const waiting = [...claims];
  const judged = new Map<string, Judged>();
  await Promise.all(Array.from({ length: Math.min(threads, claims.length) }, work));
  return claims.map(({ name }) => judged.get(name)!);

  async function work(): Promise<void> {
    const worker = new Worker(new URL('./judge-thread.ts', import.meta.url));
    try {
      await new Promise<void>((resolve, reject) => {
        worker.once('error', reject);
        worker.once('exit', () => resolve());
        worker.on('message', (reply: Reply) => {
          if (reply !== 'ready') {
            if (reply.error) return reject(new Error(reply.error));
            const verdict = reply.empty ? 'unknown' : reply.verdict;
            judged.set(reply.name, { name: reply.name, verdict, ms: reply.ms });
            onJudged(judged.get(reply.name)!);
          }
          worker.postMessage(waiting.shift() ?? null);
        });
      });
    } finally {
      await worker.terminate();
    }
  }
}
