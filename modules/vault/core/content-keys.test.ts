import type { AppError } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  COMPARTMENTS,
  type ContentPlace,
  compartmentKey,
  compartmentLabel,
  masterKey,
  objectName,
  openContentKey,
  wrapContentKey,
  wrapEpoch,
} from './content-keys.ts';

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const codeOf = (p: Promise<unknown>) =>
  p.then(
    () => 'none',
    (e: AppError) => e.code,
  );
const master = masterKey(new Uint8Array(32).fill(5));
const place: ContentPlace = { compartment: 'face-photos', epoch: 3, object: 'o1', version: 2 };

describe('compartments', () => {
  it('have a key of their own for each epoch, and labels that say nothing', () => {
    const keys = COMPARTMENTS.flatMap((c) => [1, 2].map((epoch) => compartmentKey(master, c, epoch).join()));
    expect(new Set(keys).size).toBe(2 * COMPARTMENTS.length);
    const labels = COMPARTMENTS.map((c) => compartmentLabel(master, c));
    expect(new Set(labels).size).toBe(COMPARTMENTS.length);
    for (const label of [...labels, objectName(master, 'visits')])
      expect(label).toMatch(/^[A-Za-z0-9_-]{22,32}$/);
    expect(compartmentLabel(masterKey(random(32)), 'genetics')).not.toBe(
      compartmentLabel(master, 'genetics'),
    );
  });

  it('refuse an epoch that is none', () => {
    for (const epoch of [-1, 0.5, Number.NaN])
      expect(() => compartmentKey(master, 'genetics', epoch)).toThrow('KEY_INDEX_WRONG');
  });
});

describe('a content key', () => {
  it('opens at its place, whatever epoch it was wrapped in', async () => {
    const key = random(32);
    const wrapped = await wrapContentKey(master, place, key, random(12));
    expect(wrapped).toHaveLength(65);
    expect(wrapEpoch(wrapped)).toBe(3);
    expect(await openContentKey(master, place, wrapped)).toEqual(key);
    const later = await wrapContentKey(master, { ...place, epoch: 4 }, key, random(12));
    expect(await openContentKey(master, place, later)).toEqual(key);
  });

  it('is not wrapped for an epoch that is none', async () => {
    for (const epoch of [0, -1, 1.5, Number.NaN, 2 ** 32])
      expect(await codeOf(wrapContentKey(master, { ...place, epoch }, random(32), random(12)))).toBe(
        'KEY_INDEX_WRONG',
      );
  });

  it('opens nowhere else', async () => {
    const wrapped = await wrapContentKey(master, place, random(32), random(12));
    for (const change of [{ compartment: 'genetics' as const }, { object: 'o2' }, { version: 3 }])
      expect(await codeOf(openContentKey(master, { ...place, ...change }, wrapped))).toBe('VAULT_DAMAGED');
    expect(await codeOf(openContentKey(masterKey(random(32)), place, wrapped))).toBe('VAULT_DAMAGED');
  });

  it('is refused for any altered byte, a cut and an extension', async () => {
    const wrapped = await wrapContentKey(master, place, random(32), random(12));
    await fc.assert(
      fc.asyncProperty(fc.nat(64), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const changed = wrapped.slice();
        changed[at]! ^= by;
        expect(await codeOf(openContentKey(master, place, changed))).toBe('VAULT_DAMAGED');
      }),
    );
    for (const wrong of [
      wrapped.slice(0, -1),
      new Uint8Array([...wrapped, 0]),
      wrapped.slice(0, 3),
      new Uint8Array(0),
    ])
      expect(await codeOf(openContentKey(master, place, wrong))).toBe('VAULT_DAMAGED');
  });
});
