/** Snapshots of the engine's state: written whole or not at all; the newest two are kept. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Hex } from '@zhenmei/kernel';
import { replaceFile } from './files.ts';

export interface Snapshot {
  readonly block: number;
  readonly hash: Hex;
  /** Answer of `anvil_dumpState`. */
  readonly state: Hex;
}

/** What a start may cost the engine (ms); three seconds are promised until it answers, its process and files included. */
const START_MS = 2_000;

/**
 * Whether the replay has grown so long that a snapshot is worth its time: one start, loading and replaying, stays
 * under the limit. Where loading alone comes near it, the engine still does not spend all its time on snapshots: a
 * dump costs half of a load, and blocks get a third of that at least.
 * @param load milliseconds that loading the last snapshot takes
 * @param replay milliseconds that the blocks since then took
 */
export function isSnapshotDue(load: number, replay: number): boolean {
  return replay >= Math.max(START_MS - load, load / 6);
}

const NAME = /^snapshot-(\d+)\.json$/;
const digest = (body: string) => createHash('sha256').update(body).digest('hex');

function names(folder: string): { block: number; file: string }[] {
  return fs
    .readdirSync(folder)
    .map((name) => ({ match: NAME.exec(name), name }))
    .filter(({ match }) => match !== null)
    .map(({ match, name }) => ({ block: Number(match![1]), file: path.join(folder, name) }))
    .sort((a, b) => b.block - a.block);
}

export function writeSnapshot(folder: string, snapshot: Snapshot): void {
  const body = JSON.stringify(snapshot);
  replaceFile(path.join(folder, `snapshot-${snapshot.block}.json`), `${digest(body)}\n${body}`);
  for (const { file } of names(folder).slice(2)) fs.rmSync(file);
}

/** The newest first; damaged ones are passed over, for the journal can rebuild everything. */
export function* readSnapshots(folder: string): Generator<Snapshot> {
  for (const { file } of names(folder)) {
    const text = fs.readFileSync(file, 'utf8');
    const body = text.slice(65);
    if (text[64] === '\n' && digest(body) === text.slice(0, 64)) yield JSON.parse(body) as Snapshot;
  }
}
