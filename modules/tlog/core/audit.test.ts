/** One entry by itself, entries against events, and a log against its own past. */
import { concat, sha256, toHex, utf8 } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { againstSeen, appends, auditAnchors } from './audit-history.ts';
import { auditLeaf } from './audit-leaf.ts';
import { entryRecord, eventRecord, match } from './audit-match.ts';
import { encodeLeaf } from './leaf.ts';
import type { SignedCheckpoint } from './log-proof.ts';
import { SampleLog, sampleEvent, sampleLeaves } from './testing.ts';

describe('an entry', () => {
  const H = `0x${'ab'.repeat(32)}`;
  const raw = (type: number, text: string) => concat(Uint8Array.of(type), utf8(text));

  test('of every kind that may stand there', () => {
    const sound: [Uint8Array, string, string][] = [
      [
        encodeLeaf('custody-event', sampleEvent(1)),
        'custody-event',
        `event/0x${toHex(sha256(utf8(sampleEvent(1))))}`,
      ],
      [
        encodeLeaf('correction', sampleEvent(2)),
        'correction',
        `event/0x${toHex(sha256(utf8(sampleEvent(2))))}`,
      ],
      [
        encodeLeaf('record-commitment', `{"commitment":"${H}"}`),
        'record-commitment',
        `record-commitment/${H}`,
      ],
      [
        encodeLeaf('consent-commitment', `{"commitment":"${H}"}`),
        'consent-commitment',
        `consent-commitment/${H}`,
      ],
      [
        encodeLeaf('service-standard', `{"hash":"${H}","id":"a","version":"1"}`),
        'service-standard',
        `service-standard/${H}`,
      ],
      [encodeLeaf('recall', '{"lots":[]}'), 'recall', 'recall/0x'],
    ];
    for (const [bytes, type, key] of sound) {
      const leaf = auditLeaf(3, bytes);
      expect(leaf).toMatchObject({ index: 3, type, fault: null });
      expect(leaf.key.startsWith(key), leaf.key).toBe(true);
      expect(leaf.eventDigest === null).toBe(!key.startsWith('event/'));
    }
  });

  test('that must not stand there', () => {
    const bad: Uint8Array[] = [
      new Uint8Array(),
      Uint8Array.of(1),
      raw(0x00, '{}'),
      raw(0x0b, '{}'),
      raw(0xff, '{}'),
      raw(0x01, sampleEvent(1).replace(',', ', ')),
      raw(0x01, '{"type":"ObjectEvent","eventTime":"2026-03-04T05:06:07.000Z"}'),
      raw(0x01, '{"eventTime":"2026-03-04T05:06:07.000Z"}'),
      raw(0x06, '{"type":"ObjectEvent"}'),
      raw(0x01, '[]'),
      raw(0x01, 'null'),
      raw(0x01, '{"a":1,"a":1}'),
      concat(Uint8Array.of(1), Uint8Array.of(0xc3, 0x28)),
      raw(0x02, `{"commitment":"${H.slice(0, -1)}"}`),
      raw(0x02, `{"commitment":"${H.toUpperCase()}"}`),
      raw(0x02, `{"commitment":"${H}","name":"王"}`),
      raw(0x03, '{"commitment":1}'),
      raw(0x0a, `{"hash":"${H}","id":"a"}`),
      raw(0x0a, '{"hash":"0x","id":"a","version":"1"}'),
    ];
    for (const bytes of bad) {
      const leaf = auditLeaf(9, bytes);
      expect(leaf.fault, String(bytes)).toMatchObject({ code: 'AUDIT_ENTRY_MALFORMED', index: 9 });
      expect(leaf.type).toBeNull();
      expect(leaf.eventDigest).toBeNull();
      expect(leaf.fault!.zh).toContain('第 9 条');
    }
  });

  test('whatever bytes it has', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(auditLeaf(0, bytes).hash).toHaveLength(32);
      }),
    );
  });
});

