import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { AppError, sha256, toHex, utf8 } from '@zhenmei/kernel';
import { normalised } from '@zhenmei/provenance/app/epcis.ts';
import type { JsonObject } from '@zhenmei/provenance/core/checks.ts';
import { HOUSE } from '@zhenmei/provenance/core/document.ts';
import { eventHash } from '@zhenmei/provenance/core/event-hash.ts';
import { eventLeafText } from '@zhenmei/provenance/core/events.ts';
import { checkpointText } from '@zhenmei/tlog/core/checkpoint.ts';
import { formatVerifierKey } from '@zhenmei/tlog/core/keys.ts';
import { encodeLeaf } from '@zhenmei/tlog/core/leaf.ts';
import { ed25519Signer, signNote } from '@zhenmei/tlog/core/note.ts';
import { SampleLog, sampleLeaves } from '@zhenmei/tlog/core/testing.ts';
import { parseTilePath } from '@zhenmei/tlog/core/tile-path.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Source } from './http.ts';
import { Memory } from './memory.ts';
import { Parts } from './parts.ts';
import { type AuditOptions, runAudit } from './run-audit.ts';

const ORIGIN = 'house.test/log';
const signer = ed25519Signer(ORIGIN, sha256(utf8('log')));
const trust = { origin: ORIGIN, keys: [formatVerifierKey(signer.key)] };
const PAGE = 7;
let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'zm-audit-unit-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const events = Array.from({ length: 300 }, (_, n): JsonObject => {
  const event = {
    type: 'ObjectEvent',
    action: 'OBSERVE',
    eventTime: '2026-03-04T05:06:07.000Z',
    eventTimeZoneOffset: '+08:00',
    epcList: [`https://id.gs1.org/01/09521234100010/21/U${n}`],
    bizStep: 'receiving',
  };
  return { ...event, eventID: eventHash(event), recordTime: '2026-03-04T05:06:08.000Z' };
});
const leafOf = (event: JsonObject) => encodeLeaf('custody-event', eventLeafText(normalised(event, HOUSE)));

/** A house in memory: a signed log, and its events in pages that a Link header joins. */
function houseOf(log: SampleLog, size: number, shown: readonly JsonObject[], asked: string[] = []): Source {
  const relative = (url: URL) => url.href.replace('https://house.test/', '');
  return {
    relative,
    async get(to) {
      const url = new URL(to, 'https://house.test/');
      const at = relative(url);
      asked.push(at);
      const reply = (bytes: Uint8Array, headers = {}) => ({ url, bytes, headers: new Headers(headers) });
      if (at === 'log/checkpoint')
        return reply(utf8(await signNote(checkpointText({ origin: ORIGIN, ...log.known(size) }), signer)));
      if (at.startsWith('log/')) {
        const { level, n, width } = parseTilePath(at.slice(4));
        return reply(level === 'entries' ? log.bundle(n, width) : log.tile(level, n, width));
      }
      const page = Number(url.searchParams.get('nextPageToken') ?? 0);
      const document = {
        type: 'EPCISQueryDocument',
        creationDate: '2026-03-05T00:00:00.000Z',
        epcisBody: { queryResults: { resultsBody: { eventList: shown.slice(page, page + PAGE) } } },
      };
      const more = page + PAGE < shown.length;
      return reply(
        utf8(JSON.stringify(document)),
        more ? { link: `</events?perPage=${PAGE}&nextPageToken=${page + PAGE}>; rel="next"` } : {},
      );
    },
  };
}

const audit = (source: Source, more: Partial<AuditOptions> = {}) =>
  runAudit({
    source,
    trust,
    stateFile: null,
    peers: [],
    anchors: null,
    onlyNew: false,
    grace: 0,
    now: 0,
    progress: () => undefined,
    ...more,
  });

const log = new SampleLog(events.map(leafOf));

test('follows pages by their Link header, and reads only new pages and bundles if that is enough', async () => {
  const stateFile = path.join(folder, 'pages.json');
  expect(await audit(houseOf(log, 100, events.slice(0, 100)), { stateFile })).toMatchObject({
    exit: 0,
    events: 100,
  });
  const asked: string[] = [];
  const report = await audit(houseOf(log, 300, events, asked), { stateFile, onlyNew: true });
  expect(report).toMatchObject({ exit: 0, entries: { from: 100, read: 200 }, events: 300 - 98 });
  expect(asked.filter((at) => at.startsWith('events'))[0]).toBe(`events?perPage=${PAGE}&nextPageToken=98`);
  expect(asked).toContain('log/tile/entries/000');
  expect(asked).toContain('log/tile/1/000.p/1');
});

test('what is new and false is found among the new', async () => {
  const stateFile = path.join(folder, 'new.json');
  await audit(houseOf(log, 100, events.slice(0, 100)), { stateFile });
  const forged = events.with(250, { ...events[250]!, bizStep: 'shipping' });
  const found = await audit(houseOf(log, 300, forged), { stateFile, onlyNew: true });
  expect(found.findings.map(({ code, index }) => [code, index])).toEqual([
    ['AUDIT_EVENT_ID_WRONG', undefined],
    ['AUDIT_EVENT_DIFFERS', 250],
  ]);
});

