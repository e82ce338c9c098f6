import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { AppError, Hex } from '@zhenmei/kernel';
import { privateKeyToAccount } from 'viem/accounts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type EmbeddedChain, startEmbeddedChain } from '../supervise.ts';
import { Sequencer } from './sequencer.ts';

const CHAIN = 4_800_481;
const account = privateKeyToAccount(`0x${'11'.repeat(32)}`);
const folders: string[] = [];
const open: { kill(): Promise<void> }[] = [];

const folder = () => {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'zm-chain-'));
  folders.push(made);
  return made;
};
const start = async (where: string, snapshotEvery = 150) => {
  const sequencer = await Sequencer.open({ folder: where, chainId: CHAIN, snapshotEvery });
  open.push(sequencer);
  return sequencer;
};
const tx = (nonce: number) =>
  account.signTransaction({
    chainId: CHAIN,
    nonce,
    to: `0x${'22'.repeat(20)}`,
    value: 0n,
    gas: 30_000n,
    gasPrice: 0n,
    data: `0x${nonce.toString(16).padStart(8, '0')}`,
    type: 'legacy',
  });
const rpc = async <T>(
  target: { pass(body: string): Promise<string> },
  method: string,
  params: unknown[] = [],
) =>
  (JSON.parse(await target.pass(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))) as { result: T })
    .result;
const headOf = async (s: Sequencer) =>
  (await rpc<{ hash: Hex }>(s, 'eth_getBlockByNumber', ['latest', false])).hash;
const codeOf = async (p: Promise<unknown>) =>
  p.then(
    () => 'none',
    (e: AppError) => e.code ?? (e as Error).message,
  );

afterEach(async () => {
  for (const one of open.splice(0)) await one.kill().catch(() => undefined);
  for (const one of folders.splice(0)) fs.rmSync(one, { recursive: true, force: true });
});

