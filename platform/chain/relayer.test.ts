import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import type http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { type TestDatabase, testDatabase } from '@zhenmei/db/testing.ts';
import { AppError, type Hex } from '@zhenmei/kernel';
import { getContractAddress } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ChainReader, connectChain } from './client.ts';
import { notebookAbi, notebookCode, put, REFUSED } from './fixtures/notebook.ts';
import { Relayer } from './relayer.ts';
import { type ChainDatabase, chainMigrations } from './schema.ts';
import { Sequencer } from './sequencer/sequencer.ts';
import { serve } from './sequencer/serve.ts';

const CHAIN = 4_800_487;
let database: TestDatabase;
let folder: string;
let sequencer: Sequencer;
let server: http.Server;
let port = 0;
let chain: ChainReader;
let account: ReturnType<typeof privateKeyToAccount>;
let relayer: Relayer;
let contract: Hex;

const up = async () => {
  sequencer = await Sequencer.open({ folder, chainId: CHAIN });
  const served = await serve(sequencer, { port, token: 'x' });
  server = served.server;
  port = Number(new URL(served.url).port);
  return served.url;
};
const down = async () => {
  server.close();
  server.closeAllConnections();
  await sequencer.kill();
};
const rows = () =>
  database.as<ChainDatabase>().selectFrom('chain.outgoing').selectAll().orderBy('nonce').execute();
const enqueue = (key: string, data: Hex, by = relayer) =>
  database.db.transaction().execute((tx) => by.enqueue(tx, { key, to: contract, data }));
const values = async () => {
  const logs = await chain.viem.getContractEvents({ abi: notebookAbi, address: contract, fromBlock: 0n });
  return logs.map(({ args }) => Number(args.value));
};
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: AppError) => error,
  );
const another = () => new Relayer(database.db, chain, account);

beforeAll(async () => {
  database = await testDatabase([chainMigrations]);
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.pool.query('truncate chain.outgoing, chain.signer');
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'zm-relayer-'));
  port = 0;
  chain = await connectChain({ url: await up(), chainId: CHAIN });
  account = privateKeyToAccount(`0x${randomBytes(32).toString('hex')}`);
  relayer = another();
  contract = getContractAddress({ from: account.address, nonce: 0n });
  await relayer.send({ key: 'deploy', to: null, data: notebookCode });
});
afterEach(async () => {
  await down();
  fs.rmSync(folder, { recursive: true, force: true });
});

describe('once and only once', () => {
  it('sends a key once, however often and from wherever it is asked', async () => {
    const [a, b] = [another(), another()];
    await Promise.all([a, b, a, b, a].map((by) => enqueue('one', put(1, 11), by)));
    const ends = await Promise.all([
      a.settled('one'),
      b.settled('one'),
      a.send({ key: 'one', to: contract, data: put(2, 22) }),
    ]);
    expect(new Set(ends.map(({ hash }) => hash)).size).toBe(1);
    expect(await values()).toEqual([11]);
  });

  it('takes the nonce with the caller’s transaction, and gives it back with it', async () => {
    const failing = database.db.transaction().execute(async (tx) => {
      await relayer.enqueue(tx, { key: 'lost', to: contract, data: put(1, 1) });
      throw new Error('the caller failed');
    });
    await expect(failing).rejects.toThrow('the caller failed');
    await relayer.send({ key: 'kept', to: contract, data: put(1, 2) });
    expect((await rows()).map(({ key, nonce }) => [key, nonce])).toEqual([
      ['deploy', 0n],
      ['kept', 1n],
    ]);
  });

  it('sends what a process stored and did not live to send, in order', async () => {
    for (let n = 1; n <= 5; n++) await enqueue(`step/${n}`, put(n, n));
    expect(await relayer.pending()).toBe(5);
    expect(await values()).toEqual([]);
    const next = another();
    await Promise.all([next.flush(), relayer.flush()]);
    expect(await next.pending()).toBe(0);
    expect(await values()).toEqual([1, 2, 3, 4, 5]);
  });

  it('shares one line of nonces among several processes', async () => {
    const several = [another(), another(), another()];
    await Promise.all(Array.from({ length: 60 }, (_, i) => enqueue(`k/${i}`, put(1, i), several[i % 3])));
    await Promise.all(several.map((one) => one.flush()));
    await relayer.flush();
    expect((await rows()).map(({ nonce, state }) => [Number(nonce), state])).toEqual(
      Array.from({ length: 61 }, (_, i) => [i, 'mined']),
    );
    expect((await values()).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, i) => i));
  });
});

