/** One audit of a house: its checkpoint, its log, its anchors and its public events, with nothing believed but a trust file. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { AppError, fromUtf8, toBase64 } from '@zhenmei/kernel';
import { type Finding, finding, fromError } from '@zhenmei/tlog/core/audit-findings.ts';
import { type Anchored, againstSeen, auditAnchors, forked } from '@zhenmei/tlog/core/audit-history.ts';
import type { AuditedLeaf } from '@zhenmei/tlog/core/audit-leaf.ts';
import type { KnownRoot, Resume, TreeAudit } from '@zhenmei/tlog/core/audit-tree.ts';
import { type LogTrust, openCheckpoint, type SignedCheckpoint } from '@zhenmei/tlog/core/log-proof.ts';
import type { Source } from './http.ts';
import { type Matched, matchEvents } from './match-events.ts';
import { Memory } from './memory.ts';
import { continues, readLog } from './read-log.ts';
import { standardFault } from './standards.ts';
import { type AuditState, emptyState, NOTHING, readState, writeState } from './state.ts';

export interface AuditOptions {
  readonly source: Source;
  readonly trust: LogTrust;
  /** Where to remember; without it every audit is the first. */
  readonly stateFile: string | null;
  /** Checkpoints that others saw. */
  readonly peers: readonly SignedCheckpoint[];
  /** The anchors since a block, oldest first; null if no node is asked. */
  readonly anchors: ((fromBlock: number) => Promise<readonly Anchored[]>) | null;
  /** Read only what was added since the last audit. */
  readonly onlyNew: boolean;
  /** How long a new public event may wait for its entry, in milliseconds. */
  readonly grace: number;
  readonly now: number;
  progress(step: 'entries' | 'events', done: number, of: number | null): void;
}

export interface AuditReport {
  /** 0 all right, 1 something is false, 2 something could not be judged. */
  readonly exit: 0 | 1 | 2;
  readonly origin: string;
  readonly checkpoint: { readonly size: number; readonly root: string } | null;
  readonly witnesses: readonly string[];
  /** Entries read this time, from `from` on, by type. */
  readonly entries: {
    readonly from: number;
    readonly read: number;
    readonly types: Readonly<Record<string, number>>;
  };
  readonly events: number | null;
  readonly ownNumbers: number;
  readonly waiting: number;
  /** Null if no node was asked. */
  readonly anchors: number | null;
  readonly findings: readonly Finding[];
  /** Findings beyond those that are listed. */
  readonly more: number;
  readonly unjudged: readonly { readonly code: string; readonly zh: string; readonly en: string }[];
}

/** Entries between two savings of the state. */
const SAVE = 65_536;
/** A longer list of findings says no more. */
const MOST = 1000;

