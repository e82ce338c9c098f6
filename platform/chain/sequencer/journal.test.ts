import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { AppError, Hex } from '@zhenmei/kernel';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Journal } from './journal.ts';

let folder: string;
let journal: Journal;
const hash = (n: number): Hex => `0x${n.toString(16).padStart(64, '0')}`;
const file = (first = 1) => path.join(folder, `journal-${first}.log`);
const lines = (first = 1) => fs.readFileSync(file(first), 'utf8').split('\n').slice(0, -1);
const fresh = () => new Journal(folder);
const codeOf = (work: () => unknown) => {
  try {
    work();
    return 'none';
  } catch (error) {
    return (error as AppError).code;
  }
};

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'zm-journal-'));
  journal = fresh();
  journal.open();
  for (let n = 1; n <= 3; n++) {
    journal.append({ n, t: 1_700_000_000 + n, txs: [`0x0${n}`] });
    journal.mined(n, hash(n));
  }
  journal.close();
});
afterEach(() => {
  journal.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

it('gives back what was written, after any block', () => {
  expect(fresh().read(0)).toEqual(
    [1, 2, 3].map((n) => ({ n, t: 1_700_000_000 + n, txs: [`0x0${n}`], hash: hash(n) })),
  );
  expect(
    fresh()
      .read(2)
      .map(({ n }) => n),
  ).toEqual([3]);
  expect(fresh().read(3)).toEqual([]);
});

it('reads only the segments it needs, and all of them from the start', () => {
  journal.open();
  journal.rotate(4);
  journal.append({ n: 4, t: 1_700_000_004, txs: [] });
  fs.writeFileSync(file(1), 'not read');
  expect(
    fresh()
      .read(3)
      .map(({ n }) => n),
  ).toEqual([4]);
  expect(codeOf(() => fresh().read(0))).toBe('CHAIN_JOURNAL_DAMAGED');
});

it('cuts a torn end wherever the crash came, and goes on behind it', () => {
  const whole = fs.readFileSync(file());
  const start = whole.length - Buffer.byteLength(`${lines().at(-1)!}\n`);
  for (let cut = start; cut < whole.length; cut += 7) {
    fs.writeFileSync(file(), whole.subarray(0, cut));
    const again = fresh();
    expect(again.read(0).map(({ n, hash: h }) => [n, h])).toEqual([
      [1, hash(1)],
      [2, hash(2)],
      [3, undefined],
    ]);
    again.open();
    again.append({ n: 4, t: 1_700_000_004, txs: [] });
    again.close();
    expect(fresh().read(0).length).toBe(4);
  }
});

it('keeps a whole record after a torn hash line: neither was fsynced, but one of them is there', () => {
  const [a, b, c, d] = lines();
  fs.writeFileSync(file(), `${[a, b, c, d!.replace(/.$/, '?'), lines()[4]].join('\n')}\n`);
  expect(
    fresh()
      .read(0)
      .map(({ n, hash: h }) => [n, h]),
  ).toEqual([
    [1, hash(1)],
    [2, undefined],
    [3, undefined],
  ]);
  expect(fresh().read(0).length).toBe(3);
});

it.each([0, 1, 2, 3])('refuses damage in line %i, which no crash can make', (at) => {
  const all = lines();
  all[at] = all[at]!.replace(/"n":./, '"n":9');
  fs.writeFileSync(file(), `${all.join('\n')}\n`);
  expect(codeOf(() => fresh().read(0))).toBe('CHAIN_JOURNAL_DAMAGED');
});

it('refuses a torn end in a segment that is not the last', () => {
  journal.open();
  journal.rotate(4);
  fs.appendFileSync(file(1), '0123');
  expect(codeOf(() => fresh().read(0))).toBe('CHAIN_JOURNAL_DAMAGED');
});

it('writes nothing when it is closed', () => {
  expect(codeOf(() => journal.append({ n: 4, t: 1_700_000_004, txs: [] }))).toBe('CHAIN_JOURNAL_WRITE');
  expect(journal.failing).toBe('EBADF');
});

it('goes on when a full disk has room again', () => {
  journal.open();
  const inside = journal as unknown as { fd: number };
  const good = inside.fd;
  inside.fd = fs.openSync('/dev/full', 'a');
  expect(codeOf(() => journal.append({ n: 4, t: 1_700_000_004, txs: [] }))).toBe('CHAIN_JOURNAL_WRITE');
  expect(journal.failing).toBe('ENOSPC');
  fs.closeSync(inside.fd);
  inside.fd = good;
  journal.append({ n: 4, t: 1_700_000_004, txs: [] });
  expect(journal.failing).toBe(null);
  expect(fresh().read(0).length).toBe(4);
});

it('trusts no file after an error of the disk itself', () => {
  journal.open();
  const inside = journal as unknown as { fd: number; trouble: string };
  inside.trouble = 'EIO';
  expect(codeOf(() => journal.append({ n: 4, t: 1_700_000_004, txs: [] }))).toBe('CHAIN_JOURNAL_WRITE');
  expect(journal.failing).toBe('EIO');
  expect(fresh().read(0).length).toBe(3);
});