describe('entries and events', () => {
  const digest = (n: number) => sha256(Uint8Array.of(n));
  const entries = (...list: number[]) => concat(...list.map((n, i) => entryRecord(digest(n), i)));
  const events = (...list: number[]) =>
    concat(...list.map((n, i) => eventRecord(digest(n), digest(n + 100), i + 1)));

  test('one for one, in any order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(99)), fc.gen(), (list, gen) => {
        const shuffled = gen(fc.shuffledSubarray, list, { minLength: list.length });
        expect(match(entries(...list), events(...shuffled))).toEqual({
          entries: [],
          events: [],
          entriesTwice: [],
          eventsTwice: [],
        });
      }),
    );
  });

  test('names what has no partner, and what is there more than once', () => {
    const found = match(entries(1, 2, 3, 2, 4), events(1, 5, 3, 3, 3));
    expect(found.entries.map(({ index }) => index)).toEqual([1, 4]);
    expect(found.events.map(({ nth, published }) => [nth, toHex(published)])).toEqual([
      [2, toHex(digest(105))],
    ]);
    expect(found.entriesTwice.map(({ index, first }) => [index, first])).toEqual([[3, 1]]);
    expect(found.eventsTwice.map(({ nth }) => nth)).toEqual([4, 5]);
  });

  test('places beyond 32 bits', () => {
    const far = 2 ** 40 + 5;
    expect(match(entryRecord(digest(1), far), new Uint8Array()).entries[0]!.index).toBe(far);
  });
});

describe('a log and its past', () => {
  const log = new SampleLog(sampleLeaves(300));
  const other = new SampleLog([...sampleLeaves(200), ...sampleLeaves(100, 900)]);
  const signed = (of: SampleLog, size: number): SignedCheckpoint => ({
    ...of.known(size),
    origin: 'o',
    note: `note ${size}`,
    witnessed: [],
  });
  test('smaller than before, or another root for a size', () => {
    expect(againstSeen(signed(log, 300), [signed(log, 300), signed(log, 10)])).toEqual([]);
    expect(againstSeen(signed(log, 250), [signed(log, 300)])).toMatchObject([{ code: 'AUDIT_ROLLED_BACK' }]);
    const forked = againstSeen(signed(log, 300), [signed(other, 300)]);
    expect(forked).toMatchObject([{ code: 'AUDIT_FORKED', notes: ['note 300', 'note 300'] }]);
    // whether 250 entries of another history came first needs the tree
    expect(againstSeen(signed(log, 300), [signed(other, 250)])).toEqual([]);
  });

  test('appends to every earlier size of its own, and to none of another history', () => {
    for (const size of [1, 2, 3, 128, 199, 200, 201, 255, 256, 299, 300]) {
      expect(appends(log.known(size), log.known(), log.node)).toBe(true);
      expect(appends(other.known(size), log.known(), log.node)).toBe(size <= 200);
    }
    expect(appends({ size: 0, root: log.known(1).root }, log.known(), log.node)).toBe(false);
    expect(appends(log.known(), log.known(20), log.node)).toBe(false);
  });

  test('what the ledger keeps', () => {
    const anchor = (size: number, block: number, of = log) => ({ ...of.known(size), block });
    const codes = (
      list: ReturnType<typeof anchor>[],
      last: ReturnType<typeof anchor> | null = null,
      shown = 300,
    ) => auditAnchors(list, last, shown).map(({ code }) => code);
    expect(codes([])).toEqual([]);
    expect(codes([anchor(5, 1), anchor(9, 2), anchor(9, 3), anchor(300, 4)])).toEqual([]);
    expect(codes([anchor(9, 1), anchor(5, 2)])).toEqual(['AUDIT_ANCHOR_SHRANK']);
    expect(codes([anchor(5, 2)], anchor(9, 1))).toEqual(['AUDIT_ANCHOR_SHRANK']);
    expect(codes([anchor(250, 1), anchor(250, 2, other)])).toEqual(['AUDIT_ANCHOR_TWICE']);
    expect(codes([anchor(250, 2, other)], anchor(250, 1))).toEqual(['AUDIT_ANCHOR_TWICE']);
    expect(codes([anchor(5, 1), anchor(300, 2)], null, 299)).toEqual(['AUDIT_ANCHOR_AHEAD']);
    expect(codes([], anchor(300, 2), 299)).toEqual(['AUDIT_ANCHOR_AHEAD']);
  });
});
