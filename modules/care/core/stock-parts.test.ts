import { p256 } from '@noble/curves/nist.js';
import { type AppError, type Hex, toHex0x } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitnessOf, type Inspection, refuseReading } from './device.ts';
import { assertTime, signedBy, statementDigest } from './statement.ts';
import type { MovementKind } from './stock.ts';
import { compareCount } from './stock-count.ts';
import { REGISTER_COLUMNS, type RegisterRow, registerAmount, registerCsv } from './toxin-register.ts';

const code = (fn: () => unknown): string => {
  try {
    fn();
    return 'none';
  } catch (error) {
    return (error as AppError).code;
  }
};

describe('a statement', () => {
  const key = new Uint8Array(32).fill(5);
  const device = toHex0x(p256.getPublicKey(key, false));
  const other = toHex0x(p256.getPublicKey(new Uint8Array(32).fill(6), false));
  const body = { scan: 'a', code: 'b' };
  const signature = toHex0x(p256.sign(statementDigest('goods-in', 'clinic', body), key, { prehash: true }));

  it('is known by the device that signed it', () => {
    expect(signedBy([other, device], 'goods-in', 'clinic', body, signature)).toBe(device);
  });

  it.each([
    ['for another kind', () => signedBy([device], 'undo', 'clinic', body, signature)],
    ['for another clinic', () => signedBy([device], 'goods-in', 'clinic-2', body, signature)],
    [
      'for another content',
      () => signedBy([device], 'goods-in', 'clinic', { ...body, code: 'c' }, signature),
    ],
    ['by a device of nobody', () => signedBy([other], 'goods-in', 'clinic', body, signature)],
    ['without devices', () => signedBy([], 'goods-in', 'clinic', body, signature)],
    ['that is too short', () => signedBy([device], 'goods-in', 'clinic', body, '0x00')],
    ['by a key that is none', () => signedBy(['0x04' as Hex], 'goods-in', 'clinic', body, signature)],
  ])('does not serve %s', (_, run) => {
    expect(code(run)).toBe('STATEMENT_SIGNATURE_WRONG');
  });

  it('speaks of the last days, not of tomorrow', () => {
    const now = Date.parse('2026-11-20T12:00:00Z');
    expect(code(() => assertTime('2026-11-20T11:00:00Z', now))).toBe('none');
    expect(code(() => assertTime('2026-11-15T11:00:00Z', now))).toBe('none');
    for (const at of ['2026-11-22T12:00:00Z', '2026-10-20T12:00:00Z', 'yesterday'])
      expect(code(() => assertTime(at, now))).toBe('STATEMENT_TIME_WRONG');
  });
});

describe('a stock-take', () => {
  it('tells what is missing and what should not be there', () => {
    const rows = [
      { unit: 'a', state: 'in-stock' },
      { unit: 'b', state: 'open' },
      { unit: 'c', state: 'used' },
      { unit: 'd', state: 'quarantined' },
      { unit: 'e', state: 'announced' },
    ] as const;
    expect(compareCount(rows, ['a', 'c', 'e', 'x', 'a'])).toEqual({
      counted: ['a', 'c', 'e', 'x'],
      missing: ['b', 'd'],
      unexpected: [
        { unit: 'c', state: 'used' },
        { unit: 'e', state: 'announced' },
        { unit: 'x', state: null },
      ],
    });
  });

  it('finds no difference where everything was seen once or more', () => {
    const units = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1 });
    fc.assert(
      fc.property(units, (all) => {
        const rows = all.map((unit) => ({ unit, state: 'in-stock' }) as const);
        const { missing, unexpected } = compareCount(rows, [...all, all[0]!]);
        expect([missing, unexpected]).toEqual([[], []]);
      }),
    );
  });
});

