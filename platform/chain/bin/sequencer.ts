/**
 * The embedded chain as a process of its own: `sequencer.ts '{"folder", "chainId", "port", "funded", "clockOffset"}'`.
 * Prints one JSON line when it is ready, one for every event after that; stops on SIGTERM with a snapshot.
 */
import { AppError } from '@zhenmei/kernel';
import { Sequencer } from '../sequencer/sequencer.ts';
import { adminToken, serve } from '../sequencer/serve.ts';
import type { SequencerConfig } from '../supervise.ts';

const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
const config = JSON.parse(process.argv[2] ?? '{}') as SequencerConfig;

try {
  const sequencer = await Sequencer.open({
    ...config,
    report: (what) => {
      say(what);
      // a new process may do better, and its supervisor knows how long to wait between tries
      if (what.event === 'fatal') process.exit(1);
    },
  });
  const { server, url } = await serve(sequencer, { port: config.port, token: adminToken(config.folder) });
  say({ ready: true, url, block: sequencer.block, engine: sequencer.enginePid });
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    server.close();
    await sequencer.close();
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop());
  process.on('SIGINT', () => undefined);
  // the parent is gone: finish cleanly rather than stay as an orphan
  process.stdin.on('end', () => void stop());
  process.stdin.resume();
} catch (error) {
  const known = error instanceof AppError;
  say({
    ready: false,
    code: known ? error.code : 'CHAIN_ENGINE_FAILED',
    params: known ? error.params : { reason: String((error as Error)?.message ?? error) },
  });
  process.exit(1);
}
