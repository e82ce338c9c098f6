/** A house that was visited and recorded, so that a lie can be told about any one part of what it serves. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { httpSource, type Source } from '@zhenmei/cli/audit/http.ts';
import { anchorsOf } from '@zhenmei/cli/audit/ledger.ts';
import { publicEvents } from '@zhenmei/cli/audit/public-events.ts';
import { type AuditOptions, type AuditReport, runAudit } from '@zhenmei/cli/audit/run-audit.ts';
import { playVisit } from '@zhenmei/cli/play-visit.ts';
import { parseTrustFile, type TrustFile } from '@zhenmei/evidence/core/trust-file.ts';
import { fromUtf8, type Json, sha256, toHex, utf8 } from '@zhenmei/kernel';
import type { Anchored } from '@zhenmei/tlog/core/audit-history.ts';
import { decodeBundle, encodeBundle } from '@zhenmei/tlog/core/bundle.ts';
import { checkpointText } from '@zhenmei/tlog/core/checkpoint.ts';
import { leafHash } from '@zhenmei/tlog/core/hash.ts';
import { ed25519Signer, signNote } from '@zhenmei/tlog/core/note.ts';
import { MerkleTree } from '@zhenmei/tlog/core/tree.ts';
import { openTestHouse, type TestHouse } from './test-house.ts';

export type Member = { [name: string]: Json };

export interface AuditedHouse {
  readonly house: TestHouse;
  /** For state files; holds zhenmei-trust.json. */
  readonly folder: string;
  readonly trust: TrustFile;
  readonly anchors: readonly Anchored[];
  /** Entries of the log. */
  readonly size: number;
  readonly leaves: readonly Uint8Array[];
  /** SHA-256 over each public event, in the order in which they are served. */
  readonly digests: readonly string[];
  /** The recorded answers, by address below the house. */
  readonly answers: ReadonlyMap<string, Uint8Array>;
  close(): Promise<void>;
}

export const overHttp = ({ house }: Pick<AuditedHouse, 'house'>): Source =>
  httpSource(house.url, () => Promise.resolve());

export const auditWith =
  ({ trust }: Pick<AuditedHouse, 'trust'>) =>
  (source: Source, more: Partial<AuditOptions> = {}): Promise<AuditReport> =>
    runAudit({
      source,
      trust: trust.logs[0]!,
      stateFile: null,
      peers: [],
      anchors: null,
      onlyNew: false,
      grace: 0,
      now: Date.now(),
      progress: () => undefined,
      ...more,
    });

export async function openAuditedHouse(): Promise<AuditedHouse> {
  const house = await openTestHouse();
  await playVisit({ baseUrl: house.url, origin: house.url, onStep: () => undefined });
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'zm-audit-'));
  const file = await (await fetch(`${house.url}/zhenmei-trust.json`)).text();
  fs.writeFileSync(path.join(folder, 'zhenmei-trust.json'), file);
  const trust = parseTrustFile(file.trim());
  const anchors = await anchorsOf(house.house.engines.embedded!.url, trust, trust.logs[0]!.origin, 0);
  const answers = new Map<string, Uint8Array>();
  const real = overHttp({ house });
  const report = await auditWith({ trust })({
    ...real,
    async get(to) {
      const reply = await real.get(to);
      if (reply) answers.set(real.relative(reply.url), reply.bytes);
      return reply;
    },
  });
  if (report.exit !== 0) throw new Error(JSON.stringify(report));
  const leaves = [...answers]
    .filter(([at]) => at.startsWith('log/tile/entries/'))
    .flatMap(([at, bytes]) => decodeBundle(bytes, Number(/\.p\/(\d+)$/.exec(at)?.[1] ?? 256)));
  const digests: string[] = [];
  for await (const { digest } of publicEvents(real, null)) digests.push(toHex(digest!));
  return {
    house,
    folder,
    trust,
    anchors,
    size: leaves.length,
    leaves,
    digests,
    answers,
    async close() {
      await house.close();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The house as recorded, but for what `lies` says about an address; null there is a 404. */
export function lying(on: AuditedHouse, lies: Readonly<Record<string, Uint8Array | string | null>>): Source {
  const { relative } = overHttp(on);
  return {
    relative,
    async get(to) {
      const url = new URL(to, `${on.house.url}/`);
      const lie = lies[relative(url)];
      const bytes = lie === undefined ? (on.answers.get(relative(url)) ?? null) : lie;
      if (bytes === null) return null;
      return { url, headers: new Headers(), bytes: typeof bytes === 'string' ? utf8(bytes) : bytes };
    },
  };
}

/** The recorded address that begins like this. */
export const recorded = ({ answers }: AuditedHouse, start: string): string =>
  [...answers.keys()].find((at) => at.startsWith(start))!;

export const eventPage = (on: AuditedHouse): Member =>
  JSON.parse(fromUtf8(on.answers.get(recorded(on, 'events?'))!)) as Member;

export const listOf = (page: Member): { eventList: Member[] } =>
  ((page.epcisBody as Member).queryResults as { resultsBody: { eventList: Member[] } }).resultsBody;

export const codes = ({ findings }: AuditReport): string[] => findings.map(({ code }) => code);

export const flipped = (bytes: Uint8Array, at: number): Uint8Array => {
  const copy = new Uint8Array(bytes);
  copy[at]! ^= 1;
  return copy;
};

/** A log of these entries, signed by the house itself. */
export async function signedLog({ house, trust }: AuditedHouse, leaves: readonly Uint8Array[]) {
  const tree = new MerkleTree();
  for (const leaf of leaves) tree.append(leafHash(leaf));
  const { origin } = trust.logs[0]!;
  const text = checkpointText({ origin, size: leaves.length, root: tree.root() });
  return {
    'log/checkpoint': await signNote(text, ed25519Signer(origin, house.house.deps.secrets.logSeed)),
    [`log/tile/entries/000.p/${leaves.length}`]: encodeBundle(leaves),
    [`log/tile/0/000.p/${leaves.length}`]: Buffer.concat(leaves.map(leafHash)),
  };
}

/** The house writes another history from entry `i` on, and signs it. */
export async function forkedAt(on: AuditedHouse, i: number): Promise<Source> {
  const commitment = on.leaves.find((leaf) => leaf[0] === 0x02)!;
  return lying(on, await signedLog(on, on.leaves.with(i, commitment)));
}

/** The house as it was when it had `count` entries. */
export async function before(on: AuditedHouse, count: number): Promise<Source> {
  const leaves = on.leaves.slice(0, count);
  const logged = new Set(leaves.map((leaf) => toHex(sha256(leaf.subarray(1)))));
  const page = eventPage(on);
  listOf(page).eventList = listOf(page).eventList.filter((_, i) => logged.has(on.digests[i]!));
  return lying(on, { ...(await signedLog(on, leaves)), [recorded(on, 'events?')]: JSON.stringify(page) });
}
