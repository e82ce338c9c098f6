/** `zhenmei paper verify` as people call it: exit codes, words in both languages, certificates of every kind. */
import { X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PAPER_LIMIT } from '@zhenmei/evidence';
import { fromBase64Url } from '@zhenmei/kernel';
import { certify, party } from '@zhenmei/server/compose/authority.property.ts';
import { resealed } from '@zhenmei/server/compose/seal-attacks.property.ts';
import { MADE, sealedPaper, testSeal } from '@zhenmei/server/compose/signed-paper.property.ts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { command } from './commands/paper.ts';
import { readBytes, readStream } from './read-input.ts';

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'zm-paper-'));
});
afterAll(() => {
  vi.unstubAllEnvs();
  fs.rmSync(folder, { recursive: true, force: true });
});

const put = (name: string, content: Uint8Array | string): string => {
  const file = path.join(folder, name);
  fs.writeFileSync(file, content);
  return file;
};
const pem = (...all: Uint8Array[]) => all.map((one) => new X509Certificate(one).toString()).join('');

type Input = (limit?: number) => Promise<Uint8Array>;

async function run(args: string[], lang = 'en', stdin: Input = async () => new Uint8Array()) {
  vi.stubEnv('LC_ALL', lang);
  const out = { out: '', err: '' };
  const exit = await command.run(['verify', ...args], {
    stdout: (text) => {
      out.out += text;
    },
    stderr: (text) => {
      out.err += text;
    },
    stdin,
  });
  return { exit, ...out };
}

const DAY = 86_400_000;
const [root, middle, house] = [party('Root'), party('Middle'), party('Clinic Group Seal')];
const period = { from: MADE - DAY, until: MADE + DAY };
const own = certify(house, middle, period);
const between = certify(middle, root, { ...period, ca: true });
const top = certify(root, root, { ...period, ca: true });
const privateKey = fromBase64Url(house.privateKey.export({ format: 'jwk' }).d!);
const brought = (...certificates: Uint8Array<ArrayBuffer>[]) =>
  sealedPaper(undefined, { ...testSeal(), privateKey, certificates });

