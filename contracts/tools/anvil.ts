/** A throw-away chain for tests: anvil from npm on a free port, one block a transaction, gas for nothing. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { binaryPath } from './forge.ts';

export interface TestChain {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * @param chainId part of every EIP-712 domain
 * @param blockSeconds time between blocks; without it every transaction gets one at once
 * @returns once the chain answers
 */
export async function startAnvil(chainId: number, blockSeconds?: number): Promise<TestChain> {
  const args = ['--port', '0', '--chain-id', String(chainId), '--hardfork', 'osaka', '--accounts', '1'];
  const free = ['--block-base-fee-per-gas', '0', '--gas-price', '0', '--disable-min-priority-fee'];
  const blocks = blockSeconds ? ['--block-time', String(blockSeconds)] : [];
  const child = spawn(binaryPath('anvil'), [...args, ...free, ...blocks, '--gas-limit', '30000000'], {
    cwd: path.sep,
  });
  const stopped = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const found = /Listening on ([\d.:]+)/.exec(text);
      if (found) resolve(`http://${found[1]}`);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`anvil ended with ${code}: ${text.slice(-500)}`)));
  });
  return {
    url,
    async stop() {
      child.kill();
      await stopped;
    },
  };
}
