import { describe, expect, it } from 'vitest';
import { dispensingEvent } from '../../core/use-gate.ts';
import type { CareTx } from '../context.ts';
import { clinicActs, HOUR, iso } from './acts.property.ts';
import { readAlerts, reportReuse } from './alerts.ts';
import { type Bench, code, NOW, PRODUCTS, type ProductKey } from './clinic.property.ts';
import { receiveScan } from './receive-goods.ts';
import { assertNotReserved, assertUsable } from './use-unit.ts';

let bench: Bench;
const { id, inStock, used, read, last } = clinicActs((made) => {
  bench = made;
});

describe('a unit for a visit', () => {
  const lot = (product: ProductKey) => `https://id.gs1.org/01/${PRODUCTS[product].gtin}/10/L1`;
  const site = { id: 'https://id.gs1.org/414/9521234000310' };
  const use = (unit: string, more: object = {}, change: object = {}) => {
    const asked = {
      gtin: PRODUCTS.toxin.gtin as string,
      lot: lot('toxin'),
      unit,
      use: 0,
      amount: 40,
      amountUnit: 'U',
      ...more,
    };
    const event = {
      ...dispensingEvent(unit, 100, asked),
      eventTime: iso(bench.care.clock.now()),
      eventTimeZoneOffset: '+08:00',
      readPoint: site,
      bizLocation: site,
      'zm:procedureCommitment': `0x${'b'.repeat(64)}`,
      ...change,
    };
    return bench.care.db
      .transaction()
      .execute((tx) => assertUsable(bench.care, tx as CareTx, bench.ids.clinic, asked, event, 'en'));
  };

  it('may be used when stock, rules and event agree', async () => {
    const unit = await inStock('toxin');
    expect(await code(() => use(unit))).toBe('none');
  });

  it.each([
    ['more amount than was signed', { 'zm:amountUsed': 41 }],
    ['another unit', { epcList: [`https://id.gs1.org/01/${PRODUCTS.toxin.gtin}/21/X`] }],
    ['an end that is none', { action: 'DELETE', disposition: 'dispensed' }],
    ['another place', { readPoint: { id: 'https://id.gs1.org/414/9521234000327' } }],
    ['another day', { eventTime: iso(NOW - 48 * HOUR) }],
    ['something more', { 'zm:note': 'Ms Li, born 1990' }],
    ['another commitment than one', { 'zm:procedureCommitment': 'Ms Li' }],
    ['another step', { bizStep: 'storing' }],
  ])('is refused when the event says %s', async (_, change) => {
    const unit = await inStock('toxin');
    await expect(use(unit, {}, change)).rejects.toMatchObject({
      code: 'STEP_DATA_WRONG',
      params: { field: 'event' },
    });
  });

  it('is split between patients within amount and hours', async () => {
    const unit = await inStock('toxin');
    await used(unit, 40, NOW);
    expect(await code(() => use(unit))).toBe('UNIT_CHANGED');
    expect(await code(() => use(unit, { use: 1, amount: 61 }))).toBe('UNIT_AMOUNT');
    bench.at(NOW + 23 * HOUR);
    expect(
      await code(() => use(unit, { use: 1, amount: 60 }, { action: 'DELETE', disposition: 'dispensed' })),
    ).toBe('none');
    bench.at(NOW + 25 * HOUR);
    expect(await code(() => use(unit, { use: 1, amount: 60 }))).toBe('UNIT_OPEN_TOO_LONG');
  });

  it('is refused for what stock knows of it', async () => {
    expect(await code(() => use('https://id.gs1.org/01/09521234100065/21/NEVER'))).toBe('UNIT_NOT_IN_STOCK');
    expect(await code(async () => use(await bench.delivered('toxin')))).toBe('UNIT_NOT_RECEIVED');
    expect(await code(async () => use(await inStock('filler')))).toBe('UNIT_OTHER_PRODUCT');
    const recalled = await inStock('toxin', { lot: 'REC' });
    await bench.say('maker', {
      bizStep: 'inspecting',
      disposition: 'recalled',
      quantityList: [{ epcClass: `https://id.gs1.org/01/${PRODUCTS.toxin.gtin}/10/REC` }],
    });
    expect(await code(() => use(recalled))).toBe('UNIT_RECALLED');
    const spent = await inStock('toxin');
    await used(spent, 100);
    expect(await code(() => use(spent))).toBe('UNIT_ALREADY_USED');
    bench.licence(false);
    const unit = await bench.delivered('toxin');
    bench.licence(true);
    await receiveScan(bench.care, bench.ids.clinic, bench.scan(unit));
    bench.licence(false);
    await expect(use(unit)).rejects.toMatchObject({
      code: 'SCOPE_REFUSED',
      params: { rule: 'stock-clinic-licence' },
    });
    bench.licence(true);
  });

  it('raises an alert for the regulator when it is used already: a row and an event, once', async () => {
    const unit = await inStock('filler');
    await used(unit, 1_000);
    const visit = { id: id(), clinic_id: bench.ids.clinic, doctor_id: id() } as never;
    const leaves = bench.leaves.length;
    await reportReuse(bench.care, visit, unit);
    await reportReuse(bench.care, visit, unit);
    expect(bench.leaves.length).toBe(leaves + 1);
    expect(last()).toMatchObject({
      disposition: 'non_conformant',
      'zm:alert': 'reuse-attempt',
      epcList: [unit],
    });
    const alerts = await readAlerts(bench.care, bench.ids.regulator);
    expect(alerts.filter((one) => one.unit === unit)).toMatchObject([
      { kind: 'reuse-attempt', clinic: { gln: '9521234000310' } },
    ]);
    expect((await read(unit)).unit.state).toBe('used');
  });

  it('is opened for one patient at a time', async () => {
    const unit = await inStock('toxin');
    const first = await pendingVisit(unit, { clinic: '0x01', patient: '0x02' });
    const second = await pendingVisit(unit, { clinic: '0x01' });
    const reserved = (visit: string) => code(() => assertNotReserved(bench.care.db, visit, unit));
    expect(await reserved(second)).toBe('UNIT_RESERVED');
    // a proposal that the patient has not confirmed reserves nothing
    expect(await reserved(first)).toBe('none');
    expect(await code(() => assertNotReserved(bench.care.db, second, `${unit}X`))).toBe('none');
  });
});

