import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { AppError, Hex } from '@zhenmei/kernel';
import { privateKeyToAccount } from 'viem/accounts';
import { afterEach, expect, it } from 'vitest';
import { type EmbeddedChain, startEmbeddedChain } from './supervise.ts';

const CHAIN = 4_800_485;
const account = privateKeyToAccount(`0x${'66'.repeat(32)}`);
const folders: string[] = [];
const chains: EmbeddedChain[] = [];
const folder = () => {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'zm-supervise-'));
  folders.push(made);
  return made;
};
const start = async (options: Partial<Parameters<typeof startEmbeddedChain>[0]> = {}) => {
  const chain = await startEmbeddedChain({ folder: folder(), chainId: CHAIN, ...options });
  chains.push(chain);
  return chain;
};
const call = async (url: string, method: string, params: unknown[] = []) =>
  (await (
    await fetch(url, { method: 'POST', body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }) })
  ).json()) as { result?: Hex; error?: { message: string } };
const signed = (nonce: number, bytes = 4) =>
  account.signTransaction({
    chainId: CHAIN,
    nonce,
    to: account.address,
    gas: 1_000_000n,
    gasPrice: 0n,
    data: `0x${'11'.repeat(bytes)}`,
    type: 'legacy',
  });
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: AppError) => error,
  );
const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

afterEach(async () => {
  for (const chain of chains.splice(0)) await chain.stop();
  for (const one of folders.splice(0)) fs.rmSync(one, { recursive: true, force: true });
});

it('funds accounts at the beginning, tells of new blocks, moves the clock', async () => {
  const chain = await start({ funded: { [account.address]: 10n ** 18n }, clockOffset: 1_000 });
  expect((await call(chain.url, 'eth_getBalance', [account.address, 'latest'])).result).toBe(
    '0xde0b6b3a7640000',
  );
  const next = chain.waitForBlock(0);
  await chain.setClockOffset(86_400);
  expect(await next).toBe(1);
  const { block, time } = (await (await fetch(`${chain.url}/health`)).json()) as {
    block: number;
    time: number;
  };
  expect(block).toBe(1);
  expect(time).toBeGreaterThan(Date.now() / 1000 + 86_000);
});

it('refuses a taken port and a folder in use by name', async () => {
  const taken = http.createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  expect(await refusal(start({ port }))).toMatchObject({ code: 'CHAIN_PORT_TAKEN', params: { port } });
  taken.close();
  const where = folder();
  const chain = await start({ folder: where });
  expect(await refusal(start({ folder: where }))).toMatchObject({
    code: 'CHAIN_FOLDER_IN_USE',
    params: { pid: chain.pids.sequencer },
  });
});

it('says that a chain that was stopped is not available', async () => {
  const chain = await start();
  const waiting = refusal(chain.waitForBlock(5));
  await chain.stop();
  expect((await waiting)?.code).toBe('CHAIN_UNAVAILABLE');
  expect((await refusal(chain.waitForBlock(0)))?.code).toBe('CHAIN_UNAVAILABLE');
  expect((await refusal(chain.setClockOffset(60)))?.code).toBe('CHAIN_UNAVAILABLE');
});

