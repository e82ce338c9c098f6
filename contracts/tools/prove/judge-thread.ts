/** A thread that judges claims one after another; see prove.ts. */
import { parentPort } from 'node:worker_threads';
import type { Claim } from './claims.ts';
import { judge } from './judge.ts';
import { startSolver } from './solver.ts';

const solver = await startSolver();
parentPort!.on('message', (claim: Claim | null) => {
  if (claim === null) {
    void solver.close().then(() => parentPort!.close());
    return;
  }
  const started = Date.now();
  try {
    const verdict = judge(claim, claim.source, solver.ask);
    // a claim about what can never happen is true and says nothing
    const empty = verdict === 'proved' && judge(claim, claim.empty, solver.ask) !== 'failed';
    parentPort!.postMessage({ name: claim.name, verdict, empty, ms: Date.now() - started });
  } catch (error) {
    parentPort!.postMessage({ name: claim.name, error: String(error) });
  }
});
parentPort!.postMessage('ready');
