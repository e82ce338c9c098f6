import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { AppError } from '@zhenmei/kernel';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lockFolder } from './lock.ts';

let folder: string;
const file = () => path.join(folder, 'lock');
const refusal = () => {
  try {
    lockFolder(folder)();
    return null;
  } catch (error) {
    return error as AppError;
  }
};

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'zm-lock-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

it('refuses a second holder by name, and lets the next one in after release', () => {
  const release = lockFolder(folder);
  expect(refusal()).toMatchObject({ code: 'CHAIN_FOLDER_IN_USE', params: { pid: process.pid, folder } });
  release();
  expect(refusal()).toBe(null);
  expect(fs.readdirSync(folder)).toEqual([]);
});

it('takes over the lock of a process that is gone', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.once('exit', resolve));
  fs.writeFileSync(file(), `${child.pid} 12345`);
  expect(refusal()).toBe(null);
});

it('takes over the lock of a process whose number another one has now', () => {
  fs.writeFileSync(file(), `${process.pid} 1`);
  expect(refusal()).toBe(null);
});

it('takes over a lock that says nothing', () => {
  fs.writeFileSync(file(), '');
  expect(refusal()).toBe(null);
});

it('does not remove a lock that is no longer its own', () => {
  const release = lockFolder(folder);
  fs.writeFileSync(file(), 'somebody else');
  release();
  expect(fs.readFileSync(file(), 'utf8')).toBe('somebody else');
});
