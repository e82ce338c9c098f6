/** What capture writes beside the events, in any order and by several at once, and what a migration carries over. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '@zhenmei/db';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { captureDocument, captureEvent } from '../app/capture-event.ts';
import { judgeUnit } from '../app/judge-unit.ts';
import { recallSites } from '../app/recall-sites.ts';
import { registerProduct } from '../app/register.ts';
import * as s from '../app/stories.property.ts';
import { tidyStorage } from '../app/tidy-storage.ts';
import { traceUnit } from '../app/trace-unit.ts';
import type { EpcisEvent } from '../core/events.ts';
import { ORDER, settled, tellStory } from '../core/facts.ts';
import { codeOf, idOf, MIGRATIONS, openRepository, partyOf, type Repository } from './repository.property.ts';

type Event = Record<string, unknown>;

let repository: Repository;
beforeAll(async () => {
  repository = await openRepository();
});
afterAll(() => repository.close());
beforeEach(() => repository.clear());

const WHY = { declarationTime: s.day(9), reason: 'incorrect_data' };
const wrong = (event: Event): Event => ({ ...event, errorDeclaration: WHY });
const document = (events: readonly Event[]) => ({
  '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'],
  type: 'EPCISDocument',
  schemaVersion: '2.0',
  creationDate: s.day(1),
  epcisBody: { eventList: events },
});
/** Everything that capture derives, by identifiers instead of numbers. */
const derived = (from: Repository = repository) =>
  from.rows(`
    select 'name' as what, i.uri, e.digest as a, x.role, x.change, x.rank, x.void, step.uri as b, site.uri as c,
      parent.uri as d, lot.uri as e, x.event_time as at, null as until
    from provenance.event_epc x join provenance.identifier i on i.id = x.epc
    join provenance.event e on e.event_time = x.event_time and e.no = x.event
    left join provenance.identifier step on step.id = x.step left join provenance.identifier site on site.id = x.site
    left join provenance.identifier parent on parent.id = x.parent left join provenance.identifier lot on lot.id = x.lot
    union all select 'in', child.uri, parent.uri, null, null, null, null, null, null, null, null, c.since, c.until::text
    from provenance.containment c join provenance.identifier child on child.id = c.child
    join provenance.identifier parent on parent.id = c.parent
    union all select 'event', e.digest, encode(e.hash, 'hex'), null, null, null, e.void, e.type, e.site, e.read_point,
      e.biz_location, e.event_time, e.body::text from provenance.event e
    order by 1, 2, 3, 4, 12`);
const intervals = async () =>
  (
    await repository.rows<{ child: string; parent: string; since: Date; until: string }>(`
      select child.uri as child, parent.uri as parent, since, until::text from provenance.containment c
      join provenance.identifier child on child.id = c.child join provenance.identifier parent on parent.id = c.parent
      order by since`)
  ).map(({ child, parent, since, until }) => [child, parent, since.toISOString(), until]);

