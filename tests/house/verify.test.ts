/** `zhenmei verify`: a receipt from a file, a pipe or an address, judged by witnesses or by a node of one's own. */
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import type net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { playVisit } from '@zhenmei/cli/play-visit.ts';
import { canonicalJson, strictJson } from '@zhenmei/kernel';
import type { Verification } from '@zhenmei/verifier/verify-receipt.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestHouse, type TestHouse } from './test-house.ts';

const MAIN = fileURLToPath(new URL('../../apps/cli/main.ts', import.meta.url));
let house: TestHouse;
let folder: string;
let receipt: string;
let rpc: string;
let server: http.Server;
let base: string;

beforeAll(async () => {
  house = await openTestHouse();
  rpc = house.house.engines.embedded!.url;
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'zm-verify-'));
  const played = await playVisit({ baseUrl: house.url, origin: house.url, onStep: () => undefined });
  receipt = played.receipt;
  fs.writeFileSync(path.join(folder, 'receipt.json'), receipt);
  fs.writeFileSync(path.join(folder, 'zhenmei-trust.json'), played.trust);
  server = http.createServer((request, reply) => {
    if (request.url === '/receipt') reply.end(receipt);
    else if (request.url === '/moved') reply.writeHead(302, { location: '/receipt' }).end();
    else if (request.url === '/endless') {
      const more = () => {
        while (reply.write(Buffer.alloc(65_536)));
      };
      reply.on('drain', more);
      more();
    } else reply.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`;
});
afterAll(async () => {
  server?.closeAllConnections();
  server?.close();
  await house?.close();
  if (folder) fs.rmSync(folder, { recursive: true, force: true });
});

interface Outcome {
  readonly code: number | null;
  readonly answer: Verification & { error?: { code: string; zh: string; en: string }; trust?: string };
}

/** Not synchronous, because the server that answers lives in this process. */
async function verify(...args: string[]): Promise<Outcome> {
  const child = spawn(process.execPath, [MAIN, 'verify', ...args, '--json'], { cwd: folder });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += String(chunk);
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, answer: JSON.parse(text) as Outcome['answer'] };
}
const grades = ({ answer }: Outcome) => new Set(Object.values(answer.proofs).map(({ grade }) => grade));

describe('verify', () => {
  it('proves five from a file, from an address, and through a redirect', async () => {
    for (const from of ['receipt.json', `${base}/receipt`, `${base}/moved`]) {
      const outcome = await verify(from);
      expect(outcome.code, from).toBe(0);
      expect(grades(outcome)).toEqual(new Set(['operator-only']));
      expect(outcome.answer.trust).toBe('zhenmei-trust.json');
    }
  });

  it('reads standard input', () => {
    const { status, stdout }: SpawnSyncReturns<string> = spawnSync(
      process.execPath,
      [MAIN, 'verify', '-', '--json'],
      { cwd: folder, input: receipt, encoding: 'utf8' },
    );
    expect([status, (JSON.parse(stdout) as Verification).exit]).toEqual([0, 0]);
  });

  it('asks a node of one’s own choice, which counts before the witnesses', async () => {
    const outcome = await verify('receipt.json', '--rpc', rpc);
    expect(outcome.code).toBe(0);
    expect(grades(outcome)).toEqual(new Set(['own-node']));
  });

  it('does not believe a block that the node knows differently, or not at all', async () => {
    const answers = (hash: string | null) =>
      http.createServer((request, reply) => {
        let body = '';
        request.setEncoding('utf8').on('data', (chunk: string) => {
          body += chunk;
        });
        request.on('end', () => {
          const { id, method } = JSON.parse(body) as { id: number; method: string };
          const result = method === 'eth_chainId' ? '0xe88a0' : hash && { hash };
          reply.setHeader('content-type', 'application/json');
          reply.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
        });
      });
    for (const [hash, code, exit] of [
      [`0x${'12'.repeat(32)}`, 'CHAIN_STATE_DIFFERS', 1],
      [null, 'CHAIN_NOT_VOUCHED', 2],
    ] as const) {
      const node = answers(hash);
      await new Promise<void>((resolve) => node.listen(0, '127.0.0.1', resolve));
      const { port } = node.address() as net.AddressInfo;
      const outcome = await verify('receipt.json', '--rpc', `http://127.0.0.1:${port}`);
      expect(outcome.code).toBe(exit);
      expect(new Set(Object.values(outcome.answer.proofs).map((proof) => proof.code))).toEqual(
        new Set([code]),
      );
      node.closeAllConnections();
      node.close();
    }
  });

  it('says false, and which part, of a changed receipt', async () => {
    const changed = strictJson(receipt) as { parts: { money: { claims: { agreement: string } } } };
    changed.parts.money.claims.agreement = `0x${'77'.repeat(32)}`;
    fs.writeFileSync(path.join(folder, 'changed.json'), canonicalJson(changed));
    const { code, answer } = await verify('changed.json');
    expect(code).toBe(1);
    expect(answer.proofs.money.code).toBe('PART_NOT_OF_THIS_VISIT');
    expect(answer.proofs.licence.verdict).toBe('proven');
  });

  it.each([
    ['a file that is not there', () => ['nowhere.json'], 'FILE_UNREADABLE'],
    ['a folder', () => ['.'], 'FILE_UNREADABLE'],
    ['an address without anything', () => [`${base}/nothing`], 'ADDRESS_UNREADABLE'],
    ['an address that never ends', () => [`${base}/endless`], 'ADDRESS_UNREADABLE'],
    ['a host that does not answer', () => ['http://127.0.0.1:1/receipt'], 'ADDRESS_UNREADABLE'],
    ['a trust file that is not there', () => ['receipt.json', '--trust', 'none.json'], 'FILE_UNREADABLE'],
    ['a trust file that is none', () => ['receipt.json', '--trust', 'receipt.json'], 'TRUST_FILE_INVALID'],
    [
      'a node that does not answer',
      () => ['receipt.json', '--rpc', 'http://127.0.0.1:1'],
      'CHAIN_UNAVAILABLE',
    ],
  ])('names %s in both languages and cannot judge', async (_, args, code) => {
    const outcome = await verify(...args());
    expect(outcome.answer.error?.code).toBe(code);
    expect(outcome.answer.error?.zh).toMatch(/[\u4e00-\u9fff]/);
    expect(outcome.answer.error?.en).not.toMatch(/\{\w+\}/);
    expect(outcome.code).toBe(2);
  });
});

describe('every command', () => {
  it('has help in both languages, and refuses options that it does not have', () => {
    const names = fs
      .readdirSync(path.join(path.dirname(MAIN), 'commands'))
      .map((name) => name.replace(/\.ts$/, ''));
    expect(names.length).toBeGreaterThan(8);
    for (const [i, name] of names.entries()) {
      const [lang, pattern] = (
        [
          ['zh_CN.UTF-8', /[\u4e00-\u9fff]/],
          ['en_US.UTF-8', /^[^\u4e00-\u9fff]+$/],
        ] as const
      )[i % 2]!;
      const { status, stdout } = spawnSync(process.execPath, [MAIN, name, '--help'], {
        encoding: 'utf8',
        env: { ...process.env, LANG: lang, LC_ALL: lang },
      });
      expect(status, name).toBe(0);
      expect(stdout, name).toContain(`zhenmei ${name}`);
      expect(stdout.split('\n')[0], name).toMatch(pattern);
      const wrong = spawnSync(process.execPath, [MAIN, name, '--no-such-option'], { encoding: 'utf8' });
      expect(wrong.status, name).toBe(2);
    }
  });
});
