/** What is changed in a house's public events or in its log is found, all of it, and named. */

import path from 'node:path';
import type { Source } from '@zhenmei/cli/audit/http.ts';
import { AppError, fromUtf8, type Json, sha256, toHex } from '@zhenmei/kernel';
import { encodeBundle } from '@zhenmei/tlog/core/bundle.ts';
import { checkpointText } from '@zhenmei/tlog/core/checkpoint.ts';
import { ed25519Signer, signNote } from '@zhenmei/tlog/core/note.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AuditedHouse,
  auditWith,
  codes,
  eventPage,
  flipped,
  listOf,
  lying,
  type Member,
  openAuditedHouse,
  recorded,
} from './audited-house.ts';

let on: AuditedHouse;
let audit: ReturnType<typeof auditWith>;
beforeAll(async () => {
  on = await openAuditedHouse();
  audit = auditWith(on);
});
afterAll(() => on?.close());

describe('public events', () => {
  const page = () => recorded(on, 'events?');
  const audited = async (change: (events: Member[]) => Member[]) => {
    const lie = eventPage(on);
    listOf(lie).eventList = change(listOf(lie).eventList);
    return audit(lying(on, { [page()]: JSON.stringify(lie) }));
  };

  /** Every value of an event changed, taken away and accompanied by another, one at a time. */
  function* mutations(value: Json, at: string): Generator<{ readonly at: string; readonly value: Json }> {
    if (Array.isArray(value)) {
      for (const [i, item] of value.entries()) {
        for (const one of mutations(item, `${at}/${i}`)) yield { ...one, value: value.with(i, one.value) };
        yield { at: `${at}/${i} gone`, value: value.toSpliced(i, 1) };
      }
      yield { at: `${at} longer`, value: [...value, value[0] ?? 'x'] };
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, item] of Object.entries(value)) {
        // not part of what the log commits to: the house says itself when it took the event in
        if (at === '' && name === 'recordTime') continue;
        for (const one of mutations(item, `${at}/${name}`))
          yield { ...one, value: { ...value, [name]: one.value } };
        const rest = Object.entries(value).filter(([other]) => other !== name);
        if (!(at === '' && name === 'eventID'))
          yield { at: `${at}/${name} gone`, value: Object.fromEntries(rest) };
      }
      yield { at: `${at} wider`, value: { ...value, 'zm:more': 'x' } };
    } else if (typeof value === 'number') yield { at, value: value + 1 };
    else if (typeof value === 'boolean') yield { at, value: !value };
    else if (typeof value === 'string') {
      const last = value.at(-1) ?? '';
      yield { at, value: value.slice(0, -1) + (last === '7' || last === 'Z' ? '8' : '7') };
    }
  }

  it('every field of every event, each named by its entry', async () => {
    const events = listOf(eventPage(on)).eventList;
    const entryOf = new Map(on.leaves.map((leaf, index) => [toHex(sha256(leaf.subarray(1))), index]));
    const entries = on.digests.map((digest) => entryOf.get(digest)!);
    const changes = events.map((event) => [...mutations(event, '')]);
    const survived: string[] = [];
    let count = 0;
    // a change to each event at once, and then the next
    for (let n = 0; changes.some((list) => n < list.length); n++) {
      const lie = events.map((event, i) => (changes[i]![n]?.value ?? event) as Member);
      const { findings } = await audited(() => lie);
      for (const [i, list] of changes.entries()) {
        const change = list[n];
        if (!change) continue;
        count++;
        const named = findings.some(({ index, en }) =>
          change.at === '/eventID' ? en.includes(String(lie[i]!.eventID)) : index === entries[i],
        );
        if (!named) survived.push(`${i}${change.at}`);
      }
    }
    expect(survived).toEqual([]);
    expect(count).toBeGreaterThan(5_000);
  });

  it('events taken away, repeated, added, given another’s number, or hidden altogether', async () => {
    const events = listOf(eventPage(on)).eventList;
    const some = new Set([...events.keys()].filter((i) => i % 3 === 0));
    const all = (code: string) => [...some].map(() => code);
    expect(codes(await audited((list) => list.filter((_, i) => !some.has(i))))).toEqual(
      all('AUDIT_EVENT_WITHHELD'),
    );
    const repeated = await audited((list) => [...list, ...list.filter((_, i) => some.has(i))]);
    expect(codes(repeated)).toEqual(all('AUDIT_EVENT_TWICE'));
    const numbered = (i: number) => events[(i + 1) % events.length]!.eventID!;
    const swapped = await audited((list) => list.map((event, i) => ({ ...event, eventID: numbered(i) })));
    expect(codes(swapped)).toEqual(events.map(() => 'AUDIT_EVENT_ID_WRONG'));
    expect(codes(await audited((list) => list.toSpliced(7, 1)))).toEqual(['AUDIT_EVENT_WITHHELD']);
    const { recordTime, eventID, ...made } = events[0]!;
    const added = await audited((list) => [
      ...list,
      { ...made, recordTime: recordTime!, eventTime: '2026-01-01T00:00:00Z' },
    ]);
    expect(codes(added)).toEqual(['AUDIT_EVENT_NOT_LOGGED']);
    expect(added.findings[0]!.en).toContain(`#${events.length + 1}`);
    const hidden = await audited(() => []);
    expect(codes(hidden)).toEqual(events.map(() => 'AUDIT_EVENT_WITHHELD'));
    expect(eventID).toMatch(/^ni:/);
  });

  it('in any order; a sender’s own number is counted, not judged', async () => {
    expect((await audited((list) => list.toReversed())).exit).toBe(0);
    const own = await audited((list) =>
      list.with(3, { ...list[3]!, eventID: 'urn:uuid:8b1b7d5e-0000-4000-8000-000000000000' }),
    );
    expect(own).toMatchObject({ exit: 0, ownNumbers: 1 });
  });

  it('a new event may wait for its entry, but neither long nor because the house says so', async () => {
    const list = listOf(eventPage(on)).eventList;
    const stateFile = path.join(on.folder, 'waiting.json');
    const now = Date.now();
    const lie = eventPage(on);
    const young: Member = { ...list[0]!, eventTime: '2026-01-01T00:00:00Z', recordTime: lie.creationDate! };
    delete young.eventID;
    listOf(lie).eventList = [...list, young];
    const source = lying(on, { [page()]: JSON.stringify(lie) });
    const grace = 600_000;
    expect(await audit(source, { stateFile, now, grace })).toMatchObject({ exit: 0, waiting: 1 });
    expect(await audit(source, { stateFile, now: now + grace - 1, grace })).toMatchObject({
      exit: 0,
      waiting: 1,
    });
    expect(codes(await audit(source, { stateFile, now: now + grace, grace }))).toEqual([
      'AUDIT_EVENT_NOT_LOGGED',
    ]);
    young.recordTime = new Date(Date.parse(String(lie.creationDate)) - grace).toISOString();
    expect(codes(await audit(lying(on, { [page()]: JSON.stringify(lie) }), { now, grace }))).toEqual([
      'AUDIT_EVENT_NOT_LOGGED',
    ]);
  });

  it('pages that cannot be read leave them unjudged', async () => {
    for (const lie of ['', '{', '<html>', '{"a":1,"a":2}', null]) {
      const report = await audit(lying(on, { [page()]: lie }));
      expect(report).toMatchObject({
        exit: 2,
        findings: [],
        events: null,
        unjudged: [{ code: 'AUDIT_UNREACHABLE' }],
      });
    }
  });
});

