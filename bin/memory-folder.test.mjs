import { existsSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { memoryFolder } from './memory-folder.mjs';

const root = '/dev/shm';
const name = `zhenmei-memory-test-${process.pid}`;
const folder = join(root, name);
/** As if nobody had said where to write. */
const open = (more = {}) => memoryFolder({ root, name, needed: 1, env: {}, ...more });

describe.runIf(process.platform === 'linux' && existsSync(root))('a folder in memory for tests', () => {
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

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

  it('is not given without room, on a disk, where somebody said where to write, or in a folder that is not ours', () => {
    expect(open({ needed: Number.MAX_VALUE })).toBeNull();
    expect(open({ root: import.meta.dirname })).toBeNull();
    expect(open({ env: { TMPDIR: '/var/tmp' } })).toBeNull();
    expect(existsSync(folder)).toBe(false);
    symlinkSync(import.meta.dirname, folder);
    expect(open()).toBeNull();
  });
});
