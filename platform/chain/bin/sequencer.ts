/** The embedded chain as a process of its own. Prints one JSON line when it is ready, stops on SIGTERM with a snapshot. */
import { AppError } from '@zhenmei/kernel';
import { serveProxy } from '../sequencer/proxy.ts';
import { Sequencer } from '../sequencer/sequencer.ts';

const options = JSON.parse(process.argv[2] ?? '{}') as {
  folder: string;
  chainId: number;
  port: number;
  clockOffset: number;
  snapshotEvery?: number;
};
const adminToken = process.env.ZHENMEI_CHAIN_ADMIN ?? '';

try {
  const sequencer = await Sequencer.open(options);
  const { server, url } = await serveProxy(sequencer, { port: options.port, adminToken });
  process.stdout.write(
    `${JSON.stringify({ ready: true, url, block: sequencer.block, engine: sequencer.enginePid })}\n`,
  );
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
  const code =
    error instanceof AppError
      ? error.code
      : (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
        ? 'CHAIN_PORT_TAKEN'
        : 'UNEXPECTED';
  const params =
    error instanceof AppError ? error.params : { reason: String((error as Error)?.message ?? error) };
  process.stdout.write(`${JSON.stringify({ ready: false, code, params })}\n`);
  process.exit(1);
}
