import { describe, expect, it } from 'vitest';
import { decide, type Facts } from '../core/decide.ts';
import { PolicyPack, packHash } from '../core/pack.ts';
import { packByHash } from './by-hash.ts';
import { cn, cn100, cn110, cn120 } from './cn.ts';

const AT = Date.parse('2026-11-24T00:00:00Z');
const STOCK: Facts = {
  region: 'CN',
  'clinic.licenceValid': true,
  'clinic.licensedForToxin': true,
  'supplier.designatedForToxin': true,
  'product.isToxin': true,
  'product.approvedRegions': ['CN'],
};
const DEVICE: Facts = {
  'clinic.licenceValid': true,
  'device.calibrationValid': true,
  'device.passedLastInspection': true,
  'device.shotsLeft': 0,
};
const rules = (action: string, facts: Facts) => {
  const { outcome, reasons } = decide([cn], action, facts, AT);
  return [outcome, ...reasons.map(({ rule }) => rule)];
};

describe('toxic drugs', () => {
  it('come in from a designated distributor to a licensed site, and are used there', () => {
    expect(rules('stock.receive', STOCK)).toEqual(['allow']);
    expect(rules('stock.use', STOCK)).toEqual(['allow']);
  });

  it.each([
    ['stock.receive', { 'supplier.designatedForToxin': false }, 'toxin-designated-distributor'],
    ['stock.receive', { 'clinic.licensedForToxin': false }, 'toxin-licensed-site'],
    ['stock.use', { 'clinic.licensedForToxin': false }, 'toxin-licensed-site'],
    ['stock.receive', { 'clinic.licenceValid': false }, 'stock-clinic-licence'],
    ['stock.receive', { 'product.approvedRegions': ['SG'] }, 'stock-product-approved'],
  ])('%s is refused with %j by rule %s', (action, change, rule) => {
    expect(rules(action, { ...STOCK, ...(change as Facts) })).toEqual(['refuse', rule]);
  });

  it('ask where nothing is known, and other products need neither', () => {
    expect(rules('stock.receive', { ...STOCK, 'supplier.designatedForToxin': null })[0]).toBe('ask');
    expect(rules('stock.receive', { ...STOCK, 'product.isToxin': undefined })[0]).toBe('ask');
    const plain = { ...STOCK, 'product.isToxin': false, 'clinic.licensedForToxin': false };
    expect(rules('stock.receive', { ...plain, 'supplier.designatedForToxin': false })).toEqual(['allow']);
  });
});

describe('energy devices', () => {
  it('may be used with a valid calibration, a passed inspection and shots left', () => {
    expect(rules('device.use', DEVICE)).toEqual(['allow']);
  });

  it.each([
    [{ 'device.calibrationValid': false }, 'device-calibration-valid'],
    [{ 'device.passedLastInspection': false }, 'device-in-order'],
    [{ 'device.shotsLeft': -1 }, 'device-counter-left'],
  ])('are refused with %j by rule %s', (change, rule) => {
    expect(rules('device.use', { ...DEVICE, ...(change as Facts) })).toEqual(['refuse', rule]);
  });
});

describe('the versions of the pack', () => {
  it('stay what they were: their hashes are in receipts', () => {
    expect(packHash(cn100)).toBe('9c89b1cfd96da9b52cc9d72f1b8613517c03ad2466b51ed0c3ad21a73aa2f11f');
    expect(packHash(cn110)).toBe('e8067072715aea39131b640ca076b6c989ec42c65afca8f4a3047c208b846a7f');
    expect(packByHash(`0x${packHash(cn100)}`)).toBe(cn100);
    expect(packByHash(packHash(cn110))).toBe(cn110);
    expect(packByHash(packHash(cn))).toBe(cn);
    expect(packByHash('00')).toBeUndefined();
    expect(PolicyPack.parse(cn)).toEqual(cn);
  });

  it('ask the catalogue of procedures only where a procedure is spoken of', () => {
    // goods come in without any procedure; a visit without one is no visit
    expect(rules('stock.receive', {}).join()).not.toMatch(/procedure/);
    expect(rules('device.use', DEVICE)).toEqual(['allow']);
    expect(rules('visit.treat', {})).toContain('procedure-listed');
  });

  it('decide alike on a visit', () => {
    const of = (pack: PolicyPack) => pack.requirements.filter((r) => r.actions.includes('visit.treat'));
    expect(of(cn120)).toEqual(of(cn100));
    const other = (pack: PolicyPack) => of(pack).filter(({ id }) => !id.startsWith('patient-'));
    expect(other(cn)).toEqual(other(cn100));
  });
});
