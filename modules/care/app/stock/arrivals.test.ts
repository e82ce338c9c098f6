/** Goods-in over a real database: what is set apart, whole boxes, records that come late, and taking back. */
import { newId } from '@zhenmei/kernel';
import { describe, expect, it } from 'vitest';
import { clinicActs, HOUR } from './acts.property.ts';
import { readCases } from './cases.ts';
import { type Bench, code, labelOf, NOW } from './clinic.property.ts';
import { readDeliveries, readStock } from './read-stock.ts';
import { undoScan } from './undo-scan.ts';

let bench: Bench;
const { receive, answer, stateOf, undo } = clinicActs((made) => {
  bench = made;
});

describe('what is set apart', () => {
  const cases = async () =>
    (await readCases(bench.care, bench.ids.clinic, true)).map(({ kind, unit }) => [kind, unit]);

  it('a label that differs from the record: a problem of data', async () => {
    const unit = await bench.delivered('filler');
    expect(await answer(labelOf(unit, 'L2'))).toEqual(['quarantined', 'data-mismatch', null]);
    expect(await stateOf(unit)).toBe('quarantined');
    expect(await cases()).toContainEqual(['data-mismatch', unit]);
    const other = await bench.delivered('filler');
    expect(await answer(labelOf(other, 'L1', '2029-01-01'))).toEqual(['quarantined', 'data-mismatch', null]);
  });

  it('a delivery that was warm for too long, by the logger that came with it', async () => {
    const warm = {
      minC: 4,
      maxC: 12,
      from: new Date(NOW - 30 * HOUR).toISOString(),
      until: new Date(NOW).toISOString(),
    };
    const unit = await bench.delivered('filler');
    expect(await answer(unit, { reading: warm })).toEqual(['quarantined', 'cold-chain', null]);
    const cool = { ...warm, maxC: 7 };
    expect(await answer(await bench.delivered('filler'), { reading: cool })).toEqual([
      'accepted',
      'accepted',
      null,
    ]);
  });

  it('a unit that was never sent here: nothing is said of its custody', async () => {
    const unit = await bench.make('filler');
    await bench.send('maker', 'other', [unit]);
    const leaves = bench.leaves.length;
    expect(await answer(unit)).toEqual(['quarantined', 'not-sent-here', null]);
    expect(await stateOf(unit)).toBe('quarantined');
    const stated = bench.leaves.slice(leaves).map((leaf) => JSON.parse(leaf).bizStep);
    expect(stated).toEqual(['holding']);
    expect(await cases()).toContainEqual(['not-sent-here', unit]);
  });

  it('a unit with a gap in its way', async () => {
    const unit = await bench.make('filler');
    // the distributor ships what it never stated to have received
    await bench.send('appointed', 'clinic', [unit]);
    expect(await answer(unit)).toEqual(['quarantined', 'custody-gap', null]);
  });
});

describe('a whole box', () => {
  it('is received by its number; each unit has its own answer', async () => {
    const units = [];
    for (let i = 0; i < 3; i++) units.push(await bench.make('filler', { lot: 'BOX' }));
    const old = await bench.make('filler', { lot: 'BOXOLD', expiry: '2026-11-01' });
    const all = [...units, old];
    await bench.send('maker', 'appointed', all, { eventTime: new Date(NOW - 90 * HOUR).toISOString() });
    await bench.say('appointed', {
      eventTime: new Date(NOW - 60 * HOUR).toISOString(),
      epcList: all,
      bizStep: 'receiving',
    });
    const box = await bench.pack(all);
    await bench.send('appointed', 'clinic', [box]);
    const deliveries = await readDeliveries(bench.care, bench.ids.clinic);
    expect(deliveries.find(({ boxes }) => boxes.includes(box))?.items).toMatchObject([{ units: 4 }]);

    const leaves = bench.leaves.length;
    const sscc = box.split('/00/')[1]!;
    const rows = await receive(`]C100${sscc}`);
    expect(rows.map(({ unit, reason }) => [unit, reason]).sort()).toEqual(
      [...units.map((unit) => [unit, 'accepted']), [old, 'expired']].sort(),
    );
    const stated = bench.leaves.slice(leaves).map((leaf) => JSON.parse(leaf));
    expect(stated.map(({ bizStep }) => bizStep)).toEqual(['receiving', 'unpacking']);
    expect(stated[0].epcList).toEqual([...units].sort());
    for (const unit of units) expect(await stateOf(unit)).toBe('in-stock');
    expect(await stateOf(old)).toBe('announced');
    // a box that was emptied is not received again
    const again = await receive(`]C100${sscc}`);
    expect(again.map(({ reason }) => reason)).toEqual(['expired']);

    // taken back as a whole, and only while nothing else happened to any of it
    const first = rows[0]!.scan;
    expect((await undo(first)).every(({ undone_at }) => undone_at !== null)).toBe(true);
    for (const unit of units) expect(await stateOf(unit)).toBe('announced');
    expect((await receive(`]C100${sscc}`)).filter(({ outcome }) => outcome === 'accepted')).toHaveLength(3);
  });
});