describe('when the chain says no', () => {
  it('names the contract’s reason, again whenever it is asked', async () => {
    const sent = relayer.send({ key: 'zero', to: contract, data: put(0, 1) });
    expect(await refusal(sent)).toMatchObject({ code: 'CHAIN_REVERTED', params: { reason: REFUSED } });
    expect((await refusal(relayer.settled('zero')))?.code).toBe('CHAIN_REVERTED');
    expect((await refusal(relayer.waitFor('zero')))?.code).toBe('CHAIN_REVERTED');
    expect([await relayer.failed('zero'), await relayer.failed('never')]).toEqual([true, false]);
  });

  it('says beforehand what would fail', async () => {
    expect(await refusal(relayer.simulate({ to: contract, data: put(0, 1) }))).toMatchObject({
      code: 'CHAIN_REVERTED',
      params: { reason: REFUSED },
    });
    expect(await refusal(relayer.simulate({ to: contract, data: put(1, 1) }))).toBe(null);
  });

  it('saves nothing of what fails when it is tried', async () => {
    expect(await refusal(relayer.attempt({ key: 'tried', to: contract, data: put(0, 1) }))).toMatchObject({
      code: 'CHAIN_REVERTED',
      params: { reason: REFUSED },
    });
    expect(await relayer.knows('tried')).toBe(false);
    await relayer.attempt({ key: 'tried', to: contract, data: put(1, 1) });
    expect(await values()).toEqual([1]);
  });

  it('finds what was sent before, or while it was tried, although it would fail now', async () => {
    const once = { key: 'once', to: contract, data: put(1, 1) };
    const fails = async () => {
      throw new AppError('CHAIN_REVERTED', { reason: REFUSED });
    };
    const meanwhile = await relayer.attempt(once, async () => {
      await another().send(once);
      await fails();
    });
    expect(await relayer.attempt(once, fails)).toEqual(meanwhile);
    expect(await values()).toEqual([1]);
  });

  it('does not let a transaction that can never be taken stand in the way of the next', async () => {
    const hopeless = { key: 'hopeless', to: contract, data: put(1, 1), gas: 100n };
    await database.db.transaction().execute((tx) => relayer.enqueue(tx, hopeless));
    await enqueue('next', put(2, 2));
    await relayer.flush();
    await relayer.flush();
    expect(await refusal(relayer.settled('hopeless'))).toMatchObject({
      code: 'CHAIN_REVERTED',
      params: { reason: expect.stringMatching(/intrinsic gas/) },
    });
    await relayer.waitFor('next');
    expect(await values()).toEqual([2]);
  });
});

describe('when the chain is away or stands behind', () => {
  it('keeps what it cannot send, and sends it when the chain is back', async () => {
    await down();
    const sent = await refusal(relayer.send({ key: 'later', to: contract, data: put(1, 5) }));
    expect(sent?.code).toBe('CHAIN_UNAVAILABLE');
    expect((await refusal(relayer.flush()))?.code).toBe('CHAIN_UNAVAILABLE');
    expect((await refusal(relayer.waitFor('later', 50)))?.code).toBe('CHAIN_UNAVAILABLE');
    // nobody can say what the contract would
    expect((await refusal(relayer.simulate({ to: contract, data: put(1, 6) })))?.code).toBe(
      'CHAIN_UNAVAILABLE',
    );
    const waiting = relayer.waitFor('later');
    await up();
    await waiting;
    expect(await values()).toEqual([5]);
  });

  it('knows nothing of a key that was never given', async () => {
    expect((await refusal(relayer.settled('never')))?.code).toBe('CHAIN_UNAVAILABLE');
  });

  it('sends the same bytes again to a chain that was restored from a backup', async () => {
    await relayer.send({ key: 'before', to: contract, data: put(1, 1) });
    await down();
    const backup = `${folder}.backup`;
    fs.cpSync(folder, backup, { recursive: true });
    await up();
    const sent = [];
    for (let n = 2; n <= 4; n++)
      sent.push(await relayer.send({ key: `after/${n}`, to: contract, data: put(n, n) }));
    await refusal(relayer.send({ key: 'zero', to: contract, data: put(0, 1) }));
    await down();
    fs.rmSync(folder, { recursive: true });
    fs.renameSync(backup, folder);
    await up();
    expect(await values()).toEqual([1]);
    await another().flush();
    expect(await values()).toEqual([1, 2, 3, 4]);
    for (const [i, { hash }] of sent.entries())
      expect((await relayer.settled(`after/${i + 2}`)).hash).toBe(hash);
    expect((await refusal(relayer.settled('zero')))?.code).toBe('CHAIN_REVERTED');
  });

  it('signs again what can never be mined because its nonce was used elsewhere', async () => {
    await enqueue('mine', put(1, 7));
    await enqueue('mine too', put(2, 8));
    const [, first] = await rows();
    const stranger = await account.signTransaction({
      chainId: CHAIN,
      nonce: Number(first!.nonce),
      to: contract,
      data: put(9, 9),
      gas: 100_000n,
      gasPrice: 0n,
      type: 'legacy',
    });
    await sequencer.submit(stranger);
    await relayer.waitFor('mine');
    await relayer.waitFor('mine too');
    expect(await values()).toEqual([9, 8, 7]);
    expect(await relayer.pending()).toBe(0);
    await relayer.send({ key: 'more', to: contract, data: put(3, 10) });
  });

  it('looks again at what ended at or above a fork', async () => {
    const { block } = await relayer.send({ key: 'one', to: contract, data: put(1, 1) });
    await relayer.recheck(block + 1);
    expect(await relayer.pending()).toBe(0);
    await relayer.recheck(block);
    expect(await relayer.pending()).toBe(1);
    expect((await relayer.settled('one')).block).toBe(block);
    expect(await values()).toEqual([1]);
  });
});

it('offers what the chain asks for gas', async () => {
  const dear: ChainReader = {
    ...chain,
    fees: async () => ({ maxFeePerGas: 12n, maxPriorityFeePerGas: 2n }),
  };
  await database.db
    .transaction()
    .execute((tx) =>
      new Relayer(database.db, dear, account).enqueue(tx, { key: 'dear', to: contract, data: '0x' }),
    );
  const { parseTransaction } = await import('viem');
  expect(parseTransaction((await rows()).at(-1)!.raw as never)).toMatchObject({
    maxFeePerGas: 12n,
    maxPriorityFeePerGas: 2n,
  });
});
