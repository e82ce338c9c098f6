/** Snapshots of the engine's state: written whole or not at all; the newest two are kept. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Hex } from '@zhenmei/kernel';
import { syncFolder } from './journal.ts';

export interface Snapshot {
  readonly block: number;
  readonly hash: Hex;
  readonly state: Hex;
}

const NAME = /^snapshot-(\d+)\.json$/;

function names(folder: string): { block: number; file: string }[] {
  return fs
    .readdirSync(folder)
    .map((name) => ({ match: NAME.exec(name), name }))
    .filter(({ match }) => match !== null)
    .map(({ match, name }) => ({ block: Number(match![1]), file: path.join(folder, name) }))
    .sort((a, b) => b.block - a.block);
}

/** Temp file → fsync → rename → fsync of the folder. */
export function writeSnapshot(folder: string, snapshot: Snapshot): void {
  const body = JSON.stringify(snapshot);
  const file = path.join(folder, `snapshot-${snapshot.block}.json`);
  const temp = `${file}.tmp`;
  const fd = fs.openSync(temp, 'w', 0o600);
  try {
    fs.writeFileSync(fd, `${createHash('sha256').update(body).digest('hex')}\n${body}`);
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
  fs.renameSync(temp, file);
  syncFolder(folder);
  for (const { file: old } of names(folder).slice(2)) fs.rmSync(old);
}

/** The newest snapshots first; damaged ones are passed over, for the journal can rebuild everything. */
export function* readSnapshots(folder: string): Generator<Snapshot> {
  for (const { file } of names(folder)) {
    const text = fs.readFileSync(file, 'utf8');
    const body = text.slice(65);
    if (text[64] === '\n' && createHash('sha256').update(body).digest('hex') === text.slice(0, 64))
      yield JSON.parse(body) as Snapshot;
  }
}
