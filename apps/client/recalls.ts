/**
 * Recalls on a person's own device: the feed is fetched as everybody fetches it, checked, and compared with what was used
 * on this person, here. Whoever serves the feed learns nothing but that somebody asked.
 */
import { parseLotLink, parseUnitLink } from '@zhenmei/gs1/core/links.ts';
import { AppError, type Hex, sha256, toHex0x, utf8 } from '@zhenmei/kernel';
import { FEED_RANGE, FeedHead, FeedRange } from '@zhenmei/provenance/core/feed.ts';
import { inForce, noticeText, readNotice, SignedNotice } from '@zhenmei/provenance/core/notice.ts';
import { parseCheckpoint } from '@zhenmei/tlog/core/checkpoint.ts';
import { leafHash } from '@zhenmei/tlog/core/hash.ts';
import { parseVerifierKey } from '@zhenmei/tlog/core/keys.ts';
import { encodeLeaf } from '@zhenmei/tlog/core/leaf.ts';
import { openNote } from '@zhenmei/tlog/core/note.ts';
import { MerkleTree } from '@zhenmei/tlog/core/tree.ts';

export interface FeedIo {
  head(): Promise<unknown>;
  range(from: number, to: number): Promise<unknown>;
  /** The feed's name and keys, from the trust file. */
  readonly trust: { readonly origin: string; readonly keys: readonly string[] };
}

/** What this device has of the feed. */
export interface FeedCopy {
  readonly entries: readonly SignedNotice[];
  readonly tree: MerkleTree;
}

export const emptyFeed = (): FeedCopy => ({ entries: [], tree: new MerkleTree() });

function untrue(what: string, cause?: unknown): never {
  throw new AppError('FEED_FALSE', { what }, { cause });
}

/**
 * Fetches what is new. The list must be exactly the one that was signed, and must go on from what this device has:
 * nothing can be left out or taken back. Throws FEED_FALSE.
 */
export async function syncFeed(io: FeedIo, copy: FeedCopy): Promise<FeedCopy> {
  const head = FeedHead.safeParse(await io.head());
  if (!head.success) return untrue('head');
  const { size, checkpoint } = head.data;
  const have = copy.entries.length;
  if (size < have) return untrue('size');
  if (size === have) return copy;
  const root = signedRoot(checkpoint, size, io.trust);
  const entries = [...copy.entries];
  const tree = grown(copy.entries);
  for (let from = have; from < size; from += FEED_RANGE) {
    const to = Math.min(size, from + FEED_RANGE);
    const range = FeedRange.safeParse(await io.range(from, to));
    if (!range.success || range.data.from !== from || range.data.entries.length !== to - from)
      return untrue(`${from}/${to}`);
    for (const entry of range.data.entries) {
      entries.push(entry);
      tree.append(leafOf(entry));
    }
  }
  if (toHex0x(tree.root()) !== root) return untrue('root');
  return { entries, tree };
}

function signedRoot(checkpoint: string, size: number, { origin, keys }: FeedIo['trust']): Hex {
  try {
    const known = keys.map(parseVerifierKey).filter(({ name }) => name === origin);
    const head = parseCheckpoint(openNote(checkpoint, known).text);
    if (head.origin === origin && head.size === size) return toHex0x(head.root);
  } catch (cause) {
    return untrue('signature', cause);
  }
  return untrue('signature');
}

const leafOf = (entry: SignedNotice) => leafHash(encodeLeaf('recall', noticeText(entry)));

/** A tree of its own, so that a refused fetch leaves the old one as it was. */
function grown(entries: readonly SignedNotice[]): MerkleTree {
  const tree = new MerkleTree();
  for (const entry of entries) tree.append(leafOf(entry));
  return tree;
}

/** Reads a copy that was kept on the device; one that cannot be read is fetched anew. */
export function keptFeed(entries: unknown): FeedCopy {
  if (!Array.isArray(entries)) return emptyFeed();
  try {
    const read = entries.map((entry) => SignedNotice.parse(entry));
    return { entries: read, tree: grown(read) };
  } catch {
    return emptyFeed();
  }
}

/** One thing that was used on this person, so that it can be compared and not be read. */
export interface Watched {
  /** Id of the visit. */
  readonly visit: string;
  readonly lot: Hex;
  readonly unit: Hex;
}

const keyOf = (salt: string, kind: string, gtin: string, number: string): Hex =>
  toHex0x(sha256(utf8(`${salt}\n${kind}\n${gtin}\n${number}`)));

/** @param salt of this device @param unit address @param lot address, both canonical */
export function watched(salt: string, visit: string, unit: string, lot: string): Watched {
  const one = parseUnitLink(unit);
  const of = parseLotLink(lot);
  return {
    visit,
    lot: keyOf(salt, 'lot', of?.gtin ?? '', of?.lot ?? ''),
    unit: keyOf(salt, 'unit', one?.gtin ?? '', one?.serial ?? ''),
  };
}

export interface Touched {
  readonly signed: SignedNotice;
  /** Visits in which a recalled unit was used. */
  readonly visits: readonly string[];
}

/** Recalls in force that touch what is watched, the gravest first. Their signatures are checked. Throws NOTICE_NOT_SIGNED. */
export function touching(
  entries: readonly SignedNotice[],
  salt: string,
  watch: readonly Watched[],
): Touched[] {
  if (watch.length === 0) return [];
  return inForce(entries)
    .filter(({ notice }) => notice.kind === 'recall')
    .flatMap((signed) => {
      const { gtin, lots, serials } = signed.notice;
      const units = new Set(serials.map((serial) => keyOf(salt, 'unit', gtin, serial)));
      const keys = new Set(lots.map((lot) => keyOf(salt, 'lot', gtin, lot)));
      const visits = watch
        .filter(({ lot }) => keys.has(lot))
        .filter(({ unit }) => units.size === 0 || units.has(unit))
        .map(({ visit }) => visit);
      return visits.length > 0 ? [{ signed: readNotice(signed), visits: [...new Set(visits)] }] : [];
    })
    .sort((a, b) => (a.signed.notice.severity! < b.signed.notice.severity! ? -1 : 1));
}
