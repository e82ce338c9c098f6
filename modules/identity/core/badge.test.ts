import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BADGE, packBadge, unpackBadge } from './badge.ts';
import { holder, issue, LIST, NOW, options, statusList } from './fixtures/maker.ts';
import { presentSdJwt } from './sd-jwt.ts';
import { verifyCredential } from './verify-credential.ts';

const licence = await issue({
  status: { uri: LIST, index: 9 },
  selective: {
    name: { zh: '林晓', en: 'Lin Xiao' },
    licenceNumber: '110310000012345',
    leadSpecialties: ['aesthetic-dermatology', 'aesthetic-surgery'],
    practisesAt: '01980000-0000-7000-8000-000000000002',
  },
  decoys: 3,
});
const shown = await presentSdJwt(
  licence,
  ['name', 'leadSpecialties', 'practisesAt'],
  { audience: BADGE.audience, nonce: BADGE.nonce, at: NOW },
  holder.sign,
);

describe('a badge', () => {
  it('unfolds to the same characters, and fits one QR code of medium size', async () => {
    const badge = await packBadge(shown);
    expect(await unpackBadge(badge)).toBe(shown);
    expect(badge).toMatch(/^ZM1:[0-9A-Z $%*+\-./:]+$/);
    // 1,852 letters are version 27 with the lightest correction
    expect(badge.length).toBeLessThan(1_852);
    expect(badge.length).toBeLessThan(shown.length);
  });

  it('is judged like any presentation, and only for some minutes', async () => {
    const how = { ...options({ statusLists: { [LIST]: await statusList() } }), keyBinding: BADGE };
    const token = await unpackBadge(await packBadge(shown));
    expect(await verifyCredential(token, how)).toMatchObject({ verdict: 'proven', possession: true });
    expect((await verifyCredential(token, { ...how, at: NOW + 301 })).code).toBe('KB_TIME');
  });

  it('comes back for any parts', async () => {
    const part = fc.stringMatching(/^(?:[A-Za-z0-9_-]{4}){0,12}$/);
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { minLength: 1, maxLength: 9 }),
        fc.infiniteStream(fc.constantFrom('.', '~')),
        async (parts, joints) => {
          const token = parts.reduce((all, one) => all + joints.next().value + one);
          expect(await unpackBadge(await packBadge(token))).toBe(token);
        },
      ),
    );
  });

  it.each([
    ['nothing', ''],
    ['another code', 'https://id.gs1.org/01/09521234543213'],
    ['letters that base45 lacks', 'ZM1:abc'],
    ['one letter too many', 'ZM1:ABCD'],
    ['a number beyond two bytes', 'ZM1::::'],
    ['what does not unfold', 'ZM1:ABCDEF'],
    ['more than a QR code holds', `ZM1:${'A'.repeat(4_297)}`],
  ])('refuses %s', async (_, text) => {
    await expect(unpackBadge(text)).rejects.toThrow('BADGE_MALFORMED');
  });

  it('refuses a token that is none, one too large, and a bomb', async () => {
    await expect(packBadge('a b')).rejects.toThrow('BADGE_MALFORMED');
    const large = await issue({ selective: { a: Array.from({ length: 3_000 }, (_, i) => i * 7_919) } });
    await expect(packBadge(large)).rejects.toThrow('BADGE_MALFORMED');
    const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
    const bomb = deflateRawSync(new Uint8Array(1024 * 1024), { level: 9 });
    let text = 'ZM1:';
    for (let i = 0; i + 1 < bomb.length; i += 2) {
      const n = bomb[i]! * 256 + bomb[i + 1]!;
      text += letters[n % 45]! + letters[Math.floor(n / 45) % 45]! + letters[Math.floor(n / 2025)]!;
    }
    await expect(unpackBadge(text)).rejects.toThrow('BADGE_MALFORMED');
  });
});
