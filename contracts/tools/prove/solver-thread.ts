/** The thread that z3 lives in; see solver.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import { init } from 'z3-solver';

const { Z3 } = await init();
const state = new Int32Array(workerData as SharedArrayBuffer, 0, 2);
const place = new Uint8Array(workerData as SharedArrayBuffer, 8);

async function answer(question: string): Promise<string> {
  const config = Z3.mk_config();
  const context = Z3.mk_context(config);
  Z3.del_config(config);
  try {
    return await Z3.eval_smtlib2_string(context, question);
  } catch (error) {
    return `unknown (${String(error)})`;
  } finally {
    Z3.del_context(context);
  }
}

function reply(said: string): void {
  const text = new TextEncoder().encode(said).subarray(0, place.length);
  place.set(text);
  Atomics.store(state, 1, text.length);
  Atomics.store(state, 0, 1);
  Atomics.notify(state, 0);
}

parentPort!.on('message', (question: string) => void answer(question).then(reply));
parentPort!.postMessage('ready');
