import { describe, expect, it } from 'vitest';
import { clinicActs, HOUR } from './acts.property.ts';
import { readAlerts } from './alerts.ts';
import { type Bench, code, labelOf, NOW, PRODUCTS } from './clinic.property.ts';
import { viewScans } from './read-goods-in.ts';
import { readStock } from './read-stock.ts';
import { rebuildStock } from './rebuild.ts';
import { receiveScan } from './receive-goods.ts';

let bench: Bench;
const { receive, answer, stateOf } = clinicActs((made) => {
  bench = made;
});

describe('a unit that was sent here', () => {
  it('is announced, received with its label, and in stock; the log says who holds it', async () => {
    const unit = await bench.delivered('filler');
    expect(await stateOf(unit)).toBe('announced');
    const before = bench.leaves.length;
    const [row] = await receive(labelOf(unit));
    expect(row).toMatchObject({
      outcome: 'accepted',
      unit,
      lot: expect.stringContaining('/10/L1'),
      person: '李护士',
    });
    expect(await stateOf(unit)).toBe('in-stock');
    const stated = bench.leaves.slice(before).map((leaf) => JSON.parse(leaf));
    expect(stated).toMatchObject([{ bizStep: 'receiving', epcList: [unit] }]);
    expect(JSON.stringify(stated)).not.toContain('李护士');
  });

  it('gets the same answer when the same scan is sent again, also at the same time', async () => {
    const unit = await bench.delivered('filler');
    const scan = bench.scan(unit);
    const leaves = bench.leaves.length;
    const all = await Promise.all([1, 2, 3].map(() => receiveScan(bench.care, bench.ids.clinic, scan)));
    expect(all.map(([row]) => row!.outcome)).toEqual(['accepted', 'accepted', 'accepted']);
    expect(bench.leaves.length).toBe(leaves + 1);
  });

  it('is received once when two tablets scan it at the same time', async () => {
    const unit = await bench.delivered('filler');
    const answers = await Promise.all([receive(unit), receive(unit), receive(unit)]);
    expect(answers.map(([row]) => row!.reason).sort()).toEqual([
      'accepted',
      'already-received',
      'already-received',
    ]);
  });

  it('is read from every writing of its code', async () => {
    for (const write of [
      (unit: string) => labelOf(unit).replace('\u001d', '^]'),
      (unit: string) => labelOf(unit).replace('\u001d', '{GS}'),
      (unit: string) => unit,
      (unit: string) => `${labelOf(unit)}\r\n`,
    ])
      expect((await answer(write(await bench.delivered('filler'))))[0]).toBe('accepted');
  });
});

describe('the three refusals of the door', () => {
  it('are told apart: wrong check digit, expired, received already', async () => {
    const unit = await bench.delivered('filler');
    expect(await answer(unit)).toEqual(['accepted', 'accepted', null]);
    expect(await answer(unit)).toEqual(['refused', 'already-received', null]);
    const old = await bench.delivered('filler', { lot: 'OLD', expiry: '2026-11-01' });
    expect(await answer(labelOf(old, 'OLD', '2026-11-01'))).toEqual(['refused', 'expired', null]);
    const wrong = labelOf(await bench.delivered('filler')).replace('09521234100010', '09521234100011');
    const [row] = await receive(wrong);
    expect([row!.outcome, row!.reason]).toEqual(['refused', 'code-malformed']);
    const [view] = await viewScans(bench.care, bench.ids.clinic, [row!]);
    expect(view!.text.en).toContain('check digit');
    expect(view!.text.zh).toContain('校验码');
  });
});

describe('other refusals', () => {
  it.each([
    ['a code without a serial number', '(01)09521234100010(10)L1', 'no-serial'],
    ['a drug trace code', '81234567890123456789', 'other-code'],
    ['a box nobody packed', '(00)095212340000000013', 'container-unknown'],
    ['a product nobody registered', 'https://id.gs1.org/01/09521234109990/21/X', 'product-unknown'],
    [
      'a serial number that its maker does not know',
      `https://id.gs1.org/01/${PRODUCTS.filler.gtin}/21/NOBODY`,
      'serial-unknown',
    ],
  ])('%s', async (_, text, reason) => {
    const leaves = bench.leaves.length;
    expect(await answer(text)).toEqual(['refused', reason, null]);
    expect(bench.leaves.length).toBe(leaves);
  });

  it('a product that is not approved here, by rule', async () => {
    expect(await answer(await bench.delivered('abroad'))).toEqual([
      'refused',
      'rule',
      'stock-product-approved',
    ]);
  });

  it('a recalled lot', async () => {
    const unit = await bench.delivered('filler', { lot: 'REC' });
    await bench.say('maker', {
      bizStep: 'inspecting',
      disposition: 'recalled',
      quantityList: [{ epcClass: `https://id.gs1.org/01/${PRODUCTS.filler.gtin}/10/REC` }],
    });
    expect(await answer(unit)).toEqual(['refused', 'recalled', null]);
  });

  it('a unit that was used somewhere else, or destroyed', async () => {
    const unit = await bench.delivered('filler');
    await bench.say('other', { epcList: [unit], bizStep: 'dispensing', 'zm:procedureCommitment': '0x01' });
    expect(await answer(unit)).toEqual(['refused', 'already-used', null]);
    const gone = await bench.delivered('filler');
    await bench.say('appointed', { epcList: [gone], bizStep: 'destroying', disposition: 'destroyed' });
    expect(await answer(gone)).toEqual(['refused', 'stolen-or-destroyed', null]);
  });

  it('whatever comes while the licence of the clinic is not valid, or cannot be judged', async () => {
    const unit = await bench.delivered('filler');
    bench.licence(false);
    expect(await answer(unit)).toEqual(['refused', 'rule', 'stock-clinic-licence']);
    bench.licence(null);
    expect(await answer(unit)).toEqual(['refused', 'not-checkable', 'stock-clinic-licence']);
    bench.licence(true);
    expect(await answer(unit)).toEqual(['accepted', 'accepted', null]);
  });

  it('a toxic drug that no designated distributor sent, with a word to the regulator', async () => {
    expect(await answer(await bench.delivered('toxin'))).toEqual(['accepted', 'accepted', null]);
    const grey = await bench.delivered('toxin', { by: 'trader' });
    expect(await answer(grey)).toEqual(['refused', 'rule', 'toxin-designated-distributor']);
    const alone = await bench.make('toxin');
    expect(await answer(alone)).toEqual(['refused', 'rule', 'toxin-designated-distributor']);
    const alerts = await readAlerts(bench.care, bench.ids.regulator);
    expect(
      alerts
        .filter(({ kind }) => kind === 'toxin-channel')
        .map(({ unit }) => unit)
        .sort(),
    ).toEqual([grey, alone].sort());
    expect(await code(() => readAlerts(bench.care, bench.ids.clinic))).toBe('NOT_A_REGULATOR');
  });

  it('a toxic drug at a site that is not licensed for it', async () => {
    const unit = await bench.make('toxin');
    await bench.send('maker', 'appointed', [unit], { eventTime: new Date(NOW - 90 * HOUR).toISOString() });
    await bench.send('appointed', 'other', [unit]);
    const scan = bench.scan(unit);
    const { signature: _, ...said } = scan;
    const [row] = await receiveScan(bench.care, bench.ids.other, bench.sign('other', 'goods-in', said));
    expect([row!.outcome, row!.rule]).toEqual(['refused', 'toxin-licensed-site']);
  });
});

