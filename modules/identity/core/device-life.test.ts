import type { Hex } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertChange, type KnownDevice, planChange } from './device-life.ts';

const device = (id: string, retired = false): KnownDevice => ({ id, signer: `0x${id}`, retired });
const [a, b, c, old] = [device('aa'), device('bb'), device('cc'), device('dd', true)];
const all = [a, b, c, old];
const on = (...devices: KnownDevice[]) => ({ signers: devices.map(({ signer }) => signer), threshold: 1 });
const code = (work: () => unknown) => {
  try {
    work();
    return 'done';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('what changes on the account', () => {
  it('adds one that joined', () => {
    expect(planChange({ by: 'aa', comes: 'bb' }, all, on(a))).toEqual({ add: ['0xbb'], remove: [] });
  });
  it('puts one in the place of another in one act', () => {
    expect(planChange({ by: 'aa', ends: 'bb', comes: 'cc' }, all, on(a, b))).toEqual({
      add: ['0xcc'],
      remove: ['0xbb'],
    });
  });
  it('lets a device put another in its own place, and leave where another is there', () => {
    expect(planChange({ by: 'aa', ends: 'aa', comes: 'cc' }, all, on(a)).remove).toEqual(['0xaa']);
    expect(planChange({ by: 'aa', ends: 'aa' }, all, on(a, b)).remove).toEqual(['0xaa']);
  });
  it('is nothing where it is done already', () => {
    expect(planChange({ by: 'aa', ends: 'dd', comes: 'bb' }, all, on(a, b))).toEqual({ add: [], remove: [] });
    expect(planChange({ by: 'aa', ends: 'cc' }, all, on(a))).toEqual({ add: [], remove: [] });
  });

  it.each([
    ['by a device that nobody knows', { by: 'ff', comes: 'bb' }, on(a), 'DESK_DEVICE_UNKNOWN'],
    ['by a device that ended', { by: 'dd', comes: 'bb' }, on(a, old), 'DESK_DEVICE_RETIRED'],
    ['by a device that is not on the account', { by: 'bb', comes: 'cc' }, on(a), 'DESK_DEVICE_NOT_CONFIRMED'],
    ['for a device of somebody else', { by: 'aa', comes: 'ff' }, on(a), 'DESK_DEVICE_UNKNOWN'],
    ['against a device of somebody else', { by: 'aa', ends: 'ff' }, on(a), 'DESK_DEVICE_UNKNOWN'],
    ['for a device that ended', { by: 'aa', comes: 'dd' }, on(a), 'DESK_DEVICE_RETIRED'],
    ['for the device that ends', { by: 'aa', ends: 'bb', comes: 'bb' }, on(a, b), 'DESK_DEVICE_RETIRED'],
    ['that leaves nobody', { by: 'aa', ends: 'aa' }, on(a), 'DESK_DEVICE_LAST'],
    ['that leaves only one that ended', { by: 'aa', ends: 'aa' }, on(a, old), 'DESK_DEVICE_LAST'],
    [
      'that leaves fewer than must sign',
      { by: 'aa', ends: 'bb' },
      { ...on(a, b), threshold: 2 },
      'DESK_DEVICE_LAST',
    ],
  ])('is refused %s', (_, act, authority, wanted) => {
    expect(code(() => planChange(act, all, authority))).toBe(wanted);
  });

  it('never leaves fewer devices in use than must sign', () => {
    const devices = fc.array(fc.record({ retired: fc.boolean(), on: fc.boolean() }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(
        devices,
        fc.nat(5),
        fc.nat(6),
        fc.nat(6),
        fc.integer({ min: 1, max: 3 }),
        (some, by, e, n, k) => {
          const known = some.map(({ retired }, i) => device(`0${i}`, retired));
          const signers = known.filter((_, i) => some[i]!.on).map(({ signer }) => signer);
          const act = {
            by: `0${by}`,
            ...(e < 6 ? { ends: `0${e}` } : {}),
            ...(n < 6 ? { comes: `0${n}` } : {}),
          };
          let change: ReturnType<typeof planChange>;
          try {
            change = planChange(act, known, { signers, threshold: k });
          } catch {
            return;
          }
          const after = new Set<Hex>([...signers, ...change.add]);
          for (const one of change.remove) after.delete(one);
          const inUse = known.filter(({ signer, retired }) => after.has(signer) && !retired);
          expect(inUse.length).toBeGreaterThanOrEqual(k);
          expect(signers).toContain(`0x0${by}`);
        },
      ),
    );
  });
});

describe('an operation on the account itself', () => {
  it.each([
    ['adds whom nobody knows', { add: ['0xff'], remove: [] }, 'DESK_DEVICE_UNKNOWN'],
    ['adds one that ended', { add: ['0xdd'], remove: [] }, 'DESK_DEVICE_RETIRED'],
    ['removes everybody', { add: [], remove: ['0xaa', '0xbb'] }, 'DESK_DEVICE_LAST'],
    ['adds one only to remove it', { add: ['0xcc'], remove: ['0xaa', '0xbb', '0xcc'] }, 'DESK_DEVICE_LAST'],
    ['adds one', { add: ['0xcc'], remove: [] }, 'done'],
    ['replaces one', { add: ['0xcc'], remove: ['0xaa'] }, 'done'],
    ['removes one that is unknown here', { add: [], remove: ['0xee'] }, 'done'],
  ] as const)('that %s: %s', (_, change, wanted) => {
    expect(code(() => assertChange(change, all, on(a, b)))).toBe(wanted);
  });
});
