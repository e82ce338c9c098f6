/** Energy devices over a real database: registering, parts, counters, inspections, and the gate before a treatment. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, code, NOW, openBench, type PartyKey } from '../stock/clinic.property.ts';
import { readUnit } from '../stock/read-stock.ts';
import { receiveScan } from '../stock/receive-goods.ts';
import { assertDeviceFit, assertSomeDeviceFit } from './device-gate.ts';
import { fitPart } from './fit-part.ts';
import { readDeviceCard, readDevices } from './read-devices.ts';
import { recordInspection } from './record-inspection.ts';
import { recordReading } from './record-reading.ts';
import { registerDevice } from './register-device.ts';

const DAY = 86_400_000;
const iso = (ms: number) => new Date(ms).toISOString();
let bench: Bench;
let console1: string;
let handpiece: string;

beforeAll(async () => {
  bench = await openBench();
  console1 = await inStock('console');
  handpiece = await inStock('handpiece');
  await register(console1, 'radiofrequency');
  await register(handpiece, null);
});
afterAll(() => bench.close());
beforeEach(() => {
  bench.at(NOW);
  bench.licence(true);
});

async function inStock(product: 'console' | 'handpiece' | 'filler'): Promise<string> {
  const unit = await bench.delivered(product);
  await receiveScan(bench.care, bench.ids.clinic, bench.scan(unit));
  return unit;
}
/** A statement about devices, signed by the clinic; `act` is signed and not sent. */
function act<T extends object>(name: string, body: T) {
  const said = { ...body, person: '李护士', at: iso(NOW) };
  const { signature } = bench.sign('clinic', 'device', { act: name, ...said });
  return { ...said, signature };
}
const register = (unit: string, deviceClass: 'radiofrequency' | 'laser' | null) =>
  registerDevice(bench.care, bench.ids.clinic, act('register', { unit, deviceClass }));
const fit = (part: string, on: boolean, console = console1) =>
  fitPart(bench.care, bench.ids.clinic, act('fit', { console, part, on }));
const reading = (unit: string, value: number) =>
  recordReading(bench.care, bench.ids.clinic, act('reading', { unit, value }));
function inspect(more: object = {}, who: PartyKey = 'clinic') {
  const said = {
    clinicId: bench.ids.clinic,
    unit: console1,
    kind: 'calibration' as const,
    performedAt: iso(NOW - DAY),
    validUntil: iso(NOW + 90 * DAY) as string | null,
    passed: true,
    certificate: 'CAL 1/2026',
    inspector: '计量院 赵工',
    ...more,
  };
  return recordInspection(bench.care, bench.ids[who], bench.sign(who, 'inspection', said));
}
const gate = (device: string | undefined, shots = 100, deviceClass = 'radiofrequency') =>
  assertDeviceFit(bench.care, bench.care.db, bench.ids.clinic, { deviceClass, device, shots }, 'en');
const some = (deviceClass: string) =>
  assertSomeDeviceFit(bench.care, bench.care.db, bench.ids.clinic, deviceClass, 'zh-CN');
const last = () => JSON.parse(bench.leaves.at(-1)!);

describe('registering', () => {
  it('puts a unit from stock to work', async () => {
    expect((await readUnit(bench.care, bench.ids.clinic, console1)).unit.state).toBe('installed');
    const { devices, spareParts } = await readDevices(bench.care, bench.ids.clinic);
    expect(devices.map(({ unit }) => unit)).toEqual([console1]);
    expect(spareParts).toMatchObject([{ unit: handpiece, shotLimit: 1_000, shots: 0 }]);
  });

  it('takes no unit twice, and none that is not in stock', async () => {
    expect(await code(() => register(console1, 'laser'))).toBe('DEVICE_EXISTS');
    expect(await code(async () => register(await bench.delivered('console'), 'laser'))).toBe(
      'DEVICE_NOT_IN_STOCK',
    );
    expect(await code(() => register('https://id.gs1.org/01/09521234100133/21/NO', 'laser'))).toBe(
      'DEVICE_NOT_IN_STOCK',
    );
    const forged = { ...act('register', { unit: console1, deviceClass: null }), person: '别人' };
    expect(await code(() => registerDevice(bench.care, bench.ids.clinic, forged))).toBe(
      'STATEMENT_SIGNATURE_WRONG',
    );
  });
});

