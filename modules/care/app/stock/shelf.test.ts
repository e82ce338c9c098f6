import { describe, expect, it } from 'vitest';
import { clinicActs, HOUR, iso } from './acts.property.ts';
import { closeCase, readCases } from './cases.ts';
import { type Bench, code, labelOf, NOW, PRODUCTS } from './clinic.property.ts';
import { closeCount, readCounts, scanIntoCount, startCount } from './count.ts';
import { openRequests } from './read-requests.ts';
import { readStock } from './read-stock.ts';
import { receiveScan } from './receive-goods.ts';
import { withdrawRequest } from './requests.ts';
import { readToxinRegister } from './toxin-register.ts';

let bench: Bench;
const { id, inStock, used, ask, agree, read, last } = clinicActs((made) => {
  bench = made;
});

describe('waste', () => {
  it('needs a second person on another device; then the unit ends, and the log says how much', async () => {
    const unit = await inStock();
    const leaves = bench.leaves.length;
    const request = await ask(unit);
    expect((await read(unit)).unit.state).toBe('in-stock');
    expect(bench.leaves.length).toBe(leaves);
    expect((await openRequests(bench.care, bench.ids.clinic)).map((r) => r.id)).toContain(request.id);
    expect(await code(() => agree(request, '王医生', 0))).toBe('SECOND_PERSON_NEEDED');
    expect(await code(() => agree(request, ' 李护士 '))).toBe('SECOND_PERSON_NEEDED');
    await agree(request);
    expect(last()).toMatchObject({
      bizStep: 'destroying',
      action: 'DELETE',
      disposition: 'destroyed',
      'zm:amountWasted': 1_000,
      'zm:reason': 'damaged',
    });
    const { unit: now, movements } = await read(unit);
    expect(now).toMatchObject({ state: 'wasted', wasted: 1_000, remaining: 0 });
    expect(movements.at(-1)).toMatchObject({ kind: 'wasted', by: '李护士', second: '王医生' });
    const count = bench.leaves.length;
    await agree(request);
    expect(bench.leaves.length).toBe(count);
  });

  it('of a part leaves the rest in use; used and wasted add up to the vial', async () => {
    const unit = await inStock('toxin');
    await used(unit, 40);
    await agree(await ask(unit, { amount: 5, reason: 'spilled' }));
    expect(last().bizStep).toBe('https://zhenmei.example/epcis/wasting');
    expect((await read(unit)).unit).toMatchObject({ state: 'open', used: 40, wasted: 5, remaining: 55 });
    await agree(await ask(unit, { amount: 55, reason: 'rest' }));
    expect(last()).toMatchObject({ bizStep: 'destroying', 'zm:amountWasted': 55 });
    expect((await read(unit)).unit).toMatchObject({ state: 'used', used: 40, wasted: 60, remaining: 0 });
  });

  it('is refused when it does not fit', async () => {
    const unit = await inStock();
    expect(await code(() => ask(unit, { amount: 1_001 }))).toBe('WASTE_AMOUNT');
    expect(await code(() => ask(unit, { amount: null }))).toBe('WASTE_AMOUNT');
    expect(await code(() => ask(unit, { reason: 'not-found' }))).toBe('STEP_DATA_WRONG');
    expect(await code(() => ask(`${unit}X`))).toBe('UNIT_NOT_IN_STOCK');
    expect(await code(() => ask(unit, { kind: 'release', reason: 'papers-seen' }))).toBe(
      'REQUEST_NOT_POSSIBLE',
    );
    const request = await ask(unit);
    expect(await code(() => ask(unit))).toBe('REQUEST_OPEN');
    // taken from meanwhile: what was asked for is no longer there
    await used(unit, 600);
    expect(await code(() => agree(request))).toBe('WASTE_AMOUNT');
    await withdrawRequest(bench.care, bench.ids.clinic, request.id);
    expect(await code(() => agree(request))).toBe('REQUEST_UNKNOWN');
    expect(await code(() => withdrawRequest(bench.care, bench.ids.other, request.id))).toBe(
      'REQUEST_UNKNOWN',
    );
    expect((await read(unit)).unit).toMatchObject({ used: 600, wasted: 0 });
  });
});