describe('zhenmei paper verify', () => {
  it('proves a paper whose certificate is named, in both languages', async () => {
    const file = put('a.pdf', await sealedPaper());
    const certificate = put('a.pem', pem(...testSeal().certificates));
    const en = await run([file, '--certificate', certificate]);
    expect(en.exit).toBe(0);
    for (const part of [
      'seal      proven',
      'Every printed word',
      'nobody else vouches',
      'https://zhenmei.example',
    ])
      expect(en.out).toContain(part);
    const zh = await run([file, '--certificate', certificate], 'zh_CN.UTF-8');
    for (const part of ['文件章', '患者签署了这份合同', '除了它自己，没有人为它作证'])
      expect(zh.out).toContain(part);
    const json = await run(['-', '--certificate', certificate, '--json'], 'en', () => sealedPaper());
    expect(JSON.parse(json.out)).toMatchObject({ exit: 0, kind: 'agreement', signer: { selfIssued: true } });
  });
  it('cannot judge whose it is without a certificate, and says which to look for', async () => {
    const { exit, out } = await run([put('b.pdf', await sealedPaper())]);
    expect(exit).toBe(2);
    expect(out).toMatch(/sealed by +cannot judge .*[0-9a-f]{64}.*SEAL_OWNER_UNNAMED/);
  });
  it('trusts no certificate that merely lies in the folder', async () => {
    const before = process.cwd();
    put('zhenmei-document-certificate.pem', pem(...testSeal().certificates));
    const file = put('b.pdf', await sealedPaper());
    process.chdir(folder);
    try {
      const { exit, out } = await run([file, '--json']);
      expect([exit, JSON.parse(out).proofs.certificate]).toMatchObject([
        2,
        { verdict: 'cannot-judge', code: 'SEAL_OWNER_UNNAMED' },
      ]);
    } finally {
      process.chdir(before);
    }
  });
  it('reads no more than a paper can have, wherever it comes from', async () => {
    let taken = 0;
    async function* endless() {
      for (; taken < 100; taken++) yield new Uint8Array(1_000_000);
    }
    const found = await run(['-'], 'en', (limit) => readStream(endless(), limit));
    expect([found.exit, found.err]).toEqual([2, expect.stringContaining('PAPER_TOO_LARGE')]);
    expect(taken).toBeLessThan(10);
    expect(await run(['/dev/zero'])).toMatchObject({
      exit: 2,
      err: expect.stringContaining('PAPER_TOO_LARGE'),
    });
    const [exact, empty] = [put('exact', Buffer.alloc(70_000, 1)), put('empty', '')];
    expect([readBytes(exact, 70_000).length, readBytes(exact, 69_998).length]).toEqual([70_000, 69_999]);
    expect([...readBytes(empty, 5), readBytes(exact, 80_000)[69_999]]).toEqual([1]);
  });
  it('finds a changed byte and an addition', async () => {
    const bytes = await sealedPaper();
    const longer = new Uint8Array([...bytes, 10]);
    expect(await run([put('c.pdf', longer)], 'zh')).toMatchObject({
      exit: 1,
      out: expect.stringContaining('又加了 1 字节'),
    });
    bytes[30_000] = bytes[30_000]! ^ 1;
    expect(await run([put('d.pdf', bytes)])).toMatchObject({
      exit: 1,
      out: expect.stringContaining('SEAL_DIGEST_WRONG'),
    });
  });

  it.each<[string, Uint8Array<ArrayBuffer>[], Uint8Array[], number, string]>([
    ['its own certificate', [own, between, top], [own], 0, 'SEAL_OWNER_PROVEN'],
    ['its authority, inside the chain', [own, between, top], [top], 0, 'SEAL_OWNER_PROVEN'],
    ['its authority, not inside', [own, between], [top], 0, 'SEAL_OWNER_PROVEN'],
    [
      'several, one of which is right',
      [own, between],
      [...testSeal().certificates, top],
      0,
      'SEAL_OWNER_PROVEN',
    ],
    ['an authority that it does not reach', [own], [top], 1, 'SEAL_OWNER_OTHER'],
    [
      'a namesake of its authority',
      [own, between],
      [certify(party('Root'), party('Root'), { ...period, ca: true })],
      1,
      'SEAL_OWNER_OTHER',
    ],
    [
      'an issuer that is no authority',
      [certify(house, middle, period)],
      [certify(middle, root, period)],
      1,
      'SEAL_OWNER_OTHER',
    ],
    [
      'its own, over since',
      [certify(house, middle, { from: MADE - 9 * DAY, until: MADE - DAY })],
      [between],
      1,
      'SEAL_OWNER_PERIOD',
    ],
    [
      'an authority that was over then',
      [own],
      [certify(middle, root, { from: MADE - 9 * DAY, until: MADE - DAY, ca: true })],
      1,
      'SEAL_OWNER_PERIOD',
    ],
  ])('judges the certificate by %s', async (_, carried, named, exit, code) => {
    const paper = await (code === 'SEAL_OWNER_PERIOD' && carried[0] !== own
      ? late(carried)
      : brought(...carried));
    const found = await run([put('e.pdf', paper), '--certificate', put('e.pem', pem(...named)), '--json']);
    const { proofs } = JSON.parse(found.out);
    expect([found.exit, proofs.certificate.code]).toEqual([exit, code]);
  });

  it.each<[string, () => string[], string]>([
    ['a file that is not there', () => [path.join(folder, 'none.pdf')], 'FILE_UNREADABLE'],
    [
      'a certificate that is not there',
      () => [put('f.pdf', 'x'), '--certificate', '/nowhere'],
      'FILE_UNREADABLE',
    ],
    [
      'a certificate that is none',
      () => [put('f.pdf', 'x'), '--certificate', put('f.pem', 'x')],
      'CERTIFICATE_FILE_INVALID',
    ],
    ['a file that is too large', () => [put('g.pdf', Buffer.alloc(PAPER_LIMIT + 1))], 'PAPER_TOO_LARGE'],
  ])('says that it cannot judge %s', async (_, args, code) => {
    const { exit, err } = await run(args());
    expect([exit, err]).toEqual([2, expect.stringContaining(code)]);
    const json = await run([...args(), '--json']);
    expect(JSON.parse(json.out).error.code).toBe(code);
  });
  it('says how it is called', async () => {
    expect(await run([])).toMatchObject({ exit: 2, err: expect.stringContaining('paper verify FILE') });
    expect(await run(['a', 'b'])).toMatchObject({ exit: 2 });
  });
});

/** A paper sealed with a certificate that was over: no house makes it, a thief of the key might. */
const late = async (certificates: Uint8Array<ArrayBuffer>[]) =>
  resealed(await brought(own), (all) => all, { ...testSeal(), privateKey, certificates });
