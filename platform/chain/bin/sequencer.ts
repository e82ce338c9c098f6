/**
 * The embedded chain as a process of its own: `sequencer.ts '{"folder", "chainId", "port", "funded", "clockOffset"}'`.
 * Prints one JSON line when it is ready, one for every event after that; stops on SIGTERM with a snapshot.
 */
import { AppError } from '@zhenmei/kernel';
import { Sequencer } from '../sequencer/sequencer.ts';
import { adminToken, serve } from '../sequencer/serve.ts';
import type { SequencerConfig } from '../supervise.ts';

const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
// nobody listens any more: the end of standard input says so too, and what is under way is finished first
process.stdout.on('error', () => undefined);
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
  const { code, params } = named(error);
  say({ ready: false, code, params });
  process.exit(1);
}

function named(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code)
    ? new AppError('CHAIN_JOURNAL_WRITE', { reason: code })
    : new AppError('CHAIN_ENGINE_FAILED', { reason: message ?? String(error) });
}
