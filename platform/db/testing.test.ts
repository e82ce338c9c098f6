import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { RUN_FOLDER } from './testing.ts';

const run = promisify(execFile);

it('outside a test run a database ends with its process and leaves nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'zhenmei-own-'));
  try {
    const { [RUN_FOLDER]: _, ...env } = process.env;
    const script = join(import.meta.dirname, 'embedded/fixtures/own-server.ts');
    await run(process.execPath, [script], { env: { ...env, TMPDIR: folder }, timeout: 110_000 });
    expect(readdirSync(folder)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