/** Throws AUDIT_STATE_INVALID. What cannot be fetched is reported, not thrown. */
export async function runAudit(options: AuditOptions): Promise<AuditReport> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'zhenmei-audit-'));
  try {
    return await new Audit(options, folder).run();
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

class Audit {
  private readonly options: AuditOptions;
  private readonly folder: string;
  private readonly memory: Memory;
  private readonly state: AuditState;
  private readonly findings: Finding[] = [];
  private readonly unjudged: AppError[] = [];
  private more = 0;
  private head: SignedCheckpoint | null = null;
  private tree: TreeAudit | null = null;
  private anchors: readonly Anchored[] | null = null;
  private readonly known: number;
  private from = 0;
  private types: Record<string, number> = {};
  private read = 0;
  private matched: Matched | null = null;

  constructor(options: AuditOptions, folder: string) {
    const { stateFile, trust } = options;
    this.options = options;
    this.folder = folder;
    this.memory = new Memory(stateFile === null ? path.join(folder, 'leaves') : `${stateFile}.leaves`);
    this.known = this.memory.size;
    this.state = (stateFile === null ? null : readState(stateFile, trust)) ?? emptyState(trust.origin);
  }

  async run(): Promise<AuditReport> {
    await this.judge(async () => {
      // before the checkpoint: what is anchored by now must be under it
      const { anchors, onlyNew } = this.options;
      this.anchors = (await anchors?.(onlyNew ? (this.state.anchor?.block ?? 0) : 0)) ?? null;
    });
    await this.judge(async () => {
      this.head = await this.checkpoint();
      if (!this.head) return;
      this.tree = await this.log(this.head);
      this.matched = await this.events(this.head.size, this.from);
    });
    this.remember();
    return this.report();
  }

  /** What cannot be fetched leaves the rest to be judged. */
  private async judge(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.unjudged.push(error);
    }
  }

  private found(findings: readonly Finding[]): void {
    const room = MOST - this.findings.length;
    this.findings.push(...findings.slice(0, room));
    this.more += Math.max(0, findings.length - room);
  }

  private async checkpoint(): Promise<SignedCheckpoint | null> {
    const { source, trust } = this.options;
    const reply = await source.get('log/checkpoint');
    const seen = Math.max(0, ...this.seen().map(({ size }) => size));
    if (!reply && seen > 0) this.found([finding('AUDIT_ROLLED_BACK', { size: 0, seen })]);
    if (!reply && seen === 0)
      throw new AppError('AUDIT_UNREACHABLE', { url: 'log/checkpoint', reason: 'HTTP 404' });
    if (!reply) return null;
    try {
      return openCheckpoint(fromUtf8(reply.bytes), trust);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.found([fromError(error)]);
      return null;
    }
  }

  private seen(): readonly SignedCheckpoint[] {
    return [...this.state.seen, ...this.options.peers];
  }

  private async log(head: SignedCheckpoint): Promise<TreeAudit> {
    const { state, options } = this;
    const anchors = this.anchors ?? [];
    const contradictions = againstSeen(head, this.seen());
    const remembered = state.anchor ? [state.anchor] : [];
    this.found([
      ...contradictions,
      ...auditAnchors(anchors, options.onlyNew ? state.anchor : null, head.size),
    ]);
    // checkpoints of this very size are compared already
    const earlier = this.seen().filter(({ size }) => size < head.size);
    const known = [...earlier, ...remembered, ...anchors].filter(({ size }) => size > 0);
    // an audit that was broken off goes on; a finding makes the next one read everything
    const mayResume = (options.onlyNew || !state.complete) && this.known >= state.tree.size;
    let from =
      mayResume && contradictions.length === 0 && state.tree.size <= head.size ? state.tree : NOTHING;
    for (const one of [...options.peers, ...anchors])
      if (one.size > 0 && one.size <= from.size && !(await continues(options.source, one, head)))
        from = NOTHING;
    let reading = await this.readFrom(from, head, known);
    if (from.size > 0 && (reading.findings.length > 0 || reading.rewritten.length > 0)) {
      const again = await this.readFrom(NOTHING, head, known);
      if (again.findings.length > 0 || again.rewritten.length > 0) reading = again;
    }
    this.found([...reading.findings, ...reading.rewritten]);
    this.more += reading.tree.more;
    return reading.tree;
  }

  private async readFrom(from: Resume, head: SignedCheckpoint, known: readonly KnownRoot[]) {
    const rewritten: Finding[] = [];
    this.from = from.size;
    this.read = 0;
    this.types = {};
    let saved = from.size;
    const { tree, findings, contradicting } = await readLog({
      source: this.options.source,
      head,
      from,
      known,
      leaves: async (leaves) => {
        for (const leaf of leaves) {
          const faults = await this.leaf(leaf);
          if (rewritten.length < MOST) rewritten.push(...faults);
        }
      },
      progress: (so) => {
        this.options.progress('entries', so.size, head.size);
        const mayStop = so.findings.length === 0 && rewritten.length === 0 && this.findings.length === 0;
        if (mayStop && so.size - saved >= SAVE) {
          this.save({ ...this.state, tree: so.resume(), complete: false, page: null });
          saved = so.size;
        }
      },
    });
    const contradictions = contradicting.map((one) =>
      'note' in one
        ? forked(head, one as SignedCheckpoint)
        : finding('AUDIT_ANCHOR_DIFFERS', { size: one.size }),
    );
    return { tree, findings: [...findings, ...contradictions], rewritten };
  }

  private async leaf(leaf: AuditedLeaf): Promise<readonly Finding[]> {
    const { index, key, type, hash, eventDigest } = leaf;
    this.read++;
    const name = type ?? 'unknown';
    this.types[name] = (this.types[name] ?? 0) + 1;
    const same = this.memory.put(index, eventDigest !== null, eventDigest ?? hash);
    const fault = type === 'service-standard' ? await standardFault(this.options.source, leaf) : null;
    return [...(same ? [] : [finding('AUDIT_ENTRY_REWRITTEN', { index, key })]), ...(fault ? [fault] : [])];
  }

  /** New events alone if that is enough, else all of them. */
  private async events(size: number, first: number): Promise<Matched> {
    const { source, onlyNew, grace, now, progress } = this.options;
    const { waiting, page } = this.state;
    const match = (after: { first: number; page: string | null }, name: string) =>
      matchEvents({
        ...after,
        source,
        memory: this.memory,
        size,
        waiting,
        grace,
        now,
        folder: path.join(this.folder, name),
        progress: (done) => progress('events', done, null),
      });
    const quick = onlyNew && first > 0 && page !== null ? await match({ first, page }, 'new') : null;
    const matched = quick?.findings.length === 0 ? quick : await match({ first: 0, page: null }, 'all');
    this.found(matched.findings);
    return matched;
  }

  private save(state: AuditState): void {
    if (this.options.stateFile === null) return;
    this.memory.write();
    writeState(this.options.stateFile, state);
  }

  private remember(): void {
    const { state, head, tree, matched } = this;
    if (!head) return;
    const seen = [...state.seen, ...this.options.peers, head];
    if (this.findings.length > 0) {
      // the signed checkpoints stay as evidence; the entries are not to be relied on
      this.memory.cut(this.known);
      this.save({ ...state, seen, tree: NOTHING, complete: false, page: null });
    } else if (tree)
      this.save({
        origin: state.origin,
        tree: tree.resume(),
        complete: matched !== null,
        seen,
        anchor: this.anchors?.at(-1) ?? state.anchor,
        page: matched?.page ?? null,
        waiting: matched?.waiting ?? state.waiting,
      });
  }

  private report(): AuditReport {
    const { head, findings, unjudged, matched } = this;
    return {
      exit: findings.length > 0 ? 1 : unjudged.length > 0 ? 2 : 0,
      origin: this.state.origin,
      checkpoint: head && { size: head.size, root: toBase64(head.root) },
      witnesses: head?.witnessed.map(({ name }) => name) ?? [],
      entries: { from: this.from, read: this.read, types: this.types },
      events: matched?.events ?? null,
      ownNumbers: matched?.ownNumbers ?? 0,
      waiting: matched?.waiting.size ?? 0,
      anchors: this.anchors?.length ?? null,
      findings,
      more: this.more,
      unjudged: unjudged.map((error) => ({
        code: error.code,
        zh: error.text('zh-CN'),
        en: error.text('en'),
      })),
    };
  }
}
