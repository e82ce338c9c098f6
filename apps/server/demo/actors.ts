/** The demo's actors: their keys lie in the data folder (0600), like those of any user on a device of their own. */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fromHex, type Hex } from '@zhenmei/kernel';
import type { Bilingual } from './world-types.ts';

export interface ActorState {
  readonly id: string;
  readonly secret: Hex;
}

export interface DemoActors {
  ready: boolean;
  regulator: ActorState & { issuer: string };
  organisations: Record<string, ActorState>;
  doctors: Record<string, { id: string }>;
  codes: { key: string; name: Bilingual; code: string }[];
  /** Units that were made of each product: Digital Links by GTIN. */
  units: Record<string, string[]>;
}

const file = (dataDir: string) => path.join(dataDir, 'demo', 'actors.json');

export function readActors(dataDir: string): DemoActors | null {
  if (!fs.existsSync(file(dataDir))) return null;
  // the first version did not keep what was made
  const kept = JSON.parse(fs.readFileSync(file(dataDir), 'utf8')) as Omit<DemoActors, 'units'>;
  return { units: {}, ...kept };
}

export function writeActors(dataDir: string, actors: DemoActors): void {
  fs.mkdirSync(path.dirname(file(dataDir)), { recursive: true, mode: 0o700 });
  fs.writeFileSync(`${file(dataDir)}.tmp`, JSON.stringify(actors), { mode: 0o600 });
  fs.renameSync(`${file(dataDir)}.tmp`, file(dataDir));
}

export const newSecret = (): Hex => `0x${randomBytes(32).toString('hex')}`;
export const secretBytes = (hex: Hex): Uint8Array => fromHex(hex);
