/** Cold start (empty folder, demo world included) and warm start of the whole house. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startHouse } from '@zhenmei/server';
import { readConfig } from '@zhenmei/server/config.ts';
import { seedWorld } from '@zhenmei/server/demo/seed.ts';
import { createLogger } from '@zhenmei/telemetry';
import type { BenchRow } from './chain.ts';

export async function run(): Promise<BenchRow[]> {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'zm-bench-start-'));
  const config = { ...readConfig({ PORT: '4897' }), dataDir, publicUrl: 'http://localhost:4897' };
  const rows: BenchRow[] = [];
  const once = async (name: string, seed: boolean) => {
    const began = performance.now();
    const house = await startHouse({ config, log: createLogger({ level: 'silent' }) });
    rows.push({ name: `${name}: first answer`, value: Math.round(performance.now() - began), unit: 'ms' });
    if (seed) {
      await seedWorld({
        http: house.http,
        origin: config.publicUrl,
        operatorToken: house.operatorToken,
        dataDir,
        now: () => house.deps.clock.now(),
      });
      rows.push({
        name: `${name}: demo world ready`,
        value: Math.round(performance.now() - began),
        unit: 'ms',
      });
    }
    await house.close();
  };
  try {
    await once('cold start', true);
    await once('warm start', false);
  } finally {
    fs.rmSync(dataDir, { recursive: true, force: true });
  }
  return rows;
}
