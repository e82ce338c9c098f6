/** Goods that may not move, and logger files that say something else: refused at the door, by name. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestDatabase } from '../../../../platform/db/testing.ts';
import { sensorElements } from '../../core/sensor-leg.ts';
import { readTemperatureLog } from '../../core/temperature-log.ts';
import { captureEvent } from '../capture-event.ts';
import { registerProduct } from '../products.ts';
import * as s from '../stories.property.ts';
import { captureSigned } from './capture-signed.ts';
import { lookUp } from './look-up.ts';
import { niOf, readSensorLog, storeSensorLog } from './sensor-logs.ts';
import {
  codeOf,
  idOf,
  newSetting,
  openDatabase,
  PRODUCT,
  type Setting,
  settle,
  signed,
  siteOfEvent,
} from './setting.property.ts';
import { containersOf } from './stock.ts';

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
const state = (event: Event) => captureSigned(setting.ctx, idOf(siteOfEvent(event)), signed(event));
const tell = async (...events: Event[]) => {
  for (const event of events) await captureEvent(setting.ctx, idOf(siteOfEvent(event)), event);
  await settle(setting);
};
const VIAL = s.unit('V', s.VIAL);
const toxin = () =>
  registerProduct(setting.ctx, idOf(s.MAKER), { ...PRODUCT, gtin: s.VIAL, class: 'drug', isToxin: true });

describe('a toxic drug', () => {
  const ship = (from: string, to: string, epcs = [VIAL]) => s.ship(s.day(5), from, to, epcs);
  beforeEach(async () => {
    await toxin();
    await tell(s.made(s.day(0), [VIAL]));
  });

  it.each([
    ['to a designated distributor', s.MAKER, s.DISTRIBUTOR, 'none'],
    ['to a licensed clinic', s.MAKER, s.CLINIC, 'none'],
    ['to a clinic without licence', s.MAKER, s.OTHER_CLINIC, 'SUPPLY_REFUSED'],
    ['to a trader that is not designated', s.MAKER, s.GREY_TRADER, 'SUPPLY_REFUSED'],
    ['from a trader that is not designated', s.GREY_TRADER, s.CLINIC, 'SUPPLY_REFUSED'],
    ['to nobody', s.MAKER, '9520000000998', 'SUPPLY_REFUSED'],
  ])('may be sent %s: %s → %s', async (_what, from, to, wanted) => {
    expect(await codeOf(() => state(ship(from, to)))).toBe(wanted);
    const stored = await setting.ctx.db.selectFrom('provenance.handover').select('digest').execute();
    expect(stored).toHaveLength(wanted === 'none' ? 1 : 0);
  });

  it('names who may not, by which rule', async () => {
    await expect(state(ship(s.MAKER, s.OTHER_CLINIC))).rejects.toMatchObject({
      params: { whoEn: 'clinic 3', rule: 'toxin-receiver-designated', pack: 'cn' },
    });
    await expect(state(ship(s.GREY_TRADER, s.CLINIC))).rejects.toMatchObject({
      params: { whoEn: 'distributor 4', rule: 'toxin-sender-designated' },
    });
  });

  it('is not hidden by a box', async () => {
    await tell(s.pack(s.day(0, 1), s.box(), [VIAL]));
    expect(await codeOf(() => state(ship(s.MAKER, s.OTHER_CLINIC, [s.box()])))).toBe('SUPPLY_REFUSED');
  });

  it('is not taken in by who may not have it either, but what happened can be recorded', async () => {
    const receipt = s.receive(s.day(6), s.MAKER, s.OTHER_CLINIC, [VIAL]);
    expect(await codeOf(() => state(receipt))).toBe('SUPPLY_REFUSED');
    expect(await codeOf(() => tell(receipt))).toBe('none');
  });

  it('leaves other goods alone', async () => {
    await tell(s.made());
    expect(await codeOf(() => state(s.ship(s.day(5), s.MAKER, s.OTHER_CLINIC)))).toBe('none');
  });

  it('goes nowhere where there are no rules', async () => {
    setting = { ...setting, ctx: { ...setting.ctx, packs: () => [] } };
    expect(await codeOf(() => state(ship(s.MAKER, s.DISTRIBUTOR)))).toBe('SUPPLY_REFUSED');
  });
});

describe('goods of an open case', () => {
  it('are not sent on, but may come back, and go on once the case is over', async () => {
    const hot = s.receive(s.day(2), s.MAKER, s.DISTRIBUTOR, [s.unit()], s.warm(s.day(1), s.day(1, 3), 40));
    await tell(s.made(), s.ship(s.day(1), s.MAKER, s.DISTRIBUTOR), hot);
    const on = s.ship(s.day(3), s.DISTRIBUTOR, s.CLINIC);
    expect(await codeOf(() => state(on))).toBe('GOODS_LOCKED');
    await expect(state(on)).rejects.toMatchObject({ params: { units: 1 } });
    // what was put in with a refused statement went with it
    setting.work.length = 0;
    await tell({ ...hot, errorDeclaration: { declarationTime: s.day(4), reason: 'incorrect_data' } });
    await tell(s.receive(s.day(2), s.MAKER, s.DISTRIBUTOR, [s.unit()]));
    expect(await codeOf(() => state(on))).toBe('none');
    // stated again later it is the same statement, whatever the goods are in by then
    await tell(s.recall(s.day(4)));
    expect(await codeOf(() => state(on))).toBe('none');
  });

  it('are seen when scanned', async () => {
    await tell(s.made(), ...s.move(1, s.MAKER, s.DISTRIBUTOR), s.recall(s.day(4)));
    expect(await lookUp(setting.ctx, s.unit())).toMatchObject({
      kind: 'unit',
      lock: 'recall',
      holder: s.DISTRIBUTOR,
    });
  });
});

describe('a scan', () => {
  beforeEach(() =>
    tell(s.made(s.day(0), [s.unit('A'), s.unit('B')]), s.pack(s.day(0, 1), s.box(), [s.unit('A')])),
  );

  it('says what it is, what the label says and what the maker recorded', async () => {
    expect(await lookUp(setting.ctx, `(01)${s.GTIN}(17)270101(10)OTHER(21)A`)).toMatchObject({
      kind: 'unit',
      epc: s.unit('A'),
      label: { lot: `https://id.gs1.org/01/${s.GTIN}/10/OTHER`, expiry: '2027-01-01' },
      record: { lot: `https://id.gs1.org/01/${s.GTIN}/10/L1`, expiry: '2027-12-31' },
      container: s.box(),
      standing: 'held',
      lock: null,
    });
  });

  it('of a container says what is in it', async () => {
    const sscc = s.box().slice(-18);
    for (const code of [`(00)${sscc}`, s.box(), `]C100${sscc}`])
      expect(await lookUp(setting.ctx, code)).toMatchObject({
        kind: 'container',
        epc: s.box(),
        contents: [s.unit('A')],
        lock: null,
      });
  });

  it('of a container says that something in it is locked', async () => {
    await tell(s.recall(s.day(4)));
    expect(await lookUp(setting.ctx, s.box())).toMatchObject({ kind: 'container', lock: 'recall' });
    expect(await containersOf(setting.ctx, s.MAKER)).toMatchObject([{ epc: s.box(), units: 1, locked: 1 }]);
    expect(await codeOf(() => state(s.ship(s.day(5), s.MAKER, s.DISTRIBUTOR, [s.box()])))).toBe(
      'GOODS_LOCKED',
    );
  });

  it.each([
    [
      'a unit that nobody made',
      `(01)${s.GTIN}(21)NOBODY`,
      { kind: 'unit', record: null, standing: 'unknown' },
    ],
    ['a product without serial number', `(01)${s.GTIN}`, { kind: 'other' }],
    ['a wrong check digit', `(01)09521000000011(21)A`, { kind: 'malformed' }],
    ['a drug trace code', '81234567890123456781', { kind: 'other' }],
    ['a word', 'hello', { kind: 'malformed' }],
  ])('of %s', async (_what, code, wanted) => {
    expect(await lookUp(setting.ctx, code)).toMatchObject(wanted);
  });
});

describe('a logger’s file', () => {
  const text = ['Time,Temperature (°C)', ...[5, 9, 30, 6].map((c, i) => `2026-03-02 0${i}:00,${c}`)].join(
    '\n',
  );
  const { readings } = readTemperatureLog(text, 0);
  const arrival = (more: object = {}) => ({
    ...s.receive(s.day(2), s.MAKER, s.DISTRIBUTOR, [s.unit()]),
    sensorElementList: sensorElements(readings, [{ minC: 2, maxC: 25 }], {
      rawData: niOf(new TextEncoder().encode(text)),
      ...more,
    }),
  });
  const store = (given = text) =>
    storeSensorLog(setting.ctx, idOf(s.DISTRIBUTOR), { text: given, offsetMinutes: 0 });
  beforeEach(() => tell(s.made(), s.ship(s.day(1), s.MAKER, s.DISTRIBUTOR)));

  it('is kept under the name of its bytes, and read by anyone', async () => {
    const { uri, summary } = await store();
    expect(uri).toBe(niOf(new TextEncoder().encode(text)));
    expect(summary).toMatchObject({ minC: 5, maxC: 30, readings: 4 });
    expect(await readSensorLog(setting.ctx, uri.split(';')[1]!)).toBe(text);
    expect((await store()).uri).toBe(uri);
    expect(await codeOf(() => readSensorLog(setting.ctx, 'A'.repeat(43)))).toBe('SENSOR_LOG_UNKNOWN');
    expect(await codeOf(() => readSensorLog(setting.ctx, 'short'))).toBe('SENSOR_LOG_UNKNOWN');
  });

  it('bears out what the event says', async () => {
    expect(await codeOf(() => state(arrival()))).toBe('SENSOR_LOG_UNKNOWN');
    await store();
    expect(await codeOf(() => state(arrival()))).toBe('none');
  });

  it.each<[string, (list: ReturnType<typeof sensorElements>) => unknown]>([
    [
      'a lower maximum',
      (list) => JSON.parse(JSON.stringify(list).replaceAll('"maxValue":30', '"maxValue":24')),
    ],
    [
      'a shorter time out of range',
      (list) =>
        list.map((one) => ({
          ...one,
          sensorReport: one.sensorReport.map((r) => (r.exception ? { ...r, maxValue: 9 } : r)),
        })),
    ],
    [
      'another mean kinetic temperature',
      (list) =>
        JSON.parse(JSON.stringify(list).replace(/"zm:meanKineticValue":[\d.]+/, '"zm:meanKineticValue":5')),
    ],
    [
      'another period',
      (list) => JSON.parse(JSON.stringify(list).replaceAll('2026-03-02T00:00', '2026-03-02T01:00')),
    ],
    ['only what was in range', (list) => list.filter(({ sensorReport }) => !sensorReport[0]!.exception)],
  ])('is not borne out by %s', async (_what, change) => {
    await store();
    const event = arrival();
    const run = () => state({ ...event, sensorElementList: change(event.sensorElementList) });
    expect(await codeOf(run)).toBe('SENSOR_LOG_DIFFERS');
  });

  it('that cannot be read is not kept', async () => {
    expect(await codeOf(() => store('nothing'))).toBe('SENSOR_LOG_NO_TABLE');
    expect(setting.files.size).toBe(0);
  });

  it('of another house is that house’s to check', async () => {
    expect(await codeOf(() => state(arrival({ rawData: 'https://logger.example/run/7' })))).toBe('none');
  });
});
