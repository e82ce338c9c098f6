/**
 * z3 as a function that does not return before it knows: solc asks in the middle of compiling and cannot wait for a
 * promise. z3 runs in a thread of its own; the asking thread sleeps on shared memory until the answer is there.
 */
import { Worker } from 'node:worker_threads';

/** How much z3 may think about one question, in its own units: an answer does not depend on how fast a machine is. */
const EFFORT = 200_000_000;
const OPTIONS = `
(set-option :rlimit ${EFFORT})
(set-option :rewriter.pull_cheap_ite true)
(set-option :fp.spacer.q3.use_qgen true)
(set-option :fp.spacer.mbqi false)
(set-option :fp.spacer.ground_pobs false)
`;
const ANSWER_BYTES = 1 << 20;

export interface Solver {
  /** @param question SMT-LIB 2; @returns z3's answer, e.g. `sat` */
  ask(question: string): string;
  close(): Promise<void>;
}

export async function startSolver(): Promise<Solver> {
  const shared = new SharedArrayBuffer(8 + ANSWER_BYTES);
  const state = new Int32Array(shared, 0, 2);
  const answer = new Uint8Array(shared, 8);
  const worker = new Worker(new URL('./solver-thread.ts', import.meta.url), { workerData: shared });
  await new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve());
    worker.once('error', reject);
  });
  return {
    ask(question) {
      Atomics.store(state, 0, 0);
      worker.postMessage(OPTIONS + question);
      Atomics.wait(state, 0, 0);
      return new TextDecoder().decode(answer.slice(0, Atomics.load(state, 1)));
    },
    async close() {
      await worker.terminate();
    },
  };
}