describe('the sequencer', () => {
  it('acknowledges only what is on chain, several transactions a block', async () => {
    const s = await start(folder());
    const hashes = await Promise.all([tx(0), tx(1), tx(2)].map(async (raw) => s.submit(await raw)));
    for (const hash of hashes) expect(await rpc(s, 'eth_getTransactionReceipt', [hash])).not.toBeNull();
    expect(s.block).toBeLessThanOrEqual(3);
    expect(await s.submit(await tx(1))).toBe(hashes[1]);
  });

  it('loses nothing and gives the same hash after a crash, from the journal and from a snapshot', async () => {
    const where = folder();
    const first = await start(where, 10);
    for (let n = 0; n < 27; n++) await first.submit(await tx(n));
    const head = await headOf(first);
    await first.kill();
    const second = await start(where, 10);
    expect(await headOf(second)).toBe(head);
    expect(second.block).toBe(27);
    await second.kill();
    for (const name of fs.readdirSync(where))
      if (name.startsWith('snapshot-')) fs.rmSync(path.join(where, name));
    const third = await start(where, 10);
    expect(await headOf(third)).toBe(head);
  });

  it('rebuilds itself when the engine is killed in the middle', async () => {
    const s = await start(folder());
    await s.submit(await tx(0));
    process.kill(s.enginePid!, 'SIGKILL');
    const hash = await s.submit(await tx(1));
    expect(await rpc(s, 'eth_getTransactionReceipt', [hash])).not.toBeNull();
    expect(s.block).toBe(2);
  });

  it('cuts off a torn last line and refuses any other damage', async () => {
    const where = folder();
    const first = await start(where);
    for (let n = 0; n < 3; n++) await first.submit(await tx(n));
    await first.kill();
    const file = path.join(where, 'journal-1.log');
    const whole = fs.readFileSync(file);
    fs.writeFileSync(file, Buffer.concat([whole, Buffer.from('0123456789abcdef {"n":4,"t')]));
    const second = await start(where);
    expect(second.block).toBe(3);
    await second.kill();
    const bytes = fs.readFileSync(file);
    bytes[40]! ^= 1;
    fs.writeFileSync(file, bytes);
    expect(await codeOf(start(where))).toBe('CHAIN_JOURNAL_DAMAGED');
  });

  it('refuses a journal whose replay gives another hash', async () => {
    const where = folder();
    const first = await start(where);
    await first.submit(await tx(0));
    await first.kill();
    const genesis = path.join(where, 'genesis.json');
    const known = JSON.parse(fs.readFileSync(genesis, 'utf8')) as { genesisTime: number };
    fs.writeFileSync(genesis, JSON.stringify({ ...known, genesisTime: known.genesisTime - 5 }));
    expect(await codeOf(start(where))).toBe('CHAIN_REPLAY_MISMATCH');
  });

  it('passes over a damaged snapshot', async () => {
    const where = folder();
    const first = await start(where, 2);
    for (let n = 0; n < 5; n++) await first.submit(await tx(n));
    const head = await headOf(first);
    await first.kill();
    for (const name of fs.readdirSync(where))
      if (name.startsWith('snapshot-')) fs.truncateSync(path.join(where, name), 100);
    expect(await headOf(await start(where, 2))).toBe(head);
  });

  it('refuses a second start, another chain id, a nonce gap and a replay of another transaction', async () => {
    const where = folder();
    const s = await start(where);
    const child = startEmbeddedChain({ folder: where, chainId: CHAIN });
    expect(await codeOf(child)).toBe('CHAIN_FOLDER_IN_USE');
    expect(await codeOf(tx(5).then((raw) => s.submit(raw)))).toBe(-32000);
    await s.kill();
    expect(await codeOf(Sequencer.open({ folder: where, chainId: CHAIN + 1 }))).toBe('CHAIN_ID_WRONG');
  });

  it('does not acknowledge what the block could not execute, and does not let it come back later', async () => {
    const where = folder();
    const s = await Sequencer.open({ folder: where, chainId: CHAIN, funded: { [account.address]: 100n } });
    open.push(s);
    const pay = (nonce: number, value: bigint) =>
      account.signTransaction({
        chainId: CHAIN,
        nonce,
        to: `0x${'22'.repeat(20)}`,
        value,
        gas: 21_000n,
        gasPrice: 0n,
        type: 'legacy',
      });
    const both = await Promise.allSettled([pay(0, 80n), pay(1, 80n)].map(async (raw) => s.submit(await raw)));
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    const second = await pay(1, 20n);
    await s.submit(second);
    expect(await codeOf(pay(2, 1n).then((raw) => s.submit(raw)))).toBe(-32003);
    const [block, head] = [s.block, await headOf(s)];
    await s.kill();
    const again = await start(where);
    expect([again.block, await headOf(again)]).toEqual([block, head]);
    expect(await rpc(again, 'eth_getBalance', [`0x${'22'.repeat(20)}`, 'latest'])).toBe('0x64');
  });

  it('takes the same bytes twice at once, transactions out of order, and mines no block for a repetition', async () => {
    const s = await start(folder());
    const [zero, one, two] = [await tx(0), await tx(1), await tx(2)];
    const early = [s.submit(two), s.submit(one)];
    await s.tick();
    const hashes = await Promise.all([s.submit(zero), s.submit(zero), ...early]);
    expect(hashes[0]).toBe(hashes[1]);
    expect(new Set(hashes).size).toBe(3);
    const block = s.block;
    expect(await s.submit(two)).toBe(hashes[2]);
    expect(s.block).toBe(block);
  });

  it('mines one block for each of many ticks at most, never two at once', async () => {
    const s = await start(folder());
    await Promise.all(
      Array.from({ length: 20 }, async (_, i) => (i % 2 ? s.tick() : s.submit(await tx(i / 2)))),
    );
    expect(s.block).toBeGreaterThan(0);
    expect(s.block).toBeLessThanOrEqual(20);
  });

  it('refuses what is no transaction of this chain', async () => {
    const s = await start(folder());
    const to = account.address;
    const common = { nonce: 0, to, gas: 21_000n } as const;
    const cases: Promise<Hex>[] = [
      account.signTransaction({ ...common, gasPrice: 0n, type: 'legacy' }),
      account.signTransaction({
        ...common,
        chainId: CHAIN + 1,
        maxFeePerGas: 0n,
        maxPriorityFeePerGas: 0n,
        type: 'eip1559',
      }),
      account.signTransaction({ ...common, chainId: CHAIN, gasPrice: 0n, gas: 100_000_001n, type: 'legacy' }),
      account.signTransaction({ ...common, chainId: CHAIN, gasPrice: 0n, gas: 20_999n, type: 'legacy' }),
      account.signTransaction({
        ...common,
        chainId: CHAIN,
        maxFeePerGas: 0n,
        maxPriorityFeePerGas: 0n,
        maxFeePerBlobGas: 1n,
        blobVersionedHashes: [`0x01${'00'.repeat(31)}`],
        type: 'eip4844',
      }),
      Promise.resolve(`0x${'00'.repeat(200_001)}` as Hex),
    ];
    for (const [i, raw] of cases.entries())
      expect(await codeOf(raw.then((r) => s.submit(r))), `${i}`).toBeLessThan(0);
    expect(await codeOf(s.submit('0x02ff'))).toBe(-32602);
    await s.kill();
    expect(await codeOf(tx(0).then((raw) => s.submit(raw)))).toBe('CHAIN_UNAVAILABLE');
    expect(await codeOf(s.tick())).toBe('CHAIN_UNAVAILABLE');
  });

  it('writes a snapshot on a clean stop and starts from it without the journal of before', async () => {
    const where = folder();
    const first = await start(where);
    for (let n = 0; n < 3; n++) await first.submit(await tx(n));
    const head = await headOf(first);
    await first.close();
    expect(fs.readdirSync(where).sort()).toEqual([
      'genesis.json',
      'journal-1.log',
      'journal-4.log',
      'snapshot-3.json',
    ]);
    fs.writeFileSync(path.join(where, 'journal-1.log'), 'nobody reads this');
    const second = await start(where);
    expect(await headOf(second)).toBe(head);
    expect(await rpc(second, 'eth_getTransactionReceipt', [await second.submit(await tx(2))])).not.toBeNull();
  });

  it('writes a snapshot before a start would take long, however few the blocks are', async () => {
    const where = folder();
    const snapshots = () => fs.readdirSync(where).filter((name) => name.startsWith('snapshot-'));
    const s = await start(where);
    for (let n = 0; n < 3; n++) await s.submit(await tx(n));
    expect(snapshots()).toEqual([]);
    // a machine on which every look at the clock is a second later than the one before
    let now = performance.now();
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 1_000));
    try {
      for (let n = 3; n < 6; n++) await s.submit(await tx(n));
    } finally {
      vi.restoreAllMocks();
    }
    expect(snapshots().length).toBeGreaterThan(0);
  });

  it('moves its clock forward only', async () => {
    const s = await start(folder());
    s.setClockOffset(86_400);
    await s.tick();
    const late = Number(
      (await rpc<{ timestamp: Hex }>(s, 'eth_getBlockByNumber', ['latest', false])).timestamp,
    );
    s.setClockOffset(0);
    await s.tick();
    const later = Number(
      (await rpc<{ timestamp: Hex }>(s, 'eth_getBlockByNumber', ['latest', false])).timestamp,
    );
    expect(late).toBeGreaterThan(Date.now() / 1000 + 86_000);
    expect(later).toBeGreaterThanOrEqual(late);
  });
});