describe('release', () => {
  const held = async (label: (unit: string) => string, more: object = {}) => {
    const unit = await bench.delivered('filler');
    await receiveScan(bench.care, bench.ids.clinic, bench.scan(label(unit), more));
    expect((await read(unit)).unit.state).toBe('quarantined');
    return unit;
  };
  const release = (unit: string, reason: string) =>
    ask(unit, { kind: 'release', amount: null, reason }).then((request) => agree(request));

  it('of a warm delivery stands on the maker’s word, and closes its case', async () => {
    const reading = { minC: 3, maxC: 15, from: iso(NOW - 30 * HOUR), until: iso(NOW) };
    const unit = await held((one) => one, { reading });
    await release(unit, 'maker-release');
    expect((await read(unit)).unit.state).toBe('in-stock');
    expect(last()).toMatchObject({
      bizStep: 'stocking',
      disposition: 'available',
      'zm:reason': 'maker-release',
    });
    const open = await readCases(bench.care, bench.ids.clinic, true);
    expect(open.some((one) => one.unit === unit)).toBe(false);
    const closed = await readCases(bench.care, bench.ids.clinic, false);
    expect(closed.find((one) => one.unit === unit)).toMatchObject({ kind: 'cold-chain', outcome: 'release' });
  });

  it('of a difference of data works once the record is right, not before', async () => {
    const unit = await held((one) => labelOf(one, 'L2'));
    expect(await code(() => release(unit, 'record-corrected'))).toBe('RELEASE_STILL_DIFFERS');
    const [request] = (await openRequests(bench.care, bench.ids.clinic)).filter((r) => r.unit === unit);
    // the maker declares its record wrong and states the right lot
    const { own } = await bench.care.custody.story(bench.care.db, unit);
    const { digest: _, ...made } = own.find((event) => event.bizStep === 'commissioning')!;
    await bench.say('maker', {
      ...(made as object),
      errorDeclaration: { declarationTime: iso(NOW), reason: 'incorrect_data' },
    });
    await bench.say('maker', {
      ...(made as object),
      eventTime: iso(NOW - 61 * 24 * HOUR),
      ilmd: { lotNumber: 'L2', itemExpirationDate: '2028-01-01' },
      'zm:lot': `https://id.gs1.org/01/${PRODUCTS.filler.gtin}/10/L2`,
    });
    await agree(request!);
    expect((await read(unit)).unit).toMatchObject({ state: 'in-stock', lotNumber: 'L2' });
  });

  it('of a unit that was not sent here needs the shipment', async () => {
    const unit = await bench.make('filler');
    await bench.send('maker', 'appointed', [unit], { eventTime: iso(NOW - 90 * HOUR) });
    await bench.say('appointed', { eventTime: iso(NOW - 60 * HOUR), epcList: [unit], bizStep: 'receiving' });
    await receiveScan(bench.care, bench.ids.clinic, bench.scan(unit));
    expect(await code(() => release(unit, 'papers-seen'))).toBe('RELEASE_NO_SHIPMENT');
    await bench.send('appointed', 'clinic', [unit]);
    const [request] = (await openRequests(bench.care, bench.ids.clinic)).filter((r) => r.unit === unit);
    await agree(request!);
    expect((await read(unit)).unit.state).toBe('in-stock');
    expect((await read(unit)).movements.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['received', 'released']),
    );
  });

  it('is refused once something graver speaks against the unit', async () => {
    const reading = { minC: 3, maxC: 15, from: iso(NOW - 30 * HOUR), until: iso(NOW) };
    const unit = await held((one) => one, { reading });
    await bench.say('other', { epcList: [unit], bizStep: 'dispensing', 'zm:procedureCommitment': '0x02' });
    expect(await code(() => release(unit, 'maker-release'))).toBe('RELEASE_REFUSED');
    expect((await read(unit)).unit.state).toBe('quarantined');
  });
});

describe('return and loss', () => {
  it('a unit goes back to who sent it, on one person’s word', async () => {
    const unit = await inStock();
    const { done_at } = await ask(unit, { kind: 'return', amount: null, reason: 'wrong-delivery' });
    expect(done_at).not.toBeNull();
    expect(last()).toMatchObject({
      bizStep: 'shipping',
      disposition: 'returned',
      'zm:reason': 'wrong-delivery',
    });
    expect((await read(unit)).unit.state).toBe('returned');
    // it can come again
    bench.at(NOW + 48 * HOUR);
    await bench.say('appointed', { epcList: [unit], bizStep: 'receiving' });
    bench.at(NOW + 49 * HOUR);
    await bench.send('appointed', 'clinic', [unit], { eventTime: iso(NOW + 49 * HOUR) });
    bench.at(NOW + 60 * HOUR);
    const [row] = await receiveScan(bench.care, bench.ids.clinic, bench.scan(unit));
    expect(row!.outcome).toBe('accepted');
  });

  it('what nobody sent cannot go back to nobody', async () => {
    const unit = await bench.make('filler');
    await receiveScan(bench.care, bench.ids.clinic, bench.scan(unit));
    expect(await code(() => ask(unit, { kind: 'return', amount: null, reason: 'other' }))).toBe(
      'RETURN_TO_NOBODY',
    );
  });

  it('a lost unit is blocked for everybody', async () => {
    const unit = await inStock();
    await agree(await ask(unit, { kind: 'loss', amount: null, reason: 'not-found' }));
    expect((await read(unit)).unit.state).toBe('lost');
    const { codes } = await bench.care.custody.judge(bench.care.db, {
      code: unit,
      unit,
      region: 'CN',
      place: '9521234000310',
      event: null,
    });
    expect(codes).toContain('STOLEN_OR_DESTROYED');
  });
});

