/** Every bundle and tile under a checkpoint, over HTTP, through the audit of the tree. */
import type { Finding } from '@zhenmei/tlog/core/audit-findings.ts';
import { appends } from '@zhenmei/tlog/core/audit-history.ts';
import type { AuditedLeaf } from '@zhenmei/tlog/core/audit-leaf.ts';
import { type KnownRoot, type Resume, TreeAudit } from '@zhenmei/tlog/core/audit-tree.ts';
import { TILE_WIDTH, type TileRef, tilePath, tileWidth } from '@zhenmei/tlog/core/tile-path.ts';
import { plannedTiles, tileReader } from '@zhenmei/tlog/core/tiles.ts';
import { consistencyProof, type ReadNode } from '@zhenmei/tlog/core/tree.ts';
import type { Source } from './http.ts';

/** Bundles asked for before they are needed. */
const AHEAD = 4;

async function bytesOf(source: Source, tile: TileRef): Promise<Uint8Array | null> {
  return (await source.get(`log/${tilePath(tile)}`))?.bytes ?? null;
}

async function* bundles(source: Source, from: number, size: number) {
  const fetching: Promise<{
    n: number;
    width: number;
    bundle: Uint8Array | null;
    tile: Uint8Array | null;
  }>[] = [];
  const fetchOne = async (n: number) => {
    const width = tileWidth(0, n, size);
    const [bundle, tile] = await Promise.all([
      bytesOf(source, { level: 'entries', n, width }),
      bytesOf(source, { level: 0, n, width }),
    ]);
    return { n, width, bundle, tile };
  };
  const count = Math.ceil(size / TILE_WIDTH);
  for (let next = Math.floor(from / TILE_WIDTH); next < count || fetching.length > 0; ) {
    while (fetching.length < AHEAD && next < count) {
      const one = fetchOne(next++);
      // whoever awaits it sees the failure; the others must not end the process
      one.catch(() => undefined);
      fetching.push(one);
    }
    yield await fetching.shift()!;
  }
}

export interface LogReading {
  readonly source: Source;
  readonly head: KnownRoot;
  readonly from: Resume;
  /** Roots to pass through. */
  readonly known: readonly KnownRoot[];
  /** Takes entries in order, as they are read. */
  leaves(read: readonly AuditedLeaf[]): Promise<void>;
  /** How far it got, and what was found up to there. */
  progress(tree: TreeAudit): void;
}

/** Throws AUDIT_UNREACHABLE. */
export async function readLog(reading: LogReading): Promise<{
  readonly findings: readonly Finding[];
  /** Known roots that contradict the root of `head`. */
  readonly contradicting: readonly KnownRoot[];
  readonly tree: TreeAudit;
}> {
  const { source, head } = reading;
  const tree = new TreeAudit(reading.from, reading.known);
  for await (const { n, width, bundle, tile } of bundles(source, reading.from.size, head.size)) {
    await reading.leaves(tree.bundle(n, width, bundle, tile));
    for (const { level, n, hashes } of tree.full)
      tree.compare(level, n, hashes, await bytesOf(source, { level, n, width: TILE_WIDTH }));
    tree.full = [];
    reading.progress(tree);
  }
  for (const { level, n, hashes } of tree.partial())
    tree.compare(
      level,
      n,
      hashes,
      await bytesOf(source, { level, n, width: tileWidth(level, n, head.size) }),
    );
  const contradicting = tree.finish(head.root);
  return { findings: tree.findings, contradicting, tree };
}

/** Does the tree under `head`, as its tiles tell, only append to one known before? Throws AUDIT_UNREACHABLE. */
export async function continues(source: Source, known: KnownRoot, head: KnownRoot): Promise<boolean> {
  const tiles = new Map<string, Uint8Array>();
  const path = (read: ReadNode) => consistencyProof(known.size, head.size, read);
  for (const { level, n } of known.size < head.size ? plannedTiles(path) : []) {
    const hashes = await bytesOf(source, { level, n, width: tileWidth(level, n, head.size) });
    if (hashes) tiles.set(`${level}/${n}`, hashes);
  }
  return appends(
    known,
    head,
    tileReader((level, n) => tiles.get(`${level}/${n}`)),
  );
}
