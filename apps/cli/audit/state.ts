/** What an auditor knows of a log from one time to the next, and may hand to another auditor. */
import fs from 'node:fs';
import {
  AppError,
  defineErrors,
  fromBase64,
  fromUtf8,
  type Json,
  strictJson,
  toBase64,
} from '@zhenmei/kernel';
import type { Anchored } from '@zhenmei/tlog/core/audit-history.ts';
import type { Resume } from '@zhenmei/tlog/core/audit-tree.ts';
import { type LogTrust, openCheckpoint, type SignedCheckpoint } from '@zhenmei/tlog/core/log-proof.ts';
import { TileBuilder } from '@zhenmei/tlog/core/tiles.ts';
import { readBytes } from '../read-input.ts';

defineErrors({
  AUDIT_STATE_INVALID: {
    status: 400,
    retryable: false,
    zh: '文件 {file} 不是这个日志的审计记录：{reason}',
    en: 'The file {file} is not an auditor’s record of this log: {reason}',
  },
});

const FORMAT = 'zhenmei-audit-state/1';
/** Checkpoints prove a fork for ever, but a few of each age are enough. */
const KEPT = 100;

export interface AuditState {
  readonly origin: string;
  /** How far the entries are read. */
  readonly tree: Resume;
  /** Whether the last reading came to its end and found everything right. */
  readonly complete: boolean;
  readonly seen: readonly SignedCheckpoint[];
  readonly anchor: Anchored | null;
  /** Page of public events to go on from. */
  readonly page: string | null;
  /** Digests of public events that wait for their entry, and when each was first seen (milliseconds since the epoch). */
  readonly waiting: ReadonlyMap<string, number>;
}

export const NOTHING: Resume = { size: 0, edges: [] };

export const emptyState = (origin: string): AuditState => ({
  origin,
  tree: NOTHING,
  complete: false,
  seen: [],
  anchor: null,
  page: null,
  waiting: new Map(),
});

function refuse(file: string, reason: string, cause?: unknown): never {
  throw new AppError('AUDIT_STATE_INVALID', { file, reason }, { cause });
}

/** Null if there is no such file. Throws AUDIT_STATE_INVALID; every checkpoint in it must be signed by the log. */
export function readState(file: string, trust: LogTrust): AuditState | null {
  if (!fs.existsSync(file)) return null;
  try {
    return parseState(fromUtf8(readBytes(file)), trust);
  } catch (error) {
    return refuse(file, error instanceof AppError ? error.text('en') : (error as Error).message, error);
  }
}

function parseState(text: string, { origin, keys }: LogTrust): AuditState {
  const value = strictJson(text, 8) as { [name: string]: Json };
  if (value.format !== FORMAT) throw new Error('format');
  if (value.origin !== origin) throw new Error('origin');
  const tree = { size: Number(value.size), edges: (value.edges as string[]).map(fromBase64) };
  new TileBuilder(tree.size, tree.edges);
  const anchor = value.anchor as { size: number; root: string; block: number } | null;
  return {
    origin,
    tree,
    complete: value.complete === true,
    seen: (value.checkpoints as string[]).map((note) => openCheckpoint(note, { origin, keys })),
    anchor: anchor && { ...anchor, root: fromBase64(anchor.root) },
    page: typeof value.page === 'string' ? value.page : null,
    waiting: new Map(Object.entries(value.waiting as { [digest: string]: number })),
  };
}

/** In one step: a reader finds the old state or the new one. */
export function writeState(file: string, state: AuditState): void {
  const text = JSON.stringify({
    format: FORMAT,
    origin: state.origin,
    size: state.tree.size,
    edges: state.tree.edges.map(toBase64),
    complete: state.complete,
    checkpoints: thinned(state.seen).map(({ note }) => note),
    anchor: state.anchor && { ...state.anchor, root: toBase64(state.anchor.root) },
    page: state.page,
    waiting: Object.fromEntries(state.waiting),
  });
  const handle = fs.openSync(`${file}.tmp`, 'w');
  fs.writeSync(handle, `${text}\n`);
  fs.fsyncSync(handle);
  fs.closeSync(handle);
  fs.renameSync(`${file}.tmp`, file);
}

/** One a root, the newest and then ever fewer. */
function thinned(seen: readonly SignedCheckpoint[]): SignedCheckpoint[] {
  const roots = new Map(seen.map((one) => [`${one.size} ${toBase64(one.root)}`, one]));
  const newest = [...roots.values()].sort((a, b) => b.size - a.size);
  if (newest.length <= KEPT) return newest;
  return [...newest.slice(0, KEPT / 2), ...newest.slice(KEPT / 2).filter((_, i) => i % 2 === 0)];
}

/** What another auditor saw: its state file, or a checkpoint as the log signed it. Throws AUDIT_STATE_INVALID, FILE_UNREADABLE. */
export function readPeer(file: string, trust: LogTrust): readonly SignedCheckpoint[] {
  const text = fromUtf8(readBytes(file));
  if (text.startsWith('{')) return readState(file, trust)!.seen;
  try {
    return [openCheckpoint(text, { origin: trust.origin, keys: trust.keys })];
  } catch (error) {
    if (error instanceof AppError) return refuse(file, error.text('en'), error);
    throw error;
  }
}