describe('a stock-take', () => {
  it('compares what was scanned with the record; differences become cases', async () => {
    const [here, gone, spent] = [await inStock(), await inStock(), await inStock()];
    await used(spent, 1_000);
    const { id: count } = await startCount(bench.care, bench.ids.clinic, {
      id: id(),
      gtin: PRODUCTS.filler.gtin,
      person: '李护士',
    });
    const scan = (text: string) =>
      scanIntoCount(bench.care, bench.ids.clinic, count, { code: text, at: iso(NOW) });
    // everything that is on the shelf from the tests before
    const before = await bench.care.db
      .selectFrom('care.stock_unit')
      .select('unit')
      .where('clinic_id', '=', bench.ids.clinic)
      .where('gtin', '=', PRODUCTS.filler.gtin)
      .where('state', 'in', ['in-stock', 'open', 'quarantined', 'recalled'])
      .where('unit', 'not in', [here, gone])
      .execute();
    for (const { unit } of before) await scan(unit);
    expect(await scan(labelOf(here))).toMatchObject({ expected: true, again: false });
    expect(await scan(here)).toMatchObject({ expected: true, again: true });
    expect(await scan(spent)).toMatchObject({ expected: false, state: 'used' });
    expect(await code(async () => scan(await inStock('toxin')))).toBe('COUNT_OTHER_PRODUCT');
    expect(await code(() => scan('(01)09521234100010(10)L1'))).toBe('COUNT_NOT_A_UNIT');
    expect(await code(() => scan('(01)09521234100011(21)S1'))).toBe('GS1_CSUM');
    expect(
      await code(() => startCount(bench.care, bench.ids.clinic, { id: id(), gtin: null, person: 'x' })),
    ).toBe('COUNT_OPEN');
    const close = () =>
      closeCount(
        bench.care,
        bench.ids.clinic,
        bench.sign('clinic', 'count', { id: count, person: '李护士', at: iso(NOW + 2 * HOUR) }),
      );
    const { result } = await close();
    expect(result!.missing).toEqual([gone]);
    expect(result!.unexpected).toEqual([{ unit: spent, state: 'used' }]);
    expect(last()).toMatchObject({ bizStep: 'stock_taking' });
    expect(last().epcList).toContain(here);
    expect(last().epcList).not.toContain(spent);
    const leaves = bench.leaves.length;
    await close();
    expect(bench.leaves.length).toBe(leaves);
    expect(await code(() => scan(here))).toBe('COUNT_CLOSED');
    expect((await readCounts(bench.care, bench.ids.clinic))[0]).toMatchObject({ missing: [{ unit: gone }] });

    const open = await readCases(bench.care, bench.ids.clinic, true);
    const missing = open.find((one) => one.unit === gone)!;
    const end = (outcome: 'found' | 'set-aside', one = missing) =>
      closeCase(bench.care, bench.ids.clinic, { id: one.id, outcome, note: '', person: '李护士' });
    expect(await code(() => end('set-aside'))).toBe('CASE_NOT_BY_WORD');
    await end('found');
    expect(await code(() => end('found'))).toBe('STOCK_CASE_UNKNOWN');
    const unexpected = open.find((one) => one.unit === spent)!;
    await end('set-aside', unexpected);
    const quarantine = open.find((one) => one.kind === 'not-sent-here')!;
    expect(await code(() => end('found', quarantine))).toBe('CASE_NOT_BY_WORD');
  });
});

describe('the register of toxic drugs', () => {
  it('has every movement with its balance and persons, and nothing else', async () => {
    const rows = await readToxinRegister(bench.care, bench.ids.clinic, {
      from: iso(NOW - 1_000 * HOUR),
      until: iso(NOW + 1_000 * HOUR),
    });
    expect(rows.length).toBeGreaterThanOrEqual(4);
    expect(rows.every(({ product }) => product.en === 'toxin')).toBe(true);
    expect(rows.find(({ kind }) => kind === 'received')).toMatchObject({ by: '李护士', remaining: 100 });
    expect(rows.find(({ kind }) => kind === 'wasted')).toMatchObject({ second: '王医生', reason: 'spilled' });
    const bySerial = new Map<string, number>();
    for (const row of rows) {
      const left = bySerial.get(row.serial) ?? 0;
      if (row.kind === 'used' || row.kind === 'wasted') expect(row.remaining).toBe(left + row.amount);
      bySerial.set(row.serial, row.remaining);
    }
    const { balance } = rows.at(-1)!;
    expect(balance).toBe(rows.reduce((sum, row) => sum + row.amount, 0));
    const { units } = await readStock(bench.care, bench.ids.clinic, { toxin: true, shelf: true });
    expect(balance).toBe(units.reduce((sum, unit) => sum + unit.remaining, 0));
    // a later period begins with what was there before
    const later = await readToxinRegister(bench.care, bench.ids.clinic, {
      from: rows.at(-1)!.at,
      until: iso(NOW + 1_000 * HOUR),
    });
    expect(later.at(-1)!.balance).toBe(balance);
    expect(later.length).toBeLessThan(rows.length);
    const none = await readToxinRegister(bench.care, bench.ids.clinic, {
      from: iso(NOW + 1_000 * HOUR),
      until: iso(NOW + 2_000 * HOUR),
    });
    expect(none).toEqual([]);
    expect(
      await code(() => readToxinRegister(bench.care, bench.ids.maker, { from: iso(NOW), until: iso(NOW) })),
    ).toBe('STOCK_NEEDS_CLINIC');
  });
});