describe('containment', () => {
  const packed = s.pack(s.day(1), s.box(), [s.unit()]);
  const unpacked = s.pack(s.day(5), s.box(), [s.unit()], 'DELETE');

  it('is an interval, whichever end comes first', async () => {
    await repository.tell([packed]);
    expect(await intervals()).toEqual([[s.unit(), s.box(), s.day(1), 'infinity']]);
    await repository.tell([unpacked]);
    const [[, , , until]] = (await intervals()) as [string[]];
    expect(new Date(until!).toISOString()).toBe(s.day(5));
    await repository.clear();
    await repository.tell([unpacked, packed]);
    expect((await intervals())[0]![3]).toBe(until);
  });

  it('ends where a box is emptied without naming what was in it, also if that was told before', async () => {
    const emptied = { ...s.pack(s.day(4), s.box(), [], 'DELETE'), childEPCs: [] };
    await repository.tell([packed, emptied]);
    const after = await derived();
    expect(new Date((await intervals())[0]![3]!).toISOString()).toBe(s.day(4));
    await repository.clear();
    await repository.tell([emptied, packed]);
    expect((await derived()).filter(({ what }) => what === 'in')).toEqual(
      after.filter(({ what }) => what === 'in'),
    );
  });

  it('does not end where only a class of things was taken out', async () => {
    const some = {
      ...s.pack(s.day(4), s.box(), [], 'DELETE'),
      childEPCs: [],
      childQuantityList: [{ epcClass: `https://id.gs1.org/01/${s.GTIN}`, quantity: 1 }],
    };
    await repository.tell([packed, some]);
    expect((await intervals())[0]![3]).toBe('infinity');
  });

  it.each([
    ['after', [packed, wrong(packed)]],
    ['before', [wrong(packed), packed]],
  ])('is taken out by a declaration %s it', async (_when, events) => {
    await repository.tell(events);
    expect(await intervals()).toEqual([]);
    expect(await repository.rows('select void from provenance.event')).toEqual([
      { void: true },
      { void: true },
    ]);
    expect(await repository.rows('select distinct void from provenance.event_epc')).toEqual([{ void: true }]);
  });

  it('stays if a declaration speaks of something else', async () => {
    await repository.tell([packed, wrong({ ...packed, action: 'DELETE', bizStep: 'unpacking' })]);
    expect(await intervals()).toHaveLength(1);
  });

  it('gets longer again when the unpacking is declared wrong', async () => {
    await repository.tell([packed, unpacked, wrong(unpacked)]);
    expect((await intervals())[0]![3]).toBe('infinity');
  });

  it('has steps of one moment in the order of the verdict', async () => {
    const ranks = await repository.rows<{ rank: number }>(
      `select provenance.step_rank(step) as rank from unnest(array[${ORDER.map((step) => `'${step}'`).join()}, 'other', null])
        with ordinality as t (step, n) order by n`,
    );
    expect(ranks.map(({ rank }) => rank)).toEqual([...ORDER.keys(), ORDER.length, ORDER.length]);
    await repository.tell([packed, s.pack(s.day(1), s.box(), [s.unit()], 'DELETE')]);
    expect((await intervals())[0]!.slice(2)).toEqual([s.day(1), expect.stringContaining('2026-03-02')]);
  });

  it('of one child told by several at once is as if they had told it one after the other', async () => {
    const all = Array.from({ length: 12 }, (_, i) =>
      s.pack(s.day(i), s.box(String(1 + (i % 3))), [s.unit()], i % 4 === 3 ? 'DELETE' : 'ADD'),
    );
    await repository.tell(all);
    const one = await intervals();
    for (let round = 0; round < 3; round++) {
      await repository.clear();
      await Promise.all(all.map((event) => captureEvent(repository.ctx, idOf(s.MAKER), event)));
      expect(await intervals()).toEqual(one);
    }
  });
});

/** Things that may be said of two units, two boxes and a pallet, at moments that are all different. */
const PALLET = s.box('9');
const statement = (kind: number, what: number, hour: number): Event => {
  const unit = s.unit(`S${what % 2}`);
  const box = s.box(String(1 + (what % 2)));
  const at = s.day(0, hour);
  const kinds: (() => Event)[] = [
    () => s.pack(at, box, [unit]),
    () => s.pack(at, box, [unit], 'DELETE'),
    () => ({ ...s.pack(at, box, [], 'DELETE'), childEPCs: [] }),
    () => s.pack(at, PALLET, [box]),
    () => s.pack(at, PALLET, [box], 'DELETE'),
    () => s.ship(at, s.MAKER, s.CLINIC, [what < 3 ? unit : box]),
    () => s.event(at, 'storing', s.MAKER, { epcList: [PALLET] }),
    () => s.pack(at, box, [unit], 'OBSERVE'),
  ];
  return kinds[kind]!();
};
const statements = fc
  .array(fc.tuple(fc.nat(7), fc.nat(5), fc.boolean()), { minLength: 1, maxLength: 14 })
  .chain((made) => {
    const events = made.map(([kind, what], i) => statement(kind, what, i));
    const wrongs = events.filter((_, i) => made[i]![2] && i % 3 === 0).map(wrong);
    const all = [...events, ...wrongs];
    return fc.record({
      all: fc.constant(all),
      told: fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 }),
      portions: fc.integer({ min: 1, max: 5 }),
    });
  });

