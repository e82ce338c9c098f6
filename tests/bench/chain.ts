/** The embedded chain: transactions through the journal, and how long a restart takes as it grows. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startEngine } from '@zhenmei/chain/sequencer/engine.ts';
import { Sequencer } from '@zhenmei/chain/sequencer/sequencer.ts';
import { privateKeyToAccount } from 'viem/accounts';

export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly floor?: { readonly name: string; readonly value: number };
}

const CHAIN = 4_800_499;
const account = privateKeyToAccount(`0x${'33'.repeat(32)}`);
const tx = (nonce: number) => account.signTransaction({ chainId: CHAIN, nonce, to: `0x${'22'.repeat(20)}`, gas: 30_000n, gasPrice: 0n, data: `0x${nonce.toString(16).padStart(8, '0')}`, type: 'legacy' });

export async function run(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'zm-bench-chain-'));
  try {
    let sequencer = await Sequencer.open({ folder, chainId: CHAIN });
    let nonce = 0;
    for (const blocks of [100, 1_000, 10_000]) {
      while (sequencer.block < blocks) {
        if (sequencer.block % 10 === 0) await sequencer.submit(await tx(nonce++));
        else await sequencer.tick();
      }
      await sequencer.kill();
      const began = performance.now();
      sequencer = await Sequencer.open({ folder, chainId: CHAIN });
      rows.push({ name: `restart after kill at ${blocks} blocks`, value: Math.round(performance.now() - began), unit: 'ms' });
    }
    const raws = await Promise.all(Array.from({ length: 500 }, (_, i) => tx(nonce + i)));
    const began = performance.now();
    await Promise.all(raws.map((raw) => sequencer.submit(raw)));
    const ours = 500 / ((performance.now() - began) / 1000);
    await sequencer.kill();
    rows.push({ name: 'transactions through journal and fsync, 500 at once', value: Math.round(ours), unit: 'tx/s', floor: { name: 'bare anvil, no journal', value: await bare() } });
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  return rows;
}

/** The floor: the same engine without a journal. */
async function bare(): Promise<number> {
  const engine = await startEngine({ chainId: CHAIN, genesisTime: 1_700_000_000 });
  const raws = await Promise.all(Array.from({ length: 500 }, (_, i) => tx(i)));
  const began = performance.now();
  await Promise.all(raws.map((raw) => engine.rpc('eth_sendRawTransaction', [raw])));
  await engine.rpc('evm_mine');
  const rate = 500 / ((performance.now() - began) / 1000);
  await engine.stop();
  return Math.round(rate);
}
