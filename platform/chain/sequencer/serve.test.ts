import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Sequencer } from './sequencer.ts';
import { adminToken, serve } from './serve.ts';

const CHAIN = 4_800_484;
const account = privateKeyToAccount(`0x${'55'.repeat(32)}`);
let folder: string;
let sequencer: Sequencer;
let server: http.Server;
let url: string;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'zm-serve-'));
  sequencer = await Sequencer.open({ folder, chainId: CHAIN });
  ({ server, url } = await serve(sequencer, { port: 0, token: adminToken(folder) }));
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await sequencer.kill();
  fs.rmSync(folder, { recursive: true, force: true });
});

const post = (body: string, route = '/', headers: Record<string, string> = {}) =>
  fetch(`${url}${route}`, { method: 'POST', body, headers });
const rpc = async (body: unknown) => (await post(JSON.stringify(body))).json() as Promise<never>;
const chainId = { jsonrpc: '2.0', id: 'a', method: 'eth_chainId' };

describe('JSON-RPC', () => {
  it('answers a batch in order, each call by itself', async () => {
    const replies = await rpc([chainId, { ...chainId, id: 2, method: 'evm_mine' }, { ...chainId, id: 3 }, 5]);
    expect(replies).toMatchObject([
      { id: 'a', result: `0x${CHAIN.toString(16)}` },
      { id: 2, error: { code: -32601 } },
      { id: 3, result: `0x${CHAIN.toString(16)}` },
      { id: null, error: { code: -32600 } },
    ]);
  });

  it('keeps silent to notifications', async () => {
    const { method, jsonrpc } = chainId;
    const reply = await post(JSON.stringify({ method, jsonrpc }));
    expect([reply.status, await reply.text()]).toEqual([204, '']);
  });

  it.each([
    ['not JSON', '{', -32700],
    ['an empty batch', '[]', -32600],
    ['a batch of 101', JSON.stringify(Array(101).fill(chainId)), -32600],
    ['no method', '{"id":1}', -32600],
    ['nothing', 'null', -32600],
    ['a transaction that is none', '{"id":1,"method":"eth_sendRawTransaction","params":["0x1234"]}', -32602],
    ['a transaction that is no text', '{"id":1,"method":"eth_sendRawTransaction","params":[7]}', -32602],
    ['no parameters', '{"id":1,"method":"eth_sendRawTransaction"}', -32602],
  ])('refuses %s', async (_, body, code) => {
    expect(await (await post(body)).json()).toMatchObject({ error: { code } });
  });

  it('refuses bodies of more than 2 MB, other routes and other verbs', async () => {
    const large = await post('x'.repeat(2_000_001)).then(({ status }) => status);
    expect(large).toBe(413);
    expect((await post('{}', '/admin')).status).toBe(404);
    expect((await fetch(url)).status).toBe(405);
  });

  it('refuses a caller that reached it under a name of its own', async () => {
    const status = await new Promise((resolve, reject) => {
      const request = http.request(url, { method: 'POST', headers: { host: 'evil.example' } }, (reply) => {
        reply.resume();
        resolve(reply.statusCode);
      });
      request.on('error', reject);
      request.end(JSON.stringify(chainId));
    });
    expect(status).toBe(403);
  });
});

describe('time, head and health', () => {
  it('keeps its token where only its owner can read it', () => {
    expect(fs.statSync(path.join(folder, 'admin.token')).mode & 0o777).toBe(0o600);
    expect(adminToken(folder)).toMatch(/^[0-9a-f]{64}$/);
    expect(adminToken(folder)).toBe(adminToken(folder));
  });

  it('tries a call at the time of the next block, for the newest may be old', async () => {
    await sequencer.tick();
    sequencer.setClockOffset(5_000);
    // answers with the time it sees
    const call = async (...more: unknown[]) => {
      const params = [{ data: '0x425f5260205ff3' }, ...more];
      const reply: { result: string } = await rpc({ ...chainId, method: 'eth_call', params });
      return Number(reply.result);
    };
    const { time, block } = sequencer.health();
    const now = Date.now() / 1000;
    expect(time).toBeLessThan(now + 60);
    for (const at of [[], ['latest'], ['pending'], ['latest', {}]])
      expect((await call(...at)) - now, String(at)).toBeGreaterThan(4_990);
    expect(await call(`0x${block.toString(16)}`)).toBe(time);
    expect(await call('latest', {}, { time: '0x70000000' })).toBe(0x70000000);
    const estimate = { ...chainId, method: 'eth_estimateGas', params: [{ data: '0x425f5260205ff3' }] };
    expect(await rpc(estimate)).toMatchObject({ result: expect.stringMatching(/^0x/) });
  });

  it('moves the clock for the token only, and only to a sensible time', async () => {
    const token = { authorization: `Bearer ${adminToken(folder)}` };
    expect((await post('{"offset":5}', '/admin/time')).status).toBe(403);
    expect((await post('{"offset":5}', '/admin/time', { authorization: 'Bearer x' })).status).toBe(403);
    for (const body of ['', '{', 'null', '{"offset":-1.5}', '{"offset":1.5}', '{"offset":"9"}'])
      expect((await post(body, '/admin/time', token)).status, body).toBe(400);
    expect((await post('{"offset":86400}', '/admin/time', token)).status).toBe(200);
    expect(sequencer.health().time).toBeGreaterThan(Date.now() / 1000 + 86_000);
    // a house that began in the past may say so; time does not go back by it
    expect((await post('{"offset":-86400}', '/admin/time', token)).status).toBe(200);
    expect(sequencer.health().time).toBeGreaterThan(Date.now() / 1000 + 86_000);
  });

  it('tells who waits that there is a new block', async () => {
    const waiting = fetch(`${url}/head?after=${sequencer.block}`).then((reply) => reply.json());
    const raw = await account.signTransaction({
      chainId: CHAIN,
      nonce: 0,
      gas: 21_000n,
      gasPrice: 0n,
      to: account.address,
      type: 'legacy',
    });
    await sequencer.submit(raw);
    expect(await waiting).toEqual({ block: sequencer.block });
    expect(await (await fetch(`${url}/head?after=0`)).json()).toEqual({ block: sequencer.block });
  });

  it('says how it is', async () => {
    const reply = await fetch(`${url}/health`);
    expect(reply.status).toBe(200);
    expect(await reply.json()).toMatchObject({
      chainId: CHAIN,
      block: sequencer.block,
      failing: null,
      waiting: 0,
    });
  });
});
