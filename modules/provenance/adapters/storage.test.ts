/** What capture writes beside the events, in any order and by several at once. */
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { captureDocument, captureEvent } from '../app/capture-event.ts';
import * as s from '../app/stories.property.ts';
import { tidyStorage } from '../app/tidy-storage.ts';
import { traceUnit } from '../app/trace-unit.ts';
import type { EpcisEvent } from '../core/events.ts';
import { ORDER, settled, tellStory } from '../core/facts.ts';
import { codeOf, derived, idOf, openRepository, type Repository } from './repository.property.ts';

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
    const after = await derived(repository);
    expect(new Date((await intervals())[0]![3]!).toISOString()).toBe(s.day(4));
    await repository.clear();
    await repository.tell([emptied, packed]);
    expect((await derived(repository)).filter(({ what }) => what === 'in')).toEqual(
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
        const wanted = await derived(repository);
        await repository.clear();
        for (let i = 0; i < told.length; i += portions) {
          const part = told.slice(i, i + portions);
          await captureDocument(repository.ctx, idOf(s.MAKER), document(part));
        }
        expect(await derived(repository)).toEqual(wanted);
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