describe('any order, repetition and portion of capture', () => {
  it('gives the same rows, and traces that hold what the verdict counts', async () => {
    await fc.assert(
      fc.asyncProperty(statements, async ({ all, told, portions }) => {
        await repository.clear();
        await repository.tell(all);
        const wanted = await derived();
        await repository.clear();
        for (let i = 0; i < told.length; i += portions) {
          const part = told.slice(i, i + portions);
          await captureDocument(repository.ctx, idOf(s.MAKER), document(part));
        }
        expect(await derived()).toEqual(wanted);
        const stored = await repository.rows<{ body: EpcisEvent; void: boolean }>(
          'select body, void from provenance.event',
        );
        const settledOnes = settled(stored.map(({ body }) => body));
        const gone = new Set(stored.filter((row) => row.void).map(({ body }) => JSON.stringify(body)));
        expect(settledOnes).toHaveLength(stored.length - gone.size);
        for (const unit of [s.unit('S0'), s.unit('S1')]) {
          const { own } = await traceUnit(repository.ctx, unit, s.GTIN);
          const traced = own.map((one) => JSON.stringify(one)).filter((one) => !gone.has(one));
          const story = tellStory({ ...NO_FACTS, events: settledOnes, unit }).own;
          expect(story.map((one) => JSON.stringify(one)).filter((one) => !traced.includes(one))).toEqual([]);
          expect(traced.sort()).toEqual(
            named(settledOnes, unit)
              .map((one) => JSON.stringify(one))
              .sort(),
          );
        }
      }),
      { numRuns: 40 },
    );
  });
});
/** Events that name the unit, or what it is in just before or just after them. */
function named(events: readonly EpcisEvent[], unit: string): EpcisEvent[] {
  const parents = new Map<string, string>();
  const holders = () => {
    const found = new Set([unit]);
    for (let at = parents.get(unit); at !== undefined && !found.has(at); at = parents.get(at)) found.add(at);
    return found;
  };
  return events.filter((event) => {
    const { parentID, childEPCs = [], epcList = [], action } = event;
    const before = holders();
    if (parentID !== undefined) {
      const listed =
        childEPCs.length > 0
          ? childEPCs
          : [...parents].filter(([, of]) => of === parentID).map(([one]) => one);
      for (const child of listed)
        if (action === 'DELETE') parents.delete(child);
        else parents.set(child, parentID);
    }
    const all = new Set([...before, ...holders()]);
    return [...childEPCs, ...epcList, ...(parentID === undefined ? [] : [parentID])].some((one) =>
      all.has(one),
    );
  });
}
const NO_FACTS = { now: 0, master: null, parties: [], label: {}, purpose: 'public' } as const;

describe('months', () => {
  it('have partitions of their own; the far past and future stay together, and nothing is lost', async () => {
    const times = [
      '1999-05-01T00:00:00Z',
      '2025-11-30T23:59:59.999Z',
      '2025-12-01T00:00:00Z',
      '2099-01-01T00:00:00Z',
    ];
    await repository.tell(times.map((at) => s.event(at, 'storing', s.MAKER, { epcList: [s.unit()] })));
    expect(
      await repository.rows(
        `select tableoid::regclass::text as part from provenance.event order by event_time`,
      ),
    ).toEqual([
      { part: 'provenance.event_other' },
      { part: 'provenance.event_2025_11' },
      { part: 'provenance.event_2025_12' },
      { part: 'provenance.event_other' },
    ]);
    expect((await traceUnit(repository.ctx, s.unit(), s.GTIN)).own).toHaveLength(4);
  });

  it('that come later take along what waited for them, also if several make them at once', async () => {
    const at = '2024-02-10T00:00:00Z';
    // inside the transaction of a caller nothing is made
    await repository.ctx.db.transaction().execute(async (tx) => {
      await captureEvent(
        repository.ctx,
        idOf(s.MAKER),
        s.event(at, 'storing', s.MAKER, { epcList: [s.unit()] }),
        tx,
      );
    });
    const part = () =>
      repository.rows<{ part: string }>('select tableoid::regclass::text as part from provenance.event');
    expect(await part()).toEqual([{ part: 'provenance.event_other' }]);
    const make = () => sql`select provenance.ensure_month('2024-02-01')`.execute(repository.database.db);
    await Promise.all([make(), make(), make()]);
    expect(await part()).toEqual([{ part: 'provenance.event_2024_02' }]);
    expect(await repository.rows(`select provenance.ensure_month('2024-02-01') as there`)).toEqual([
      { there: true },
    ]);
  });
});

