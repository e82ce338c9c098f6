import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { memoryFolder } from './memory-folder.mjs';

const root = mkdtempSync(join(tmpdir(), 'memory-'));
const name = 'zhenmei-tests-7';
const folder = join(root, name);
const mounts = join(root, 'mounts');
const mounted = (flags) =>
  writeFileSync(mounts, `/dev/sda / ext4 rw 0 0\ntmpfs ${root} tmpfs ${flags} 0 0\n`);
/** As if `root` were in memory, and nobody had said where to write. */
const open = (more = {}) => memoryFolder({ root, name, needed: 1, env: {}, mounts, ...more });
mounted('rw,nosuid,nodev');

describe.runIf(process.platform === 'linux')('a folder in memory for tests', () => {
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('is given where there is room, and others may only pass through', () => {
    expect(open()).toBe(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o711);
  });

  it('loses what runs that were killed left, and keeps what a run that goes on has', () => {
    open();
    writeFileSync(join(folder, 'zm-house-1'), '');
    // a process that never was: numbers end at four million
    mkdirSync(join(folder, 'zhenmei-run-9999999-x'));
    open();
    expect(existsSync(join(folder, 'zm-house-1'))).toBe(false);
    // its servers are ended by the run that begins
    expect(existsSync(join(folder, 'zhenmei-run-9999999-x'))).toBe(true);

    mkdirSync(join(folder, `zhenmei-run-${process.pid}-x`));
    writeFileSync(join(folder, 'zm-house-2'), '');
    open();
    expect(existsSync(join(folder, 'zm-house-2'))).toBe(true);
  });

  it('is not given without room, on a disk, without programs, where somebody said where to write, or where it is not ours', () => {
    expect(open({ needed: Number.MAX_VALUE })).toBeNull();
    expect(open({ root: import.meta.dirname })).toBeNull();
    expect(open({ env: { TMPDIR: '/var/tmp' } })).toBeNull();
    mounted('rw,nosuid,nodev,noexec');
    expect(open()).toBeNull();
    mounted('rw,nosuid,nodev');
    expect(existsSync(folder)).toBe(false);
    symlinkSync(import.meta.dirname, folder);
    expect(open()).toBeNull();
  });
});