describe('a scan', () => {
  it('is signed by a device of the clinic, about these days', async () => {
    const unit = await bench.delivered('filler');
    const scan = bench.scan(unit);
    const run = (change: object, who: 'clinic' | 'other' | 'maker' = 'clinic') =>
      code(() => receiveScan(bench.care, bench.ids[who], { ...scan, ...change }));
    expect(await run({ person: '别人' })).toBe('STATEMENT_SIGNATURE_WRONG');
    expect(await run({ code: `${unit}X` })).toBe('STATEMENT_SIGNATURE_WRONG');
    expect(await run({}, 'other')).toBe('STATEMENT_SIGNATURE_WRONG');
    expect(await run({}, 'maker')).toBe('STOCK_NEEDS_CLINIC');
    const early = bench.scan(unit, { at: '2026-12-24T00:00:00.000Z' });
    expect(await code(() => receiveScan(bench.care, bench.ids.clinic, early))).toBe('STATEMENT_TIME_WRONG');
    const { signature: _, ...said } = bench.scan(await bench.delivered('filler'));
    const used = bench.sign('clinic', 'goods-in', { ...said, id: (await receive(unit))[0]!.scan });
    expect(await code(() => receiveScan(bench.care, bench.ids.clinic, used))).toBe('SCAN_NUMBER_USED');
  });
});

describe('stock', () => {
  it('has counts that add up, filters, and first what must be used first', async () => {
    const vial = await bench.delivered('toxin');
    await receive(vial);
    await bench.say('clinic', {
      eventTime: new Date(NOW + 10).toISOString(),
      epcList: [vial],
      bizStep: 'dispensing',
      'zm:amountUsed': 40,
    });
    const all = await readStock(bench.care, bench.ids.clinic, { limit: 500 });
    const sum = Object.values(all.counts).reduce((a, b) => a + b, 0);
    expect(sum).toBe(all.total);
    const shelf = await readStock(bench.care, bench.ids.clinic, { shelf: true, limit: 500 });
    const { 'in-stock': inStock, open, quarantined, recalled } = all.counts;
    expect(shelf.total).toBe(inStock + open + quarantined + recalled);
    expect(shelf.total).toBe(all.products.reduce((total, { onShelf }) => total + onShelf, 0));
    expect(shelf.units[0]).toMatchObject({ unit: vial, state: 'open', remaining: 60 });
    const soon = await bench.delivered('filler', { lot: 'SOON', expiry: '2026-11-30' });
    await receive(soon);
    const expiring = await readStock(bench.care, bench.ids.clinic, { shelf: true, withinDays: 14 });
    // an open vial ends tomorrow, whatever its date says
    expect(expiring.units.map(({ unit }) => unit)).toEqual([vial, soon]);
    const byLot = await readStock(bench.care, bench.ids.clinic, { q: 'soon' });
    expect(byLot.units.map(({ unit }) => unit)).toEqual([soon]);
    expect((await readStock(bench.care, bench.ids.clinic, { toxin: true })).units.every((u) => u.toxin)).toBe(
      true,
    );
    expect((await readStock(bench.care, bench.ids.other, { state: 'in-stock' })).total).toBe(0);
  });

  it('follows from the events alone: built anew, it is the same', async () => {
    const tables = async () => ({
      units: await bench.care.db
        .selectFrom('care.stock_unit')
        .selectAll()
        .orderBy('clinic_id')
        .orderBy('unit')
        .execute(),
      movements: await bench.care.db
        .selectFrom('care.stock_movement')
        .selectAll()
        .orderBy('clinic_id')
        .orderBy('unit')
        .orderBy('sequence')
        .execute(),
    });
    const before = await tables();
    expect(await rebuildStock(bench.care)).toBe(before.units.length);
    expect(await tables()).toEqual(before);
  });
});
