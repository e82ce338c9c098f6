/** The feed as a device checks it, and what it finds without telling anybody. */
import { p256 } from '@noble/curves/nist.js';
import { toHex0x } from '@zhenmei/kernel';
import {
  type Notice,
  noticeMessage,
  noticeText,
  type SignedNotice,
} from '@zhenmei/provenance/core/notice.ts';
import { checkpointText } from '@zhenmei/tlog/core/checkpoint.ts';
import { leafHash } from '@zhenmei/tlog/core/hash.ts';
import { formatVerifierKey } from '@zhenmei/tlog/core/keys.ts';
import { encodeLeaf } from '@zhenmei/tlog/core/leaf.ts';
import { ed25519Signer, signNote } from '@zhenmei/tlog/core/note.ts';
import { MerkleTree } from '@zhenmei/tlog/core/tree.ts';
import { describe, expect, it } from 'vitest';
import { emptyFeed, type FeedIo, keptFeed, syncFeed, touching, watched } from './recalls.ts';

const ORIGIN = 'zhenmei.example/recalls';
const signer = ed25519Signer(ORIGIN, new Uint8Array(32).fill(3));
const trust = { origin: ORIGIN, keys: [formatVerifierKey(signer.key)] };
const secret = new Uint8Array(32).fill(7);
const GTIN = '09521000000018';
const id = (n: number) => `01890000-0000-7000-8000-${String(n).padStart(12, '0')}`;

function entry(n: number, more: Partial<Notice> = {}): SignedNotice {
  const notice: Notice = {
    format: 'zhenmei-notice/1',
    id: id(n),
    kind: 'recall',
    issuer: '9520000000004',
    issuedAt: '2026-03-01T00:00:00.000Z',
    gtin: GTIN,
    lots: [`L${n}`],
    serials: [],
    severity: '2',
    reason: { zh: '原因', en: 'why' },
    doNow: { zh: '做', en: 'do' },
    ...more,
  };
  const signature = toHex0x(p256.sign(noticeMessage(notice), secret, { prehash: true }));
  return { notice, key: toHex0x(p256.getPublicKey(secret, false)), signature };
}
const withdrawal = (n: number, about: number): SignedNotice => {
  const { severity: _, ...rest } = entry(n).notice;
  return entry(n, { ...rest, kind: 'withdrawal', lots: [], severity: undefined, about: id(about) });
};

async function headOf(entries: readonly SignedNotice[], by = signer) {
  const tree = new MerkleTree();
  for (const one of entries) tree.append(leafHash(encodeLeaf('recall', noticeText(one))));
  const size = entries.length;
  const checkpoint =
    size === 0 ? '' : await signNote(checkpointText({ origin: ORIGIN, size, root: tree.root() }), by);
  return { format: 'zhenmei-feed/1', size, checkpoint };
}

/** A server of the feed, and everything that it saw. */
function serverOf(entries: readonly SignedNotice[], lies: Partial<FeedIo> = {}) {
  const asked: string[] = [];
  const io: FeedIo = {
    trust,
    head: async () => {
      asked.push('head');
      return headOf(entries);
    },
    range: async (from, to) => {
      asked.push(`${from}/${to}`);
      return { format: 'zhenmei-feed/1', from, entries: entries.slice(from, to) };
    },
    ...lies,
  };
  return { io, asked };
}
const list = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => entry(from + i));
const code = (run: Promise<unknown>) =>
  run.then(
    () => 'none',
    (error: { code: string; params: { what: string } }) => `${error.code} ${error.params.what}`,
  );