describe('tidying', () => {
  it('makes the months that are due, takes up what waits, and hashes what has no hash yet', async () => {
    const event = s.event('2023-07-10T00:00:00Z', 'storing', s.MAKER, { epcList: [s.unit()] });
    await repository.ctx.db
      .transaction()
      .execute((tx) => captureEvent(repository.ctx, idOf(s.MAKER), event, tx));
    const [{ hash }] = (await repository.rows('select hash from provenance.event')) as [{ hash: Buffer }];
    await sql`update provenance.event set hash = null`.execute(repository.database.db);
    await tidyStorage(repository.ctx);
    expect(
      await repository.rows('select hash, tableoid::regclass::text as part from provenance.event'),
    ).toEqual([{ hash, part: 'provenance.event_2023_07' }]);
    const parts = await repository.rows<{ part: string }>(
      "select relname as part from pg_class where relname in ('event_2026_03', 'event_2026_04') order by 1",
    );
    expect(parts).toHaveLength(2);
    await tidyStorage(repository.ctx);
  });
});

describe('capture', () => {
  it('refuses an eventID that already stands for something else, but not its correction', async () => {
    const named = { ...s.made(), eventID: 'urn:uuid:0b6f0d7e-6f5c-4a0e-9a43-1f0a3c3f2c11' };
    await repository.tell([named, named, wrong(named)]);
    expect(await codeOf(() => repository.tell([{ ...named, eventTime: s.day(3) }]))).toBe('EVENT_EXISTS');
    const both = document([
      { ...named, eventTime: s.day(4), eventID: 'urn:x:2' },
      { ...named, eventTime: s.day(5), eventID: 'urn:x:2' },
    ]);
    expect(await codeOf(() => captureDocument(repository.ctx, idOf(s.MAKER), both))).toBe('EVENT_EXISTS');
    expect(await repository.rows('select count(*)::int as n from provenance.event')).toEqual([{ n: 2 }]);
    // another organisation has names of its own
    await repository.tell([
      { ...s.event(s.day(3), 'storing', s.CLINIC, { epcList: [s.unit()] }), eventID: named.eventID },
    ]);
  });

  it('refuses what is larger than a leaf of the log', async () => {
    const units = Array.from({ length: 2_000 }, (_, i) => s.unit(`S${i}`));
    expect(await codeOf(() => repository.tell([s.made(s.day(0), units)]))).toBe('EVENT_TOO_LARGE');
    expect(repository.leaves).toEqual([]);
  });

  it('logs a correction as one', async () => {
    await repository.tell([s.made(), wrong(s.made())]);
    expect(repository.leaves.map(({ type }) => type)).toEqual([0x01, 0x06]);
  });

  it('keeps how the sender wrote identifiers, where that is another form', async () => {
    const urn = 'urn:epc:id:sgtin:9521000.000001.A1';
    await repository.tell([s.made(), s.made(s.day(1), [urn])]);
    const rows = await repository.rows<{ written: Record<string, string> | null }>(
      'select written from provenance.event order by no',
    );
    expect(rows[0]!.written).toBeNull();
    expect(Object.values(rows[1]!.written!)).toEqual([urn]);
  });
});

describe('a recall', () => {
  it('reaches every site that had units of the lot, in boxes or not, and says what is still there', async () => {
    const [a, b, c] = [s.unit('A'), s.unit('B'), s.unit('C')];
    await repository.tell([
      s.made(s.day(0), [a, b, c]),
      s.pack(s.day(0, 1), s.box(), [a, b]),
      ...s.move(1, s.MAKER, s.DISTRIBUTOR, [s.box()]),
      ...s.move(3, s.DISTRIBUTOR, s.CLINIC, [s.box()]),
      s.pack(s.day(5), s.box(), [a, b], 'DELETE', s.CLINIC),
      s.use(s.day(6), s.CLINIC, 'C1', { epcList: [a] }),
      s.ship(s.day(6), s.MAKER, s.OTHER_CLINIC, [c]),
      s.made(s.day(7), [s.unit('D')], { 'cbvmda:lotNumber': 'L2' }),
    ]);
    const lot = `https://id.gs1.org/01/${s.GTIN}/10/L1`;
    const found = await recallSites(repository.ctx, lot);
    expect(found).toEqual([
      { site: s.site(s.MAKER), seen: 3, held: 0, sent: 1, used: 0 },
      { site: s.site(s.DISTRIBUTOR), seen: 2, held: 0, sent: 0, used: 0 },
      { site: s.site(s.CLINIC), seen: 2, held: 1, sent: 0, used: 1 },
    ]);
    expect(await recallSites(repository.ctx, lot.replace('id.gs1.org', 'example.com'))).toEqual(found);
    expect(await recallSites(repository.ctx, 'urn:x:none')).toEqual([]);
    await repository.tell([wrong(s.made(s.day(0), [a, b, c]))]);
    expect(await recallSites(repository.ctx, lot)).toEqual([]);
  });
});

