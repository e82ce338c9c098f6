/**
 * A recall among 100,000 devices: what each fetches, how long it compares, when the last one knows, and what the server
 * sees. The devices run the code that the app runs. `zhenmei bench recall`.
 */
import { gzipSync } from 'node:zlib';
import { p256 } from '@noble/curves/nist.js';
import {
  emptyFeed,
  type FeedIo,
  syncFeed,
  touching,
  type Watched,
  watched,
} from '@zhenmei/client/recalls.ts';
import { toHex0x, utf8 } from '@zhenmei/kernel';
import {
  type Notice,
  noticeMessage,
  noticeText,
  type SignedNotice,
} from '@zhenmei/provenance/core/notice.ts';
import {
  checkpointText,
  ed25519Signer,
  encodeLeaf,
  formatVerifierKey,
  leafHash,
  MerkleTree,
  signNote,
} from '@zhenmei/tlog';
import type { BenchRow } from './log.ts';
import { randomFrom } from './provenance-clones.ts';

const DEVICES = 100_000;
/** Notices in the feed before the recall, and units that were used on a person. */
const FEED = 500;
const USED = 6;
const LOTS = 4_000;
/** As in the app and the server: between two looks, and how long a shared cache may keep the head. */
const POLL_MS = 40_000;
const CACHE_MS = 15_000;

const ORIGIN = 'zhenmei.example/recalls';
const signer = ed25519Signer(ORIGIN, new Uint8Array(32).fill(3));
const secret = new Uint8Array(32).fill(7);
const gtin = (n: number) => `0952100000${String(n % 40).padStart(4, '0')}`;

function notice(n: number, lot: number): SignedNotice {
  const said: Notice = {
    format: 'zhenmei-notice/1',
    id: `01890000-0000-7000-8000-${String(n).padStart(12, '0')}`,
    kind: 'recall',
    issuer: '9520000000004',
    issuedAt: '2026-03-01T00:00:00.000Z',
    gtin: gtin(lot),
    lots: [`L${lot}`],
    serials: [],
    severity: '2',
    reason: { zh: '灭菌记录不完整，可能影响无菌状态。', en: 'The sterilisation record is incomplete.' },
    doNow: { zh: '不要使用，请联系机构。', en: 'Do not use it. Contact the clinic.' },
  };
  const signature = toHex0x(p256.sign(noticeMessage(said), secret, { prehash: true }));
  return { notice: said, key: toHex0x(p256.getPublicKey(secret, false)), signature };
}

/** The server: static answers, and a list of all that it was ever asked. */
async function serverOf(entries: SignedNotice[]) {
  const asked = new Map<string, number>();
  const heads = new Map<number, unknown>();
  const tree = new MerkleTree();
  const leaves = entries.map((entry) => leafHash(encodeLeaf('recall', noticeText(entry))));
  for (const [i, leaf] of leaves.entries()) {
    tree.append(leaf);
    if (i + 1 < FEED) continue;
    const checkpoint = await signNote(
      checkpointText({ origin: ORIGIN, size: i + 1, root: tree.root() }),
      signer,
    );
    heads.set(i + 1, { format: 'zhenmei-feed/1', size: i + 1, checkpoint });
  }
  const note = (path: string) => asked.set(path, (asked.get(path) ?? 0) + 1);
  const io = (size: number): FeedIo => ({
    trust: { origin: ORIGIN, keys: [formatVerifierKey(signer.key)] },
    head: async () => {
      note('/recalls/head');
      return heads.get(size);
    },
    range: async (from, to) => {
      note(`/recalls/${from}/${to}`);
      return { format: 'zhenmei-feed/1', from, entries: entries.slice(from, to) };
    },
  });
  return { io, asked, heads };
}

const kB = (value: unknown) => {
  const text = JSON.stringify(value);
  return { plain: utf8(text).length, packed: gzipSync(text).length };
};
const round = (value: number) => Number(value.toPrecision(3));

export async function run(): Promise<BenchRow[]> {
  const random = randomFrom(11);
  const recalled = 1_234;
  // no earlier notice is about the lot that will be recalled
  const old = Array.from({ length: FEED }, (_, n) => notice(n, 5_000 + n));
  const entries = [...old, notice(FEED, recalled)];
  const { io, asked, heads } = await serverOf(entries);

  const base = await syncFeed(io(FEED), emptyFeed());
  const whole = kB({ entries: old });
  const increment = kB({ entries: entries.slice(FEED) });
  const head = kB(heads.get(FEED));

  const devices = Array.from({ length: DEVICES }, (_, device) => {
    const lots = Array.from({ length: USED }, () => Math.floor(random() * LOTS));
    const watch = (): Watched[] =>
      lots.map((lot, visit) =>
        watched(
          `salt${device}`,
          `v${visit}`,
          `https://id.gs1.org/01/${gtin(lot)}/21/S${device}`,
          `https://id.gs1.org/01/${gtin(lot)}/10/L${lot}`,
        ),
      );
    return { salt: `salt${device}`, watch, mine: lots.includes(recalled), phase: random() * POLL_MS };
  });

  const updated = await syncFeed(io(FEED + 1), base);
  const fresh = updated.entries.slice(FEED);
  asked.clear();
  let told = 0;
  let wrong = 0;
  let matching = 0;
  let last = 0;
  for (const { salt, watch, mine, phase } of devices) {
    const units = watch();
    const since = performance.now();
    const found = touching(fresh, salt, units).length > 0;
    matching += performance.now() - since;
    if (found) told++;
    if (found !== mine) wrong++;
    // published at 0: the first look that the cache does not answer from before
    const looks = Math.ceil((CACHE_MS - phase) / POLL_MS);
    last = Math.max(last, phase + Math.max(0, looks) * POLL_MS);
  }
  const firstTime: number[] = [];
  for (const { salt, watch } of devices.slice(0, 200)) {
    const units = watch();
    const since = performance.now();
    touching(updated.entries, salt, units);
    firstTime.push(performance.now() - since);
  }
  const sync = performance.now();
  const again = await syncFeed(io(FEED + 1), base);
  const syncMs = performance.now() - sync;
  touching(again.entries, 'x', []);
  firstTime.sort((a, b) => a - b);
  const paths = [...asked.keys()];
  const named = paths.filter((path) => !/^\/recalls\/(head|\d+\/\d+)$/.test(path)).length;
  return [
    {
      name: `devices told, of ${DEVICES.toLocaleString('en')} (told wrongly: ${wrong})`,
      value: told,
      unit: 'devices',
    },
    {
      name: `whole feed of ${FEED} notices, once`,
      value: round(whole.packed / 1_000),
      unit: 'kB gzip',
      floor: { name: 'plain kB', value: round(whole.plain / 1_000) },
    },
    {
      name: 'one new notice',
      value: increment.packed,
      unit: 'B gzip',
      floor: { name: 'plain B', value: increment.plain },
    },
    { name: 'one look that finds nothing new', value: head.plain, unit: 'B' },
    { name: 'comparing one new notice, on a device', value: round((matching / DEVICES) * 1_000), unit: 'µs' },
    {
      name: `comparing the whole feed, p50`,
      value: round(firstTime[100]!),
      unit: 'ms',
      floor: { name: 'fetching and checking one more notice, ms', value: round(syncMs) },
    },
    {
      name: 'from the click to the last device that is on',
      value: round(last / 1_000),
      unit: 's',
      floor: { name: 'bound, s', value: 60 },
    },
    { name: 'requests that say more than a place in the list', value: named, unit: 'requests' },
  ];
}
