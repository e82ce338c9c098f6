/**
 * The embedded chain: transactions through the journal, how long a restart takes as it grows, events through the
 * indexer; each beside the same work on a bare engine.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  chainMigrations,
  connectChain,
  type EmbeddedChain,
  Indexer,
  startEmbeddedChain,
} from '@zhenmei/chain';
import { many, manyCode, notebookAbi } from '@zhenmei/chain/fixtures/notebook.ts';
import { rpc } from '@zhenmei/chain/fixtures/rpc.ts';
import { type TestChain, testChain } from '@zhenmei/chain/fixtures/test-chain.ts';
import { startEngine } from '@zhenmei/chain/sequencer/engine.ts';
import { Sequencer } from '@zhenmei/chain/sequencer/sequencer.ts';
import { createDatabase, type Database, migrate, startEmbeddedPostgres } from '@zhenmei/db';
import { privateKeyToAccount } from 'viem/accounts';

const SILENT = { info: () => undefined, warn: () => undefined };

export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly floor?: { readonly name: string; readonly value: number };
}

const CHAIN = 4_800_499;
const account = privateKeyToAccount(`0x${'33'.repeat(32)}`);
const tx = (nonce: number) =>
  account.signTransaction({
    chainId: CHAIN,
    nonce,
    to: `0x${'22'.repeat(20)}`,
    gas: 30_000n,
    gasPrice: 0n,
    data: `0x${nonce.toString(16).padStart(8, '0')}`,
    type: 'legacy',
  });
const since = (began: number) => Math.round(performance.now() - began);
const perSecond = (count: number, began: number) => Math.round(count / ((performance.now() - began) / 1000));

export async function run(): Promise<BenchRow[]> {
  return [...(await restarts()), ...(await transactions()), ...(await events())];
}

/** How long a start takes depends on how long ago the last snapshot was: so several kills, with some blocks between. */
const KILLS = 8;
const APART = 19;

/** Every block has one transaction. The floor is a bare engine that starts empty. */
async function restarts(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const began = performance.now();
  await (await startEngine({ chainId: CHAIN, genesisTime: 1_700_000_000 })).stop();
  const floor = { name: 'empty anvil, nothing to restore', value: since(began) };
  await inFolder(async (folder) => {
    const chain = await startEmbeddedChain({ folder, chainId: CHAIN });
    try {
      let block = 0;
      for (const blocks of [100, 1_000, 10_000]) {
        let longest = 0;
        for (let kill = 0; kill < KILLS; kill++) {
          for (; block < blocks + kill * APART; block++)
            await rpc(chain.url, 'eth_sendRawTransaction', [await tx(block)]);
          longest = Math.max(longest, await killed(chain, block));
        }
        rows.push({
          name: `kill -9 at ${blocks} blocks, until it answers again: longest of ${KILLS}`,
          value: longest,
          unit: 'ms',
          floor,
        });
      }
    } finally {
      await chain.stop();
    }
  });
  return rows;
}

/** @returns milliseconds until the new process has every block; whoever asks before is refused the connection */
async function killed(chain: EmbeddedChain, blocks: number): Promise<number> {
  process.kill(chain.pids.sequencer!, 'SIGKILL');
  const began = performance.now();
  for (;;) {
    const head = await rpc(chain.url, 'eth_blockNumber').catch(() => null);
    if (head !== null && Number(head) >= blocks) return since(began);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function transactions(): Promise<BenchRow[]> {
  const raws = await Promise.all(Array.from({ length: 500 }, (_, i) => tx(i)));
  const bare = await startEngine({ chainId: CHAIN, genesisTime: 1_700_000_000 });
  let began = performance.now();
  for (const raw of raws) await bare.rpc('eth_sendRawTransaction', [raw]);
  await bare.rpc('evm_mine');
  const together = perSecond(raws.length, began);
  await bare.stop();

  const single = await startEngine({ chainId: CHAIN, genesisTime: 1_700_000_000 });
  began = performance.now();
  for (const raw of raws.slice(0, 200)) {
    await single.rpc('eth_sendRawTransaction', [raw]);
    await single.rpc('evm_mine');
  }
  const alone = Math.round((performance.now() - began) / 200);
  await single.stop();

  return inFolder(async (folder) => {
    const sequencer = await Sequencer.open({ folder, chainId: CHAIN });
    let start = performance.now();
    for (const raw of raws.slice(0, 200)) await sequencer.submit(raw);
    const each = Math.round((performance.now() - start) / 200);
    start = performance.now();
    await Promise.all(raws.slice(200).map((raw) => sequencer.submit(raw)));
    const rate = perSecond(300, start);
    await sequencer.kill();
    const bareFloor = (value: number) => ({ name: 'bare anvil, no journal', value });
    return [
      {
        name: 'transactions through journal and fsync, 300 at once',
        value: rate,
        unit: 'tx/s',
        floor: bareFloor(together),
      },
      { name: 'one transaction, acknowledged', value: each, unit: 'ms', floor: bareFloor(alone) },
    ];
  });
}

/** 50,000 events in 100 blocks. The floor only fetches the logs. */
const events = (): Promise<BenchRow[]> =>
  inFolder(async (folder) => {
    fs.chmodSync(folder, 0o711);
    const server = await startEmbeddedPostgres({ dataDir: folder, log: SILENT });
    const database = await createDatabase(server.url, { max: 4 });
    try {
      await migrate(database.db, [chainMigrations]);
      return await eventsInto(database);
    } finally {
      await database.close();
      await server.stop();
    }
  });

async function eventsInto(database: Database): Promise<BenchRow[]> {
  let node: TestChain | null = null;
  try {
    node = await testChain(CHAIN);
    const contract = await node.deploy(manyCode);
    for (let i = 0; i < 100; i++) await node.mine([await node.sign(contract, many(500), 3_000_000n)]);
    const chain = await connectChain(node);
    let began = performance.now();
    let count = 0;
    for (let from = 1; from <= 101; from += 10)
      count += (await chain.logs(from, from + 9, [contract])).length;
    const floor = { name: 'fetching the logs only', value: perSecond(count, began) };
    const indexer = new Indexer({
      db: database.db,
      chain,
      contracts: { Crowd: { address: contract, abi: notebookAbi } },
      projections: [],
    });
    began = performance.now();
    await indexer.catchUp();
    return [{ name: 'events into the database', value: perSecond(count, began), unit: 'events/s', floor }];
  } finally {
    await node?.stop();
  }
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'zm-bench-chain-'));
  try {
    return await work(folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