describe('the register of toxic drugs', () => {
  const row: RegisterRow = {
    at: '2026-11-20T12:00:00.000Z',
    kind: 'used',
    product: { zh: '白鹭，100 U', en: 'Egret, 100 U' },
    lot: 'L1',
    serial: 'S1',
    amount: -40,
    remaining: 60,
    balance: 160,
    amountUnit: 'U',
    by: '林书宁',
    second: '',
    reason: '',
    event: '0xab',
  };
  const words = { columns: [...REGISTER_COLUMNS], kind: (k: string) => k, reason: (r: string) => r };
  const parse = (csv: string) => csv.slice(1).trimEnd().split('\r\n');

  it('is a file that spreadsheets read', () => {
    const csv = registerCsv([row], 'en', words);
    expect(csv.startsWith('\ufeff')).toBe(true);
    expect(parse(csv)).toEqual([
      REGISTER_COLUMNS.join(','),
      ['2026-11-20T12:00:00.000Z,used,"Egret, 100 U",L1,S1,-40,60,160,U', row.by, ',,0xab'].join(','),
    ]);
  });

  it('counts what comes in and what goes out', () => {
    const of = (kind: MovementKind, amount: number | null, remaining: number) =>
      registerAmount({ kind, amount, remaining });
    expect(of('received', null, 100)).toBe(100);
    expect(of('used', 40, 60)).toBe(-40);
    expect(of('wasted', 60, 0)).toBe(-60);
    expect(of('returned', null, 100)).toBe(-100);
    expect(of('lost', null, 30)).toBe(-30);
    expect(of('counted', null, 30)).toBe(0);
    expect(of('announced', null, 100)).toBeNull();
    expect(of('installed', null, 100)).toBeNull();
  });

  it('does not let a name become a formula or a second column', () => {
    const csv = registerCsv([{ ...row, by: '=HYPERLINK("x")', second: 'a"b', reason: 'x\ny' }], 'zh', words);
    expect(csv).toContain(`"'=HYPERLINK(""x"")","a""b","x\ny"`);
  });
});

describe('an energy device', () => {
  const NOW = Date.parse('2026-11-20T12:00:00Z');
  const day = (n: number) => NOW + n * 86_400_000;
  const calibrated = (at: number, until: number | null, passed = true): Inspection => ({
    kind: 'calibration',
    performedAt: at,
    validUntil: until,
    passed,
  });

  it('is fit while its newest calibration is valid', () => {
    expect(fitnessOf([calibrated(day(-10), day(10))], [], NOW)).toEqual({
      calibrationValid: true,
      calibratedUntil: day(10),
      passedLastInspection: true,
      limited: false,
      shotsLeft: 0,
      lastServiceAt: day(-10),
    });
    expect(fitnessOf([calibrated(day(-10), NOW)], [], NOW).calibrationValid).toBe(true);
  });

  it.each([
    ['none', []],
    ['an expired one', [calibrated(day(-400), day(-1))]],
    ['one without an end', [calibrated(day(-1), null)]],
    [
      'one that failed, after one that passed',
      [calibrated(day(-9), day(90)), calibrated(day(-1), day(90), false)],
    ],
    ['one that is yet to come', [calibrated(day(1), day(90))]],
  ])('is not calibrated by %s', (_, inspections) => {
    expect(fitnessOf(inspections, [], NOW).calibrationValid).toBe(false);
  });

  it('is out of order after a failed inspection until one passes', () => {
    const failed: Inspection = { kind: 'service', performedAt: day(-2), validUntil: null, passed: false };
    const fixed: Inspection = { kind: 'repair', performedAt: day(-1), validUntil: null, passed: true };
    const fit = calibrated(day(-9), day(90));
    expect(fitnessOf([fit, failed], [], NOW).passedLastInspection).toBe(false);
    expect(fitnessOf([fit, failed, fixed], [], NOW)).toMatchObject({
      passedLastInspection: true,
      calibrationValid: true,
      lastServiceAt: day(-1),
    });
  });

  it('has as many shots left as its weakest part', () => {
    const part = (value: number, limit: number | null) => ({ unit: 'p', value, limit });
    expect(fitnessOf([], [part(880, 900), part(10, null), part(100, 50_000)], NOW).shotsLeft).toBe(20);
    expect(fitnessOf([], [part(901, 900)], NOW).shotsLeft).toBe(-1);
  });

  it('has counters that never go down and never pass their limit', () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.nat(2_000), fc.option(fc.nat(1_500)), (value, next, limit) => {
        const refused = refuseReading({ unit: 'p', value, limit }, next);
        const stands = next >= value && (limit === null || next <= limit);
        expect(refused === null).toBe(stands);
        if (next < value) expect(refused?.code).toBe('COUNTER_BACKWARDS');
      }),
    );
  });
});