/** A visit whose unsealing is under way. */
async function pendingVisit(unit: string, signatures: object): Promise<string> {
  const [visit, service, slot] = [id(), id(), id()];
  const { db } = bench.care;
  await db
    .insertInto('care.service')
    .values({
      id: service,
      clinic_id: bench.ids.clinic,
      code: service,
      body: '{}',
      published_at: new Date(NOW),
      withdrawn_at: null,
    })
    .execute();
  await db
    .insertInto('care.slot')
    .values({
      id: slot,
      clinic_id: bench.ids.clinic,
      doctor_id: slot,
      starts_at: new Date(NOW),
      minutes: 30,
    })
    .execute();
  await db
    .insertInto('care.visit')
    .values({
      id: visit,
      clinic_id: bench.ids.clinic,
      doctor_id: slot,
      service_id: service,
      slot_id: slot,
      state: 'checked-in',
      patient_address: `0x${visit.replaceAll('-', '')}00000000`,
      patient_seal_key: '',
      review_commitment: '1',
      payout: '0x00',
      read_token_hash: '0x00',
      quote: '{}',
      agreement_id: null,
      terms: null,
      offer: null,
      consent: null,
      treatment: null,
      last_sequence: 0,
      last_hash: '0x00',
      lapses_at: null,
      created_at: new Date(NOW),
      updated_at: new Date(NOW),
    })
    .execute();
  await db
    .insertInto('care.pending_step')
    .values({
      visit_id: visit,
      step: JSON.stringify({ type: 'unseal', data: { unit } }),
      hash: '0x00',
      signatures: JSON.stringify(signatures),
      attachments: '{}',
      proposed_at: new Date(NOW),
    })
    .execute();
  return visit;
}
