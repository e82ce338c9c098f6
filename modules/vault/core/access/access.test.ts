import { type AppError, canonicalJson, toHex } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BEGINNING, checkEntries, type GivenEntry } from './audit.ts';
import { type AccessEntry, accessHead, accessLeaf, accessTag } from './entry.ts';

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const codeOf = (work: () => unknown) => {
  try {
    work();
    return 'none';
  } catch (e) {
    const { code, params } = e as AppError;
    return `${code} ${params.seq} ${params.reason}`;
  }
};
const id = '0198f0a0-0000-7000-8000-0000000000c1';

function log(length: number): (GivenEntry & { entry: AccessEntry })[] {
  let previous = '';
  return Array.from({ length }, (_, i) => {
    const salt = random(16);
    const entry: AccessEntry = {
      version: 1,
      seq: i + 1,
      previous,
      at: '2026-11-24T00:00:00.000Z',
      kind: 'view',
      grant: id,
      organisation: id,
      device: id,
      person: null,
      purpose: 'TREAT',
      reason: 'visit',
      object: `o${i}`,
    };
    previous = accessHead(salt, entry);
    return { entry, text: canonicalJson(entry), salt: toHex(salt) };
  });
}

describe('the access log', () => {
  it('is checked from the beginning or from where it was left', () => {
    const all = log(5);
    const whole = checkEntries(BEGINNING, all);
    expect(whole.entries.map((e) => e.entry.object)).toEqual(['o0', 'o1', 'o2', 'o3', 'o4']);
    const first = checkEntries(BEGINNING, all.slice(0, 2));
    expect(checkEntries(first.mark, all.slice(2)).mark).toEqual(whole.mark);
    expect(checkEntries(whole.mark, []).mark).toEqual(whole.mark);
  });

  it('notices whichever entry was deleted, doubled, swapped or changed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 8 }), fc.nat(), (length, n) => {
        const all = log(length);
        const at = n % (length - 1);
        const without = all.filter((_, i) => i !== at);
        expect(codeOf(() => checkEntries(BEGINNING, without))).toBe(`ACCESS_LOG_BROKEN ${at + 1} gap`);
        expect(codeOf(() => checkEntries(BEGINNING, [...all.slice(0, at + 1), ...all.slice(at)]))).toBe(
          `ACCESS_LOG_BROKEN ${at + 2} gap`,
        );
        const other = { ...all[at]!.entry, organisation: null };
        const changed = all.map((e, i) => (i === at ? { ...e, text: canonicalJson(other) } : e));
        expect(codeOf(() => checkEntries(BEGINNING, changed))).toBe(`ACCESS_LOG_BROKEN ${at + 2} previous`);
      }),
    );
  });

  it('notices another history behind what this device has seen', () => {
    const mine = checkEntries(BEGINNING, log(3)).mark;
    expect(codeOf(() => checkEntries(mine, log(5).slice(3)))).toBe('ACCESS_LOG_BROKEN 4 previous');
  });

  it('takes an entry in one writing only, with its salt', () => {
    const [one] = log(1);
    for (const [change, reason] of [
      [{ text: `${one!.text} ` }, 'form'],
      [{ text: canonicalJson({ ...one!.entry, extra: 1 }) }, 'form'],
      [{ text: canonicalJson({ ...one!.entry, kind: 'peek' }) }, 'form'],
      [{ text: '{' }, 'form'],
      [{ salt: '00' }, 'salt'],
    ] as const)
      expect(codeOf(() => checkEntries(BEGINNING, [{ ...one!, ...change }]))).toBe(
        `ACCESS_LOG_BROKEN 1 ${reason}`,
      );
  });

  it('leaves heads and tags that nobody can link without the key and the salt', () => {
    const [key, salt] = [random(32), random(16)];
    const [a, b] = log(2);
    expect(accessTag(key, 1)).not.toBe(accessTag(key, 2));
    expect(accessTag(random(32), 1)).not.toBe(accessTag(key, 1));
    expect(accessHead(salt, a!.entry)).not.toBe(accessHead(random(16), a!.entry));
    const leaf = accessLeaf(key, salt, b!.entry);
    expect(Object.keys(JSON.parse(leaf))).toEqual(['head', 'tag']);
    for (const word of [id, 'view', 'TREAT', 'o1']) expect(leaf).not.toContain(word);
  });
});