test('a new event that stands on an earlier page is looked for on all of them', async () => {
  const stateFile = path.join(folder, 'moved.json');
  await audit(houseOf(log, 100, events.slice(0, 100)), { stateFile });
  const moved = [events[150]!, ...events.toSpliced(150, 1)];
  expect(await audit(houseOf(log, 300, moved), { stateFile, onlyNew: true })).toMatchObject({
    exit: 0,
    entries: { from: 100 },
    events: 300,
  });
});

test('a page that leads back to itself ends as unjudged', async () => {
  const source = houseOf(log, 300, events);
  const loop: Source = {
    ...source,
    async get(to) {
      const reply = await source.get(to);
      return reply && { ...reply, headers: new Headers({ link: '</events?perPage=200>; rel="next"' }) };
    },
  };
  expect(await audit(loop)).toMatchObject({ exit: 2, unjudged: [{ code: 'AUDIT_UNREACHABLE' }] });
});

describe('a large log', () => {
  const large = new SampleLog(sampleLeaves(66_000).map((leaf, i) => (leaf[0] === 2 ? leaf : commitment(i))));
  const size = large.size;

  test('that breaks off is gone on with from what was saved', async () => {
    const stateFile = path.join(folder, 'large.json');
    const whole = houseOf(large, size, []);
    const broken: Source = {
      ...whole,
      get(to) {
        if (String(to).endsWith('entries/257.p/208'))
          throw new AppError('AUDIT_UNREACHABLE', { url: '', reason: '' });
        return whole.get(to);
      },
    };
    expect(await audit(broken, { stateFile })).toMatchObject({ exit: 2, findings: [] });
    const rest = await audit(whole, { stateFile });
    expect(rest).toMatchObject({ exit: 0, entries: { from: 65_536, read: size - 65_536 } });
    // and not trusted: once whole, it is read from the beginning
    fs.writeFileSync(`${stateFile}.leaves`, flip(fs.readFileSync(`${stateFile}.leaves`), 33 * 60_000 + 9));
    const again = await audit(whole, { stateFile });
    expect(again.findings).toMatchObject([{ code: 'AUDIT_ENTRY_REWRITTEN', index: 60_000 }]);
  });
});

function commitment(n: number): Uint8Array {
  return encodeLeaf('consent-commitment', `{"commitment":"0x${String(n).padStart(64, '0')}"}`);
}
function flip(bytes: Uint8Array, at: number): Uint8Array {
  const copy = new Uint8Array(bytes);
  copy[at]! ^= 1;
  return copy;
}

test('records in parts are the same from memory and from files', () => {
  const records = Array.from({ length: 1_000 }, (_, n) => sha256(utf8(String(n))));
  const few = new Parts(path.join(folder, 'few'), 'x');
  const many = new Parts(path.join(folder, 'many'), 'x', 100);
  for (const record of records) {
    few.add(record);
    many.add(record);
  }
  expect(fs.existsSync(path.join(folder, 'few'))).toBe(false);
  expect(fs.readdirSync(path.join(folder, 'many'))).toHaveLength(Parts.count);
  let total = 0;
  for (let part = 0; part < Parts.count; part++) {
    expect(toHex(many.read(part))).toBe(toHex(few.read(part)));
    total += few.read(part).length;
  }
  expect(total).toBe(32_000);
});

test('a memory tells what changed, whether it was written or not, and forgets what it is told to', () => {
  const file = path.join(folder, 'memory');
  const digest = (n: number) => sha256(utf8(String(n)));
  const first = new Memory(file);
  for (let n = 0; n < 5_000; n++) expect(first.put(n, n % 2 === 0, digest(n))).toBe(true);
  expect(first.put(4_999, false, digest(4_999))).toBe(true);
  expect(first.put(4_999, false, digest(0))).toBe(false);
  expect(first.put(4_999, true, digest(4_999))).toBe(false);
  first.write();
  fs.appendFileSync(file, 'half a rec');
  const second = new Memory(file);
  expect(second.size).toBe(5_000);
  for (const n of [0, 4_200, 17, 4_999]) expect(second.put(n, n % 2 === 0, digest(n))).toBe(true);
  expect(second.put(18, true, digest(99_999))).toBe(false);
  expect(second.put(5_002, true, digest(1))).toBe(true);
  const known = new Map([...second.events(5_003)].map((one) => [one.index, toHex(one.digest)]));
  expect(known.size).toBe(2_501);
  expect(known.get(18)).toBe(toHex(digest(99_999)));
  expect(known.get(5_002)).toBe(toHex(digest(1)));
  expect([...second.events(3)].map(({ index }) => index)).toEqual([0, 2]);
  second.cut(10);
  expect(new Memory(file).size).toBe(10);
  expect([...second.events(100)].map(({ index }) => index)).toEqual([0, 2, 4, 6, 8]);
});