describe('the log', () => {
  const bundleAt = () => recorded(on, 'log/tile/entries/');
  const tileAt = () => recorded(on, 'log/tile/0/');
  const withLeaves = (change: (list: readonly Uint8Array[]) => readonly Uint8Array[]) =>
    audit(lying(on, { [bundleAt()]: encodeBundle(change(on.leaves)) }));

  it('any entry changed, moved, taken away or added', async () => {
    const list = on.leaves;
    expect(list).toHaveLength(on.size);
    for (const [i, leaf] of list.entries()) {
      const report = await withLeaves((all) => all.with(i, flipped(leaf, (i * 37) % leaf.length)));
      const changed = report.findings.filter(({ code }) => code === 'AUDIT_ENTRY_CHANGED');
      expect(changed.map(({ index }) => index)).toEqual([i]);
    }
    for (let i = 0; i < on.size; i += 10) {
      const next = (i + 1) % on.size;
      const moved = await withLeaves((all) => all.with(i, all[next]!).with(next, all[i]!));
      const named = moved.findings.filter(({ code }) => code === 'AUDIT_ENTRY_CHANGED');
      expect(new Set(named.map(({ index }) => index))).toEqual(new Set([i, next]));
      expect(codes(await withLeaves((all) => all.toSpliced(i, 1)))).toContain('AUDIT_ENTRIES_MISSING');
      expect(codes(await withLeaves((all) => all.toSpliced(i, 0, list[0]!)))).toContain(
        'AUDIT_ENTRIES_MISSING',
      );
    }
  });

  it('any hash of a tile, a tile or bundle that is not there, and one that cannot be fetched', async () => {
    const tile = on.answers.get(tileAt())!;
    for (let i = 0; i < on.size; i += 10) {
      const { findings } = await audit(lying(on, { [tileAt()]: flipped(tile, i * 32 + (i % 32)) }));
      expect(findings).toMatchObject([{ code: 'AUDIT_TILE_CHANGED' }]);
      expect(findings[0]!.en).toContain(`Hash ${i} of tile 0 at level 0 `);
    }
    expect(codes(await audit(lying(on, { [tileAt()]: null })))).toEqual(['AUDIT_TILE_MISSING']);
    expect(codes(await audit(lying(on, { [bundleAt()]: null })))[0]).toBe('AUDIT_ENTRIES_MISSING');
    const broken: Source = {
      ...lying(on, {}),
      get(to) {
        if (!String(to).includes('entries')) return lying(on, {}).get(to);
        throw new AppError('AUDIT_UNREACHABLE', { url: String(to), reason: 'HTTP 500' });
      },
    };
    expect(await audit(broken)).toMatchObject({
      exit: 2,
      findings: [],
      unjudged: [{ code: 'AUDIT_UNREACHABLE' }],
    });
  });

  it('the checkpoint: any line, any signer, or none', async () => {
    const note = fromUtf8(on.answers.get('log/checkpoint')!);
    const [origin, digits, root, empty, signature] = note.split('\n') as [
      string,
      string,
      string,
      string,
      string,
    ];
    const lines = (...list: string[]) => `${list.join('\n')}\n`;
    const strange = ed25519Signer(origin, new Uint8Array(32).fill(7));
    const text = checkpointText({ origin, size: on.size, root: new Uint8Array(32) });
    for (const lie of [
      lines(`${origin}x`, digits, root, empty, signature),
      lines(origin, String(on.size - 1), root, empty, signature),
      lines(origin, String(on.size + 1), root, empty, signature),
      lines(
        origin,
        digits,
        root.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')),
        empty,
        signature,
      ),
      lines(origin, digits, root, empty),
      lines(origin, digits, root, empty, `${signature.slice(0, -8)}AAAAAAA=`),
      await signNote(text, strange),
      '',
    ]) {
      const report = await audit(lying(on, { 'log/checkpoint': lie }));
      expect(report, lie).toMatchObject({ exit: 1, checkpoint: null });
      expect(codes(report)[0]).toMatch(/^TLOG_/);
    }
    expect(await audit(lying(on, { 'log/checkpoint': null }))).toMatchObject({ exit: 2 });
    // a root that the house itself signed, but that does not follow from its entries
    const signer = ed25519Signer(origin, on.house.house.deps.secrets.logSeed);
    expect(codes(await audit(lying(on, { 'log/checkpoint': await signNote(text, signer) })))).toContain(
      'AUDIT_ROOT_DIFFERS',
    );
  });

  it('a service standard that is not the one in the log', async () => {
    const at = recorded(on, 'api/standards/');
    const text = fromUtf8(on.answers.get(at)!);
    for (const lie of [text.replace('"version":"', '"version":"9'), '{}', 'x', null])
      expect(codes(await audit(lying(on, { [at]: lie })))).toEqual(['AUDIT_STANDARD_DIFFERS']);
  });

  it('too few witnesses', async () => {
    const log = { ...on.trust.logs[0]!, witnesses: { keys: [], k: 1 } };
    expect(codes(await audit(lying(on, {}), { trust: log }))).toEqual(['TLOG_WITNESSES_TOO_FEW']);
  });
});