/** A sequencer without a supervisor, and every line it said. */
function sequencer(where: string, limit = '') {
  const script = fileURLToPath(new URL('./bin/sequencer.ts', import.meta.url));
  const config = JSON.stringify({ folder: where, chainId: CHAIN, port: 0, funded: {}, clockOffset: 0 });
  const child = spawn('/bin/sh', ['-c', `${limit}exec "$0" "$@"`, process.execPath, script, config], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const said: { event?: string; ready?: boolean; url?: string; code?: string }[] = [];
  createInterface({ input: child.stdout! }).on('line', (line) => void said.push(JSON.parse(line) as never));
  return { child, said };
}

it.skipIf(process.platform === 'win32')('waits for the ledger of a killed server to finish', async () => {
  const where = folder();
  const left = sequencer(where);
  await expect.poll(() => left.said.some(({ ready }) => ready)).toBe(true);
  const holder = fs.readFileSync(path.join(where, 'lock'), 'utf8');
  const messages: string[] = [];
  const starting = start({ folder: where, log: (message) => void messages.push(message) });
  await expect
    .poll(() => messages)
    .toContain('another process still holds the ledger folder; waiting for it to end');
  left.child.stdin!.end();
  const chain = await starting;
  expect(fs.readFileSync(path.join(where, 'lock'), 'utf8')).not.toBe(holder);
  expect((await call(chain.url, 'eth_chainId')).result).toBe(`0x${CHAIN.toString(16)}`);
});

it('stays on its port when the sequencer is killed, and leaves no engine behind', async () => {
  const messages: string[] = [];
  const chain = await start({ log: (message) => void messages.push(message) });
  const { sequencer, engine } = chain.pids;
  process.kill(sequencer!, 'SIGKILL');
  await expect.poll(() => alive(engine!)).toBe(false);
  await expect
    .poll(() => call(chain.url, 'eth_chainId').catch(() => null))
    .toMatchObject({
      result: `0x${CHAIN.toString(16)}`,
    });
  expect(chain.pids.sequencer).not.toBe(sequencer);
  expect(messages).toContain('the embedded chain stopped; starting it again');
  const now = { ...chain.pids };
  await chain.stop();
  expect([alive(now.sequencer!), alive(now.engine!)]).toEqual([false, false]);
});

it('builds a killed engine again without being asked', async () => {
  const events: unknown[] = [];
  const chain = await start({ log: (_, detail) => void events.push(detail?.event) });
  const before = chain.pids.engine!;
  process.kill(before, 'SIGKILL');
  await expect.poll(() => chain.pids.engine).not.toBe(before);
  expect(events).toContain('engine-lost');
});

it('stops when its parent is gone', async () => {
  const where = folder();
  const script = fileURLToPath(new URL('./supervise.ts', import.meta.url));
  const code = `import(${JSON.stringify(script)}).then(async ({ startEmbeddedChain }) => {
    const chain = await startEmbeddedChain({ folder: ${JSON.stringify(where)}, chainId: ${CHAIN} });
    console.log(JSON.stringify(chain.pids));
  });`;
  const parent = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: parent.stdout! }), 'line')) as [string];
  const pids = JSON.parse(line) as { sequencer: number; engine: number };
  parent.kill('SIGKILL');
  await expect.poll(() => [alive(pids.sequencer), alive(pids.engine)]).toEqual([false, false]);
});

it.skipIf(process.platform === 'win32')('names a full disk at the start', async () => {
  const { child, said } = sequencer(folder(), 'ulimit -f 0; ');
  await once(child, 'exit');
  expect(said).toContainEqual({ ready: false, code: 'CHAIN_JOURNAL_WRITE', params: { reason: 'EFBIG' } });
});

it.skipIf(process.platform === 'win32')(
  'accepts nothing when the disk is full, says so, and loses nothing',
  async () => {
    const where = folder();
    // no file may grow beyond 64 blocks of 512 or 1024 bytes: to the program this is a full disk
    const { child, said } = sequencer(where, 'ulimit -f 64; ');
    try {
      await expect.poll(() => said.find(({ ready }) => ready)?.url).toBeTruthy();
      const url = said.find(({ ready }) => ready)!.url!;
      const acknowledged: Hex[] = [];
      let message = '';
      for (let n = 0; n < 100 && !message; n++) {
        const reply = await call(url, 'eth_sendRawTransaction', [await signed(n, 4_000)]);
        if (reply.result) acknowledged.push(reply.result);
        else message = reply.error!.message;
      }
      expect(message).toBe('CHAIN_JOURNAL_WRITE');
      expect(acknowledged.length).toBeGreaterThan(2);
      expect((await call(url, 'eth_getTransactionReceipt', [acknowledged[0]])).result).not.toBeNull();
      const health = await fetch(`${url}/health`);
      expect([health.status, await health.json()]).toMatchObject([503, { failing: 'CHAIN_JOURNAL_WRITE' }]);
      expect(said).toContainEqual({ event: 'journal-failed', reason: 'EFBIG' });
      child.kill('SIGKILL');
      await once(child, 'exit');
      const again = await start({ folder: where });
      for (const hash of acknowledged)
        expect((await call(again.url, 'eth_getTransactionReceipt', [hash])).result).not.toBeNull();
      expect(
        (await call(again.url, 'eth_sendRawTransaction', [await signed(acknowledged.length)])).result,
      ).toBeTruthy();
    } finally {
      child.kill('SIGKILL');
    }
  },
);