describe('the feed on a device', () => {
  it('is fetched once, then only what is new, by everybody in the same words', async () => {
    const three = list(0, 3);
    const first = serverOf(three);
    const copy = await syncFeed(first.io, emptyFeed());
    expect(copy.entries).toEqual(three);
    expect(first.asked).toEqual(['head', '0/3']);
    expect(await syncFeed(first.io, copy)).toBe(copy);
    const more = serverOf(list(0, 5));
    expect((await syncFeed(more.io, copy)).entries).toHaveLength(5);
    expect(more.asked).toEqual(['head', '3/5']);
  });

  it('comes in stretches when it is long, and goes on from what was kept', async () => {
    const many = Array.from({ length: 300 }, (_, n) => entry(n, { lots: [`L${n}`] }));
    const { io, asked } = serverOf(many);
    const copy = await syncFeed(io, emptyFeed());
    expect(asked).toEqual(['head', '0/256', '256/300']);
    expect(await syncFeed(io, keptFeed(JSON.parse(JSON.stringify(copy.entries))))).toMatchObject({
      entries: copy.entries,
    });
    expect(keptFeed('damaged').entries).toEqual([]);
    expect(keptFeed([{ ...many[0], signature: '0x' }]).entries).toEqual([]);
  });

  it.each<[string, (all: SignedNotice[]) => Partial<FeedIo> | Promise<Partial<FeedIo>>, string]>([
    [
      'an entry left out',
      (all) => ({
        head: () => headOf(all.slice(0, 2)),
        range: async () => ({ format: 'zhenmei-feed/1', from: 0, entries: [all[0], all[2]] }),
      }),
      'root',
    ],
    [
      'entries in another order',
      (all) => ({
        range: async () => ({ format: 'zhenmei-feed/1', from: 0, entries: [all[1], all[0], all[2]] }),
      }),
      'root',
    ],
    [
      'an entry changed',
      (all) => ({
        range: async () => ({
          format: 'zhenmei-feed/1',
          from: 0,
          entries: [all[0], all[1], { ...all[2], notice: { ...all[2]!.notice, lots: ['X'] } }],
        }),
      }),
      'root',
    ],
    [
      'fewer than were asked for',
      (all) => ({ range: async () => ({ format: 'zhenmei-feed/1', from: 0, entries: all.slice(0, 2) }) }),
      '0/3',
    ],
    [
      'a head of somebody else',
      (all) => ({ head: () => headOf(all, ed25519Signer(ORIGIN, new Uint8Array(32).fill(4))) }),
      'signature',
    ],
    [
      'a head without a signature',
      () => ({ head: async () => ({ format: 'zhenmei-feed/1', size: 3, checkpoint: '' }) }),
      'signature',
    ],
    [
      'a size that was not signed',
      async (all) => ({ head: async () => ({ ...(await headOf(all.slice(0, 2))), size: 3 }) }),
      'signature',
    ],
    ['no head', () => ({ head: async () => null }), 'head'],
  ])('with %s is false, and changes nothing', async (_what, lie, what) => {
    const all = list(0, 3);
    const { io } = serverOf(all, await lie(all));
    expect(await code(syncFeed(io, emptyFeed()))).toBe(`FEED_FALSE ${what}`);
  });

  it('that was taken back is false', async () => {
    const copy = await syncFeed(serverOf(list(0, 3)).io, emptyFeed());
    expect(await code(syncFeed(serverOf(list(0, 2)).io, copy))).toBe('FEED_FALSE size');
    const rewritten = [entry(9), ...list(1, 5)];
    expect(await code(syncFeed(serverOf(rewritten).io, copy))).toBe('FEED_FALSE root');
  });
});

describe('what was used on me', () => {
  const unit = (serial: string) => `https://id.gs1.org/01/${GTIN}/21/${serial}`;
  const lot = (number: string) => `https://id.gs1.org/01/${GTIN}/10/${number}`;
  const mine = [
    watched('salt', 'visit-a', unit('S1'), lot('L1')),
    watched('salt', 'visit-b', unit('S2'), lot('L1')),
    watched('salt', 'visit-c', unit('S3'), lot('L2')),
  ];
  const visits = (entries: SignedNotice[]) => touching(entries, 'salt', mine).map((one) => one.visits);

  it('is found by lot, by unit, and not when the recall was withdrawn', () => {
    expect(visits([entry(1)])).toEqual([['visit-a', 'visit-b']]);
    expect(visits([entry(1, { serials: ['S2', 'S9'] })])).toEqual([['visit-b']]);
    expect(visits([entry(1, { lots: ['L1', 'L2'] })])).toEqual([['visit-a', 'visit-b', 'visit-c']]);
    expect(visits([entry(1), withdrawal(7, 1)])).toEqual([]);
  });

  it.each<[string, Partial<Notice>]>([
    ['another lot', { lots: ['L9'] }],
    ['another product', { gtin: '09521000000025' }],
    ['other units', { serials: ['S9'] }],
    ['a counterfeit, which was not mine', { kind: 'counterfeit', severity: undefined }],
  ])('is not touched by %s', (_what, more) => {
    expect(visits([entry(1, more)])).toEqual([]);
  });

  it('is shown nothing that its maker did not sign', () => {
    const forged = { ...entry(1), signature: `0x${'11'.repeat(64)}` as const };
    expect(() => touching([forged], 'salt', mine)).toThrowError(
      expect.objectContaining({ code: 'NOTICE_NOT_SIGNED' }),
    );
  });

  it('shows the gravest first', () => {
    const found = touching([entry(2, { severity: '3' }), entry(1, { severity: '1' })], 'salt', mine);
    expect(found.map(({ signed }) => signed.notice.severity)).toEqual(['1', '3']);
  });

  it('is kept so that it can be compared, not read', () => {
    const text = JSON.stringify(mine);
    for (const secret of ['S1', 'L1', GTIN, 'id.gs1.org']) expect(text).not.toContain(secret);
    expect(watched('other', 'visit-a', unit('S1'), lot('L1')).lot).not.toBe(mine[0]!.lot);
    expect(touching([entry(1)], 'other', mine)).toEqual([]);
    expect(touching([entry(1)], 'salt', [])).toEqual([]);
  });

  it('reads escaped numbers as they are meant', () => {
    const odd = [watched('s', 'v', unit('A%2FB'), lot('L%2F1'))];
    expect(touching([entry(1, { lots: ['L/1'], serials: ['A/B'] })], 's', odd)).toHaveLength(1);
  });
});