describe('the process and its door', () => {
  let chain: EmbeddedChain | null = null;
  afterEach(async () => {
    await chain?.stop();
    chain = null;
  });
  const call = async (method: string, params: unknown[] = []) =>
    (await (
      await fetch(chain!.url, {
        method: 'POST',
        body: JSON.stringify({ jsonrpc: '2.0', id: 7, method, params }),
      })
    ).json()) as { result?: unknown; error?: { code: number } };

  it('reads and sends, and refuses to be administered', async () => {
    chain = await startEmbeddedChain({ folder: folder(), chainId: CHAIN });
    expect((await call('eth_chainId')).result).toBe(`0x${CHAIN.toString(16)}`);
    expect((await call('eth_sendRawTransaction', [await tx(0)])).result).toMatch(/^0x/);
    for (const method of [
      'anvil_setBalance',
      'evm_mine',
      'anvil_dumpState',
      'hardhat_reset',
      'debug_traceTransaction',
      'eth_sendTransaction',
      'personal_sign',
      'anvil_reorg',
    ])
      expect((await call(method)).error?.code, method).toBe(-32601);
    expect((await fetch(`${chain.url}/admin/time`, { method: 'POST', body: '{"offset":1}' })).status).toBe(
      403,
    );
    await chain.setClockOffset(1000);
  });

  it('comes back after kill -9 of the sequencer or of the engine, with everything acknowledged', async () => {
    chain = await startEmbeddedChain({ folder: folder(), chainId: CHAIN, snapshotEvery: 7 });
    const sent: Hex[] = [];
    for (let n = 0; n < 24; n++) {
      if (n % 6 === 3) process.kill(n % 12 === 3 ? chain.pids.sequencer! : chain.pids.engine!, 'SIGKILL');
      const raw = await tx(n);
      await expect
        .poll(
          async () => {
            const reply = await call('eth_sendRawTransaction', [raw]).catch(() => null);
            return typeof reply?.result === 'string' ? sent.push(reply.result as Hex) : 0;
          },
          { interval: 50 },
        )
        .toBeGreaterThan(0);
    }
    for (const hash of sent) expect((await call('eth_getTransactionReceipt', [hash])).result).not.toBeNull();
  });
});