describe('records that come late', () => {
  it('announce what lies in a box also when it was sent before its packing was recorded', async () => {
    const unit = await bench.make('filler');
    const box = await bench.pack([await bench.make('filler')]);
    await bench.send('appointed', 'clinic', [box]);
    expect(await stateOf(unit)).toBe('none');
    await bench.say('appointed', {
      type: 'AggregationEvent',
      eventTime: new Date(NOW - 35 * HOUR).toISOString(),
      action: 'ADD',
      parentID: box,
      childEPCs: [unit],
      bizStep: 'packing',
    });
    expect(await stateOf(unit)).toBe('announced');
    await bench.say('appointed', {
      type: 'AggregationEvent',
      eventTime: new Date(NOW - 34 * HOUR).toISOString(),
      action: 'DELETE',
      parentID: box,
      bizStep: 'unpacking',
    });
    expect(await stateOf(unit)).toBe('none');
  });

  it('bring a shipment to a unit that was set apart for want of one', async () => {
    const unit = await bench.make('filler');
    expect(await answer(unit)).toEqual(['quarantined', 'not-sent-here', null]);
    await bench.send('maker', 'clinic', [unit]);
    const [row] = (await readStock(bench.care, bench.ids.clinic, { q: unit.split('/21/')[1]! })).units;
    expect(row).toMatchObject({ state: 'quarantined', announcedAt: expect.any(String) });
  });
});

describe('taking back', () => {
  it('declares the receipt wrong; the unit is on its way again and can be received', async () => {
    const unit = await bench.delivered('filler');
    const [row] = await receive(unit);
    const leaves = bench.leaves.length;
    await undo(row!.scan);
    expect(JSON.parse(bench.leaves[leaves]!)).toMatchObject({
      bizStep: 'receiving',
      errorDeclaration: { reason: 'did_not_occur' },
    });
    expect(await stateOf(unit)).toBe('announced');
    expect((await undo(row!.scan))[0]!.undone_at).not.toBeNull();
    expect(bench.leaves.length).toBe(leaves + 1);
    bench.at(NOW + 2 * HOUR);
    expect((await answer(unit))[0]).toBe('accepted');
  });

  it('also takes a unit out of quarantine and closes its case', async () => {
    const unit = await bench.delivered('filler');
    const [row] = await receive(labelOf(unit, 'L9'));
    await undo(row!.scan);
    expect(await stateOf(unit)).toBe('announced');
    const open = await readCases(bench.care, bench.ids.clinic, true);
    expect(open.some((one) => one.unit === unit)).toBe(false);
  });

  it('is too late once something else has happened to the unit', async () => {
    const unit = await bench.delivered('filler');
    const [row] = await receive(unit);
    await bench.say('clinic', {
      eventTime: new Date(NOW + 10).toISOString(),
      epcList: [unit],
      bizStep: 'dispensing',
      'zm:amountUsed': 500,
    });
    expect(await code(() => undo(row!.scan))).toBe('SCAN_SETTLED');
    expect(await stateOf(unit)).toBe('open');
  });

  it('needs a scan of this clinic, and its signature', async () => {
    const unit = await bench.delivered('filler');
    const [row] = await receive(unit);
    expect(await code(() => undo(newId(NOW, new Uint8Array(10).fill(9))))).toBe('SCAN_UNKNOWN');
    const said = { scan: row!.scan, at: new Date(NOW).toISOString(), person: 'x' };
    const forged = { ...said, signature: bench.sign('other', 'undo', said).signature };
    expect(await code(() => undoScan(bench.care, bench.ids.clinic, forged))).toBe(
      'STATEMENT_SIGNATURE_WRONG',
    );
    expect(await code(() => undoScan(bench.care, bench.ids.other, bench.sign('other', 'undo', said)))).toBe(
      'SCAN_UNKNOWN',
    );
  });
});