describe('the gate before a treatment', () => {
  it('names the device and what to do while no calibration is valid', async () => {
    await expect(gate(console1)).rejects.toMatchObject({
      code: 'DEVICE_NOT_FIT',
      params: { rule: 'device-calibration-valid', reason: expect.stringContaining('calibration') },
    });
    await expect(some('radiofrequency')).rejects.toMatchObject({
      code: 'DEVICE_NONE_FIT',
      params: { rule: 'device-calibration-valid', reason: expect.stringContaining('校准') },
    });
    await inspect({ performedAt: iso(NOW - 400 * DAY), validUntil: iso(NOW - DAY) });
    expect(await code(() => gate(console1))).toBe('DEVICE_NOT_FIT');
  });

  it('opens with a valid calibration, until it ends', async () => {
    await inspect();
    expect(last()).toMatchObject({
      bizStep: 'inspecting',
      disposition: 'conformant',
      'zm:inspection': 'calibration',
    });
    expect(JSON.stringify(last())).not.toContain('赵工');
    expect(await code(() => gate(console1))).toBe('none');
    expect(await code(() => some('radiofrequency'))).toBe('none');
    bench.at(NOW + 91 * DAY);
    expect(await code(() => gate(console1))).toBe('DEVICE_NOT_FIT');
  });

  it('closes after a failed inspection until a repair passes', async () => {
    await inspect({ kind: 'service', performedAt: iso(NOW - 1_000), validUntil: null, passed: false });
    await expect(gate(console1)).rejects.toMatchObject({ params: { rule: 'device-in-order' } });
    await inspect({ kind: 'repair', performedAt: iso(NOW), validUntil: null });
    expect(await code(() => gate(console1))).toBe('none');
  });

  it('asks for a device, of this clinic, of this kind, at a clinic that is licensed', async () => {
    expect(await code(() => gate(undefined))).toBe('DEVICE_NEEDED');
    expect(await code(() => gate('https://id.gs1.org/01/09521234100133/21/NO'))).toBe('DEVICE_UNKNOWN');
    expect(await code(() => gate(console1, 100, 'laser'))).toBe('DEVICE_OTHER_CLASS');
    expect(await code(() => some('laser'))).toBe('DEVICE_NONE_FIT');
    bench.licence(false);
    await expect(gate(console1)).rejects.toMatchObject({ params: { rule: 'stock-clinic-licence' } });
  });
});

describe('parts and counters', () => {
  it('are fitted to one console at a time', async () => {
    await fit(handpiece, true);
    expect(last()).toMatchObject({
      type: 'AssociationEvent',
      action: 'ADD',
      parentID: console1,
      childEPCs: [handpiece],
    });
    const leaves = bench.leaves.length;
    await fit(handpiece, true);
    expect(bench.leaves.length).toBe(leaves);
    const second = await inStock('console');
    await register(second, 'radiofrequency');
    expect(await code(() => fit(handpiece, true, second))).toBe('PART_FITTED');
    expect(await code(() => fit(handpiece, false, second))).toBe('PART_NOT_FITTED');
    expect(await code(() => fit(second, true))).toBe('DEVICE_UNKNOWN');
    const { devices } = await readDevices(bench.care, bench.ids.clinic);
    expect(devices.find(({ unit }) => unit === console1)!.parts).toMatchObject([{ unit: handpiece }]);
  });

  it('never go down, and refuse past the limit; the device is then not fit', async () => {
    await reading(handpiece, 900);
    expect(await code(() => reading(handpiece, 899))).toBe('COUNTER_BACKWARDS');
    expect(await code(() => reading(handpiece, 1_001))).toBe('COUNTER_OVER_LIMIT');
    expect(await code(() => gate(console1, 100))).toBe('none');
    await expect(gate(console1, 101)).rejects.toMatchObject({ params: { rule: 'device-counter-left' } });
    await reading(handpiece, 1_000);
    expect(await code(() => gate(console1, 1))).toBe('DEVICE_NOT_FIT');
    await fit(handpiece, false);
    expect(await code(() => gate(console1, 1))).toBe('none');
    expect(await code(() => reading('https://id.gs1.org/01/09521234100133/21/NO', 1))).toBe('DEVICE_UNKNOWN');
  });
});

describe('an inspection', () => {
  it('is recorded by the clinic or by the maker of the device, signed by its own device', async () => {
    await inspect({ certificate: 'CAL 2', performedAt: iso(NOW - 10 * DAY) }, 'maker');
    const [device] = (await readDevices(bench.care, bench.ids.clinic)).devices;
    expect(device!.inspections.find(({ certificate }) => certificate === 'CAL 2')).toMatchObject({
      signedBy: { en: 'maker' },
    });
    expect(await code(() => inspect({ certificate: 'CAL 3' }, 'trader'))).toBe('INSPECTION_NOT_YOURS');
    expect(await code(() => inspect({ clinicId: bench.ids.other }))).toBe('DEVICE_UNKNOWN');
    expect(await code(() => inspect({ clinicId: bench.ids.maker }))).toBe('DEVICE_UNKNOWN');
  });

  it.each([
    ['in the future', { performedAt: iso(NOW + DAY) }],
    ['that ends before it was made', { validUntil: iso(NOW - 2 * DAY) }],
    ['that is a calibration without an end', { validUntil: null }],
  ])('%s is refused', async (_, change) => {
    expect(await code(() => inspect(change))).toBe('INSPECTION_DATES');
  });

  it('is kept once when it is sent twice', async () => {
    const leaves = bench.leaves.length;
    await inspect({ certificate: 'TWICE' });
    await inspect({ certificate: 'TWICE' });
    expect(bench.leaves.length).toBe(leaves + 1);
  });
});

describe('the card that a patient sees', () => {
  it('has the serial number, the last service and the calibration; a part has none', async () => {
    expect(await readDeviceCard(bench.care, console1)).toMatchObject({
      name: { en: 'console' },
      deviceClass: 'radiofrequency',
      calibrationValid: true,
      lastServiceAt: iso(NOW),
      clinic: { en: 'clinic' },
    });
    expect(await code(() => readDeviceCard(bench.care, handpiece))).toBe('DEVICE_UNKNOWN');
  });
});
