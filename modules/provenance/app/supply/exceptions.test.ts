/** Cases over a real PostgreSQL: opened by what does not agree, ended only by what is stated anew. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestDatabase } from '../../../../platform/db/testing.ts';
import { EXCEPTIONS, type ExceptionKind } from '../../core/exceptions.ts';
import { captureEvent } from '../capture-event.ts';
import { registerProduct } from '../products.ts';
import * as s from '../stories.property.ts';
import { locksOf } from './locks.ts';
import { listExceptions, openCount, readException } from './read-exceptions.ts';
import { reconcileGoods } from './reconcile.ts';
import {
  codeOf,
  digestOf,
  idOf,
  newSetting,
  openDatabase,
  PRODUCT,
  type Setting,
  settle,
  siteOfEvent,
} from './setting.property.ts';
import { stepException } from './step-exception.ts';

let database: TestDatabase;
let setting: Setting;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  setting = await newSetting(database);
});

type Event = Record<string, unknown>;
const DAY = 86_400_000;
const UNITS = ['A', 'B', 'C'].map((serial) => s.unit(serial));
const [A, B, C] = UNITS as [string, string, string];
const made = s.made(s.day(0), UNITS);

const tell = async (...events: Event[]) => {
  for (const event of events) await captureEvent(setting.ctx, idOf(siteOfEvent(event)), event);
  await settle(setting);
};
const wrong = (event: Event) => ({
  ...event,
  errorDeclaration: { declarationTime: s.day(9), reason: 'did_not_occur' },
});
const cases = async () => {
  const { rows } = await sql<{
    kind: ExceptionKind;
    state: string;
    owner_id: string;
    other_id: string;
    epcs: string;
  }>`
    select e.kind, e.state, e.owner_id, e.other_id,
      (select string_agg(right(epc, 1), '' order by epc) from provenance.exception_item i where i.exception_id = e.id) as epcs
    from provenance.exception e order by e.opened_at, e.kind`.execute(setting.ctx.db);
  return rows;
};
const shown = async () => (await cases()).map(({ kind, state, epcs }) => [kind, state, epcs]);
const only = async () => (await listExceptions(setting.ctx, idOf(s.REGULATOR), false)).lines[0]!;
const history = async (id: string, gln = s.REGULATOR) =>
  (await readException(setting.ctx, idOf(gln), id)).entries.map(({ what }) => what);

describe('a delivery that agrees', () => {
  it('opens no case, however often it is looked at', async () => {
    await tell(
      made,
      ...s.move(1, s.MAKER, s.DISTRIBUTOR, UNITS),
      ...s.move(5, s.DISTRIBUTOR, s.CLINIC, UNITS),
    );
    expect(await cases()).toEqual([]);
    await reconcileGoods(setting.ctx, digestOf(made));
    expect(await cases()).toEqual([]);
  });
});

describe('a delivery that is short', () => {
  const [out, some] = [
    s.ship(s.day(1), s.MAKER, s.DISTRIBUTOR, UNITS),
    s.receive(s.day(2), s.MAKER, s.DISTRIBUTOR, [A, C]),
  ];

  it('is the sender’s case, with the receiver beside it and a deadline', async () => {
    await tell(made, out, some);
    expect(await shown()).toEqual([['quantity', 'open', 'B']]);
    const [one] = await cases();
    expect([one!.owner_id, one!.other_id]).toEqual([idOf(s.MAKER), idOf(s.DISTRIBUTOR)]);
    const line = await only();
    expect(line.row.due_at.getTime() - line.row.opened_at.getTime()).toBe(EXCEPTIONS.quantity.days * DAY);
    for (const [gln, part] of [
      [s.MAKER, 'owner'],
      [s.DISTRIBUTOR, 'other'],
      [s.REGULATOR, 'watching'],
    ] as const)
      expect((await listExceptions(setting.ctx, idOf(gln), false)).lines[0]).toMatchObject({
        part,
        units: 1,
      });
    expect((await listExceptions(setting.ctx, idOf(s.CLINIC), false)).lines).toEqual([]);
    expect(await openCount(setting.ctx, idOf(s.MAKER))).toBe(1);
    expect(await openCount(setting.ctx, idOf(s.DISTRIBUTOR))).toBe(0);
  });

  it('locks nothing: what is missing is not there', async () => {
    await tell(made, out, some);
    expect((await locksOf(setting.ctx, UNITS)).size).toBe(0);
  });

  it.each<[string, Event]>([
    ['the rest arrives', s.receive(s.day(4), s.MAKER, s.DISTRIBUTOR, [B])],
    ['the sender declares the shipment wrong and states it anew', wrong(out)],
    ['the sender voids what did not leave', s.event(s.day(3), 'void_shipping', s.MAKER, { epcList: [B] })],
  ])('ends when %s', async (_what, event) => {
    await tell(made, out, some);
    const { row } = await only();
    await tell(event);
    if (event.errorDeclaration) {
      // what was received is now a receipt without shipment, until the shipment is stated as it was
      expect((await shown()).map(([kind, state]) => [kind, state])).toEqual([
        ['not-shipped', 'open'],
        ['quantity', 'resolved'],
      ]);
      await tell(s.ship(s.day(1, 1), s.MAKER, s.DISTRIBUTOR, [A, C]));
    }
    expect((await cases()).every(({ state }) => state === 'resolved')).toBe(true);
    expect((await history(row.id)).at(-1)).toBe('resolved');
    expect(await openCount(setting.ctx, idOf(s.MAKER))).toBe(0);
  });

  it('is opened once, however often the work is done, and changes with what arrives', async () => {
    await tell(made, out, s.receive(s.day(2), s.MAKER, s.DISTRIBUTOR, [A]));
    await reconcileGoods(setting.ctx, digestOf(out));
    await reconcileGoods(setting.ctx, digestOf(made));
    expect(await shown()).toEqual([['quantity', 'open', 'BC']]);
    await tell(s.receive(s.day(3), s.MAKER, s.DISTRIBUTOR, [B]));
    expect(await shown()).toEqual([['quantity', 'open', 'C']]);
    expect(await history((await only()).row.id)).toEqual(['opened', 'changed']);
  });

  it('does not end by hand', async () => {
    await tell(made, out, some);
    const { row } = await only();
    const step = (gln: string, step: 'take-on' | 'quarantine' | 'note', note?: string) =>
      codeOf(() => stepException(setting.ctx, idOf(gln), row.id, { step, ...(note ? { note } : {}) }));
    expect(await step(s.CLINIC, 'note', 'hm')).toBe('EXCEPTION_UNKNOWN');
    expect(await step(s.DISTRIBUTOR, 'take-on')).toBe('EXCEPTION_STEP_WRONG');
    expect(await step(s.MAKER, 'note', '  ')).toBe('EXCEPTION_NOTE_MISSING');
    expect(await step(s.MAKER, 'take-on')).toBe('none');
    expect(await step(s.MAKER, 'take-on')).toBe('EXCEPTION_STEP_WRONG');
    expect(await step(s.DISTRIBUTOR, 'note', 'the pallet was open')).toBe('none');
    expect(await shown()).toEqual([['quantity', 'clarifying', 'B']]);
    await tell(s.receive(s.day(4), s.MAKER, s.DISTRIBUTOR, [B]));
    expect(await step(s.MAKER, 'note', 'found')).toBe('EXCEPTION_STEP_WRONG');
    expect(await history(row.id)).toEqual(['opened', 'taken-on', 'noted', 'resolved']);
  });

  it('says once that its deadline has passed', async () => {
    await tell(made, out, some);
    const { row } = await only();
    setting.now += 2 * DAY;
    await settle(setting);
    expect(await history(row.id)).toEqual(['opened']);
    setting.now += 2 * DAY;
    await settle(setting);
    await settle(setting);
    expect(await history(row.id)).toEqual(['opened', 'overdue']);
  });

  it('has a history that only grows', async () => {
    await tell(made, out, some);
    await expect(
      sql`update provenance.exception_entry set what = 'resolved'`.execute(setting.ctx.db),
    ).rejects.toThrow(/only grows/);
  });
});

describe('what never arrives', () => {
  it('is missed after a week, without any further event', async () => {
    setting.now = Date.parse(s.day(2));
    await tell(made, s.ship(s.day(1), s.MAKER, s.DISTRIBUTOR, UNITS));
    expect(await cases()).toEqual([]);
    setting.now = Date.parse(s.day(8)) + DAY / 12;
    await settle(setting);
    expect(await shown()).toEqual([['not-received', 'open', 'ABC']]);
    expect((await cases())[0]!.owner_id).toBe(idOf(s.DISTRIBUTOR));
    await tell(s.receive(s.day(8), s.MAKER, s.DISTRIBUTOR, UNITS));
    expect(await shown()).toEqual([['not-received', 'resolved', 'ABC']]);
  });
});

describe('statements that do not agree', () => {
  it.each<[string, Event[], unknown[], string]>([
    [
      'a receipt without shipment',
      [made, s.receive(s.day(2), s.MAKER, s.DISTRIBUTOR, [A])],
      [['not-shipped', 'open', 'A']],
      s.MAKER,
    ],
    [
      'a shipment by who never received it',
      [made, s.ship(s.day(6), s.DISTRIBUTOR, s.CLINIC, [A])],
      [['not-held', 'open', 'A']],
      s.DISTRIBUTOR,
    ],
    [
      'a receipt stated twice',
      [made, ...s.move(1, s.MAKER, s.DISTRIBUTOR, [A]), s.receive(s.day(4), s.MAKER, s.DISTRIBUTOR, [A])],
      [['received-twice', 'open', 'A']],
      s.DISTRIBUTOR,
    ],
    [
      'numbers that the maker does not know',
      [...s.move(1, s.MAKER, s.DISTRIBUTOR, [A])],
      [['unknown-serial', 'open', 'A']],
      s.MAKER,
    ],
    [
      'a package that differs from the record',
      [
        made,
        ...s.move(1, s.MAKER, s.CLINIC, [A]),
        s.event(s.day(3), 'inspecting', s.CLINIC, { epcList: [A], disposition: 'mismatch_instance' }),
      ],
      [['label', 'open', 'A']],
      s.MAKER,
    ],
  ])('%s', async (_what, events, wanted, owner) => {
    await tell(...events);
    expect(await shown()).toEqual(wanted);
    expect((await cases())[0]!.owner_id).toBe(idOf(owner));
    const [[kind]] = wanted as [[ExceptionKind]];
    expect((await locksOf(setting.ctx, UNITS)).get(A)).toBe(EXCEPTIONS[kind].locks ? kind : undefined);
    const last = events.at(-1)!;
    await tell(kind === 'unknown-serial' ? made : wrong(last));
    expect((await shown()).filter(([one]) => one === kind)).toEqual([[kind, 'resolved', 'A']]);
    expect((await locksOf(setting.ctx, UNITS)).size).toBe(0);
  });

  it('come back when the correction was itself a mistake', async () => {
    const twice = s.receive(s.day(4), s.MAKER, s.DISTRIBUTOR, [A]);
    await tell(made, ...s.move(1, s.MAKER, s.DISTRIBUTOR, [A]), twice);
    await tell(wrong(twice));
    const again = s.receive(s.day(4, 1), s.MAKER, s.DISTRIBUTOR, [A]);
    await tell(again);
    expect(await shown()).toEqual([
      ['received-twice', 'resolved', 'A'],
      ['received-twice', 'open', 'A'],
    ]);
  });

  it('about a product that nobody registered here are nobody’s fault', async () => {
    const foreign = s.unit('X', s.VIAL);
    await tell(...s.move(1, s.MAKER, s.DISTRIBUTOR, [foreign]));
    expect(await cases()).toEqual([]);
  });

  it('are never worded as a fake', () => {
    for (const { title, todo } of Object.values(EXCEPTIONS)) {
      expect(title.zh + todo.zh).not.toMatch(/假|伪造/);
      expect(`${title.en} ${todo.en}`).not.toMatch(/fake|counterfeit|forg/i);
    }
  });
});

describe('an excursion', () => {
  const hot = s.receive(s.day(2), s.MAKER, s.DISTRIBUTOR, [A, B], s.warm(s.day(1), s.day(1, 3), 40));
  const way = [made, s.ship(s.day(1), s.MAKER, s.DISTRIBUTOR, [A, B]), hot];
  const release = (epcList: string[], reports: string[]) =>
    s.event(s.day(4), 'inspecting', s.MAKER, {
      epcList,
      disposition: 'conformant',
      'zm:releases': reports,
      'zm:reason': 'stability data',
    });
  // a release counts when it is signed; here the signature's row is all that matters
  const signed = async (event: Event) => {
    const { captureSigned } = await import('./capture-signed.ts');
    const { signed: sign } = await import('./setting.property.ts');
    await captureSigned(setting.ctx, idOf(siteOfEvent(event)), sign(event));
    await settle(setting);
  };

  it('sets what was on board aside, as the maker’s case', async () => {
    await tell(...way);
    expect(await shown()).toEqual([['excursion', 'quarantined', 'AB']]);
    expect((await cases())[0]!.owner_id).toBe(idOf(s.MAKER));
    expect([...(await locksOf(setting.ctx, UNITS)).values()]).toEqual(['excursion', 'excursion']);
    const { cold } = await readException(setting.ctx, idOf(s.MAKER), (await only()).row.id);
    expect(cold).toMatchObject({ minutesOut: 180, minutesAllowed: 60, reports: [digestOf(hot)] });
  });

  it('ends unit by unit as the maker releases, and by destruction', async () => {
    await tell(...way);
    await tell(release([A], [digestOf(hot)]));
    expect(await shown()).toEqual([['excursion', 'quarantined', 'AB']]);
    await signed(release([A], [digestOf(hot)]));
    expect(await shown()).toEqual([['excursion', 'quarantined', 'B']]);
    await tell(s.event(s.day(5), 'destroying', s.DISTRIBUTOR, { epcList: [B], disposition: 'destroyed' }));
    expect(await shown()).toEqual([['excursion', 'resolved', 'B']]);
    expect((await locksOf(setting.ctx, UNITS)).size).toBe(0);
  });

  it('ends for the whole lot at once', async () => {
    await tell(...way);
    const { epcList: _, ...rest } = release([], [digestOf(hot)]);
    await signed({ ...rest, quantityList: [{ epcClass: `https://id.gs1.org/01/${s.GTIN}/10/L1` }] });
    expect((await shown()).map(([, state]) => state)).toEqual(['resolved']);
  });

  it('of a room concerns what lay in it, and nothing that came later', async () => {
    await tell(made, ...s.move(1, s.MAKER, s.CLINIC, [A]));
    await tell(s.event(s.day(8), 'sensor_reporting', s.CLINIC, s.warm(s.day(7), s.day(7, 3), 40)));
    expect(await shown()).toEqual([['excursion', 'quarantined', 'A']]);
    await tell(...s.move(9, s.MAKER, s.CLINIC, [B]));
    expect(await shown()).toEqual([['excursion', 'quarantined', 'A']]);
  });

  it('is nobody else’s to release', async () => {
    await tell(...way);
    const { captureSigned } = await import('./capture-signed.ts');
    const { signed: sign } = await import('./setting.property.ts');
    const event = { ...release([A], [digestOf(hot)]), ...s.event(s.day(4), 'inspecting', s.DISTRIBUTOR, {}) };
    const run = () =>
      captureSigned(
        setting.ctx,
        idOf(s.DISTRIBUTOR),
        sign({ ...event, epcList: [A], 'zm:releases': [digestOf(hot)] }),
      );
    expect(await codeOf(run)).toBe('RELEASE_NOT_YOURS');
  });
});

describe('a recall', () => {
  it('is a case of everybody who holds goods of the lot, and ends when nothing is left or it is lifted', async () => {
    await tell(made, ...s.move(1, s.MAKER, s.CLINIC, [A]), s.ship(s.day(5), s.MAKER, s.DISTRIBUTOR, [B]));
    await tell(s.recall(s.day(6)));
    const owners = async () =>
      (await cases()).map(({ owner_id, epcs, state }) => [owner_id, epcs, state]).sort();
    expect(await owners()).toEqual(
      [
        [idOf(s.CLINIC), 'A', 'quarantined'],
        [idOf(s.DISTRIBUTOR), 'B', 'quarantined'],
        [idOf(s.MAKER), 'C', 'quarantined'],
      ].sort(),
    );
    expect((await locksOf(setting.ctx, UNITS)).get(A)).toBe('recall');
    await tell(s.event(s.day(7), 'destroying', s.CLINIC, { epcList: [A], disposition: 'destroyed' }));
    expect((await owners()).find(([owner]) => owner === idOf(s.CLINIC))![2]).toBe('resolved');
    const { disposition: _, ...rest } = s.recall(s.day(8));
    await tell({ ...rest, persistentDisposition: { unset: ['recalled'] } });
    expect((await cases()).every(({ state }) => state === 'resolved')).toBe(true);
  });
});

describe('many units', () => {
  it('of two makers are two makers’ cases where the maker must act', async () => {
    const other = s.unit('Z', s.VIAL);
    await registerProduct(setting.ctx, idOf(s.MAKER), { ...PRODUCT, gtin: s.VIAL });
    await tell(s.receive(s.day(1), s.MAKER, s.CLINIC, [A, other]));
    expect(await shown()).toEqual([['unknown-serial', 'open', 'AZ']]);
  });

  it('are read in part, counted in whole', async () => {
    const units = Array.from({ length: 700 }, (_, i) => s.unit(`M${String(i).padStart(3, '0')}`));
    await tell(s.made(s.day(0), units), s.receive(s.day(1), s.MAKER, s.CLINIC, units));
    const { row } = await only();
    const detail = await readException(setting.ctx, idOf(s.CLINIC), row.id);
    expect([detail.units, detail.epcs.length]).toEqual([700, 500]);
  });

  it('concern nobody who has nothing to do with them', async () => {
    await tell(made, s.receive(s.day(1), s.MAKER, s.CLINIC, [A]));
    const { row } = await only();
    expect(await codeOf(() => readException(setting.ctx, idOf(s.OTHER_CLINIC), row.id))).toBe(
      'EXCEPTION_UNKNOWN',
    );
    expect(
      await codeOf(() => readException(setting.ctx, idOf(s.CLINIC), '00000000-0000-7000-8000-000000000099')),
    ).toBe('EXCEPTION_UNKNOWN');
    expect(await codeOf(() => listExceptions(setting.ctx, 'nobody', false))).toBe('EVENT_NOT_YOURS');
    expect(await codeOf(() => reconcileGoods(setting.ctx, `0x${'0'.repeat(64)}`))).toBe('EVENT_UNKNOWN');
  });
});
