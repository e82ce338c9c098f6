/** By hand: `node tests/chaos/chain-kills.ts [kills] [seed]`. 100 kills of the embedded chain's parts by default. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { killRounds, seeded } from '@zhenmei/chain/fixtures/kill-rounds.ts';

const kills = Number(process.argv[2] ?? 100);
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'zm-chaos-'));
try {
  console.log(JSON.stringify({ seed, ...(await killRounds(folder, kills, seeded(seed))) }));
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
