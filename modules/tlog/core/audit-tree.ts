/**
 * Builds a log again from its entry bundles and compares every tile and root with what was served. Holds one partial
 * tile a level and one bundle, however large the log is, and can go on later from where it stopped.
 */
import { AppError, equalBytes } from '@zhenmei/kernel';
import { type Finding, finding } from './audit-findings.ts';
import { type AuditedLeaf, auditLeaf } from './audit-leaf.ts';
import { decodeBundle } from './bundle.ts';
import { HASH_SIZE } from './hash.ts';
import { TILE_WIDTH } from './tile-path.ts';
import { type FullTile, TileBuilder } from './tiles.ts';

/** A root that was signed or anchored for a size. */
export interface KnownRoot {
  readonly size: number;
  readonly root: Uint8Array;
}

/** A log that is false throughout is not worth a finding for each of its entries. */
const MOST = 1000;

export interface Resume {
  readonly size: number;
  /** As `TileBuilder.partial` gives them. */
  readonly edges: readonly Uint8Array[];
}

export class TreeAudit {
  /** Tiles above the leaves that the entries fill; to be compared, and then forgotten. */
  full: FullTile[] = [];
  readonly findings: Finding[] = [];
  private readonly entries: TileBuilder;
  /** Goes on from the served tiles once they differ from the entries, to tell which of them was changed. */
  private tiles: TileBuilder | null = null;
  private readonly doubts: { readonly leaf: AuditedLeaf; readonly index: number }[] = [];
  private readonly watched: KnownRoot[];
  /** Known roots that the entries do not lead to. */
  private readonly missed: KnownRoot[] = [];
  private good: number;
  private broken = false;
  /** Findings beyond those that are kept. */
  more = 0;

  /** @param known roots to pass through, of any size beyond where it resumes */
  constructor(from: Resume, known: readonly KnownRoot[]) {
    this.entries = new TileBuilder(from.size, from.edges);
    this.good = from.size;
    this.watched = known.filter(({ size }) => size > from.size).sort((a, b) => a.size - b.size);
  }

  get size(): number {
    return this.entries.size;
  }

  /** What it takes to go on from here. Only if nothing was found. */
  resume(): Resume {
    return { size: this.entries.size, edges: this.entries.partial() };
  }

  /**
   * Takes bundle and leaf tile `n`, from where the tree stands to `width`. What is null was not served.
   * @returns the entries that could be read
   */
  bundle(n: number, width: number, bundle: Uint8Array | null, tile: Uint8Array | null): AuditedLeaf[] {
    const first = this.size - n * TILE_WIDTH;
    const from = this.size;
    const to = n * TILE_WIDTH + width - 1;
    const tileFits = tile !== null && tile.length === width * HASH_SIZE;
    if (!tileFits) this.note(finding('AUDIT_TILE_MISSING', { level: 0, n }));
    let leaves: Uint8Array[] | null = null;
    try {
      if (bundle) leaves = decodeBundle(bundle, width);
      else this.note(finding('AUDIT_ENTRIES_MISSING', { from, to, reason: 'not served' }));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.note(finding('AUDIT_ENTRIES_MISSING', { from, to, reason: error.text('en') }));
    }
    if (!leaves && !tileFits) this.broken = true;
    if (this.broken) return [];
    if (first > 0) this.remembered(n, leaves, first);
    const read: AuditedLeaf[] = [];
    for (let i = first; i < width; i++) {
      const served = tileFits ? tile.subarray(i * HASH_SIZE, (i + 1) * HASH_SIZE) : null;
      const leaf = leaves ? auditLeaf(n * TILE_WIDTH + i, leaves[i]!) : null;
      if (leaf) read.push(leaf);
      if (leaf?.fault) this.note(leaf.fault);
      this.append(leaf, served);
    }
    return read;
  }

  private append(leaf: AuditedLeaf | null, served: Uint8Array | null): void {
    const index = this.size;
    const differs = leaf !== null && served !== null && !equalBytes(leaf.hash, served);
    if (differs && this.doubts.length < MOST) this.doubts.push({ leaf, index });
    if (differs && !this.tiles) this.tiles = new TileBuilder(this.size, this.entries.partial());
    this.tiles?.append(served ?? leaf!.hash, () => undefined);
    this.entries.append(leaf?.hash ?? served!, (tile) => {
      if (tile.level > 0) this.full.push(tile);
    });
    while (this.watched[0]?.size === this.size) this.pass(this.watched.shift()!);
  }

  private note(one: Finding): void {
    if (this.findings.length < MOST) this.findings.push(one);
    else this.more++;
  }

  private pass(known: KnownRoot): void {
    if (this.leadsTo(known.root)) this.good = known.size;
    else this.missed.push(known);
  }

  private leadsTo(root: Uint8Array): boolean {
    return (
      equalBytes(this.entries.root(), root) || (this.tiles !== null && equalBytes(this.tiles.root(), root))
    );
  }

  /** Entries that were seen before must still be what they were. */
  private remembered(n: number, leaves: readonly Uint8Array[] | null, first: number): void {
    const hashes = this.entries.partial()[0]!;
    for (let i = 0; leaves && i < first; i++) {
      const leaf = auditLeaf(n * TILE_WIDTH + i, leaves[i]!);
      if (!equalBytes(leaf.hash, hashes.subarray(i * HASH_SIZE, (i + 1) * HASH_SIZE)))
        this.note(finding('AUDIT_ENTRY_REWRITTEN', { index: leaf.index, key: leaf.key }));
    }
  }

  /** The served form of a tile above the leaves, full or partial, against what the entries lead to. */
  compare(level: number, n: number, built: Uint8Array, served: Uint8Array | null): void {
    if (this.broken) return;
    if (!served || served.length !== built.length) {
      this.note(finding('AUDIT_TILE_MISSING', { level, n }));
      return;
    }
    // while entries and leaf tiles differ, whatever is above differs with one of them
    if (this.tiles) return;
    for (let at = 0; at < built.length; at += HASH_SIZE)
      if (!equalBytes(built.subarray(at, at + HASH_SIZE), served.subarray(at, at + HASH_SIZE)))
        this.note(finding('AUDIT_TILE_CHANGED', { level, n, position: at / HASH_SIZE }));
  }

  /** The partial tiles above the leaves, once all entries are in. */
  partial(): { readonly level: number; readonly n: number; readonly hashes: Uint8Array }[] {
    return this.entries
      .partial()
      .map((hashes, level) => ({ level, n: Math.floor(this.size / TILE_WIDTH ** (level + 1)), hashes }))
      .filter(({ level, hashes }) => level > 0 && hashes.length > 0);
  }

  /**
   * Says of each difference whether entry or tile is the false one, and compares the root that was signed.
   * @returns the known roots that contradict a root that is otherwise true
   */
  finish(root: Uint8Array): readonly KnownRoot[] {
    if (this.broken) return [];
    const byEntries = equalBytes(this.entries.root(), root);
    for (const { leaf, index } of this.doubts)
      this.note(
        byEntries
          ? finding('AUDIT_TILE_CHANGED', {
              level: 0,
              n: Math.floor(index / TILE_WIDTH),
              position: index % TILE_WIDTH,
            })
          : finding('AUDIT_ENTRY_CHANGED', { index, key: leaf.key }),
      );
    if (this.leadsTo(root)) return this.missed;
    this.note(finding('AUDIT_ROOT_DIFFERS', { size: this.size, from: this.good }));
    return [];
  }
}
