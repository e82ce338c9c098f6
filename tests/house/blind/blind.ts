/**
 * The server-blind run: a month of use, then a copy of everything the server has. What was planted is searched for in
 * it, and every ciphertext is tried with every secret.
 */
import fs from 'node:fs';
import path from 'node:path';
import { type Place, random } from '@zhenmei/cli/visit-play.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { createLogger } from '@zhenmei/telemetry';
import { openTestHouse } from '../test-house.ts';
import { attack, type Opened, secretsIn } from './attack.ts';
import { copyRows, filesBelow, type Rows, rowsAsBytes } from './copy.ts';
import { type Judged, Ledger } from './ledger.ts';
import { liveAMonth } from './month.ts';
import { Plants } from './plants.ts';
import { type Found, Search } from './search.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface BlindRun {
  readonly planted: number;
  readonly found: readonly Found[];
  readonly decrypted: readonly Opened[];
  /** Bytes searched, secrets tried. */
  readonly searched: number;
  readonly secrets: number;
  readonly ledger: Judged;
  readonly rows: Rows;
  readonly plants: Plants;
  readonly vaults: readonly Vault[];
  readonly blob: (key: string) => Bytes;
  close(): void;
}

/** @param say what is being done */
export async function blindRun(say: (text: string) => void = () => undefined): Promise<BlindRun> {
  const lines: string[] = [];
  const log = createLogger({ level: 'debug', destination: { write: (line) => void lines.push(line) } });
  const house = await openTestHouse(log);
  const { dataDir } = house;
  const plants = new Plants(random);
  const place: Place = { baseUrl: house.url, origin: house.url, patience: 5 };
  const vaults = await liveAMonth(place, () => house.house.deps.clock.now(), plants);
  say(`a month was lived, ${plants.all.length} things are planted`);
  const ledger = await new Ledger({ ...house.house.deps.protocol.contracts }).judge(
    house.house.engines.chain.viem,
  );
  say(`${ledger.transactions} transactions and ${ledger.events} events are judged`);
  const rows = await copyRows(house);
  // the files are copied as they lie on the disk after a stop, the database's journal included
  await house.house.close();

  const search = new Search(plants.all);
  const found: Found[] = [];
  let searched = 0;
  const look = (where: string, bytes: Uint8Array) => {
    searched += bytes.length;
    found.push(...search.in(where, bytes));
  };
  for (const { where, bytes } of rowsAsBytes(rows)) look(where, bytes);
  for (const { where, bytes } of filesBelow(dataDir)) look(where, bytes);
  look('log', Buffer.from(lines.join('')));

  const secrets = secretsIn(rows, fs.readFileSync(path.join(dataDir, 'secrets.json'), 'utf8'));
  say(`${Math.round(searched / 1e6)} MB were searched; ${secrets.length} secrets are tried`);
  const blob = blobsBelow(path.join(dataDir, 'blobs'));
  const decrypted = await attack(rows, blob, secrets);
  return {
    planted: plants.all.length,
    found,
    decrypted,
    searched,
    secrets: secrets.length,
    ledger,
    rows,
    plants,
    vaults,
    blob,
    close: () => fs.rmSync(dataDir, { recursive: true, force: true }),
  };
}

function blobsBelow(folder: string): (key: string) => Bytes {
  const files = new Map<string, Uint8Array>();
  for (const { where, bytes } of filesBelow(folder)) files.set(path.basename(where), bytes);
  return (key) => {
    const bytes = files.get(path.basename(key));
    if (!bytes) throw new Error(`no blob ${key}`);
    return new Uint8Array(bytes);
  };
}

/** One line that says it all. */
export const summary = ({ planted, found, decrypted }: BlindRun): string =>
  `planted ${planted}, found ${new Set(found.map((f) => f.planted)).size}, decrypted ${decrypted.length}`;
