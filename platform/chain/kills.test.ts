import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { killRounds, seeded } from './fixtures/kill-rounds.ts';

it('loses nothing acknowledged in 32 kills of the sequencer and the engine at random instants', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'zm-kills-'));
  const seed = Date.now() % 1_000_000;
  try {
    const result = await killRounds(folder, 32, seeded(seed)).catch((cause: unknown) => {
      throw new Error(`seed ${seed}`, { cause });
    });
    expect(result.acknowledged).toBeGreaterThan(32);
    expect(result.slowest).toBeLessThan(10_000);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}, 180_000);