describe('a database of before', () => {
  const events = [
    s.made(),
    s.made(s.day(0), [s.unit('S9')], { 'cbvmda:lotNumber': 'L/1 #' }),
    s.pack(s.day(0, 1), s.box(), [s.unit()]),
    ...s.move(1, s.MAKER, s.DISTRIBUTOR, [s.box()]),
    ...s.move(5, s.DISTRIBUTOR, s.CLINIC, [s.box()]),
    { ...s.pack(s.day(6, 2), s.box(), [], 'DELETE', s.CLINIC), childEPCs: [] },
    s.use(s.day(8), s.CLINIC, 'C1', { eventID: 'urn:uuid:1' }),
    s.use(s.day(8), s.CLINIC, 'C2'),
    wrong(s.use(s.day(8), s.CLINIC, 'C2')),
    s.recall(s.day(9)),
    s.event(s.day(8), 'sensor_reporting', s.CLINIC, s.warm(s.day(7), s.day(7, 3), 40)),
    s.event('2001-01-01T00:00:00Z', 'storing', s.MAKER, { epcList: [s.unit('OLD')] }),
  ] as Event[];

  it('has everything that capture would write now, and gives the same verdict', async () => {
    await repository.tell(events);
    const product = {
      ...s.FILLER,
      name: { zh: 'x', en: 'x' },
      registration: 'R',
      maxAmountPerUnit: 1,
      amountUnit: 'uL',
      ingredients: [],
    };
    const judged = (from: Repository) => judgeUnit(from.ctx, { code: s.unit(), purpose: 'public' });
    await registerProduct(repository.ctx, idOf(s.MAKER), product as never);
    const before = mkdtempSync(join(tmpdir(), 'zm-migrations-'));
    for (const file of ['0001_init.sql', '0002_event_hash.sql'])
      cpSync(join(MIGRATIONS, file), join(before, file));
    const old = await openRepository(before);
    try {
      for (const row of await repository.rows<{
        body: EpcisEvent;
        digest: string;
        hash: Buffer;
        event_id: string | null;
      }>('select * from provenance.event order by no'))
        await sql`
          insert into provenance.event (digest, body, biz_step, event_time, site, captured_by, captured_at, hash, event_id)
          values (${row.digest}, ${JSON.stringify(row.body)}, ${row.body.bizStep ?? null}, ${row.body.eventTime},
            ${row.body.bizLocation?.id ?? row.body.readPoint?.id ?? null}, ${idOf(partyOf(row.body))}, ${s.day(10)},
            ${`ni:///sha-256;${row.hash.toString('hex')}?ver=CBV2.0`}, ${row.event_id})`.execute(
          old.database.db,
        );
      await sql`insert into provenance.event_epc (epc, digest, role) select 'x', digest, 'epc' from provenance.event`.execute(
        old.database.db,
      );
      await registerProduct(old.ctx, idOf(s.MAKER), product as never);
      await migrate(old.database.db, [{ module: 'provenance', dir: MIGRATIONS }]);
      expect(await derived(old)).toEqual(await derived());
      const [now, then] = [await judged(repository), await judged(old)];
      expect(then.view).toEqual(now.view);
      expect(then.view.reasons.map(({ code }) => code)).toContain('RECALLED_LOT');
      expect(await old.rows('select event_id, correction from provenance.event_name')).toEqual(
        await repository.rows('select event_id, correction from provenance.event_name'),
      );
      // and it goes on from there
      await old.tell([wrong(s.pack(s.day(0, 1), s.box(), [s.unit()]))]);
      expect((await traceUnit(old.ctx, s.unit(), s.GTIN)).own.length).toBeLessThan(now.events.length);
    } finally {
      await old.close();
      rmSync(before, { recursive: true });
    }
  });
});
