import { p256 } from '@noble/curves/nist.js';
import { fromHex, type Hex, sha256, toHex0x, utf8 } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as s from '../app/stories.property.ts';
import { digestOf, keyOf, pointOf, signWith } from '../app/supply/setting.property.ts';
import { verdict } from '../app/verdict.ts';
import { eventStatement, signsEvent } from './event-signature.ts';

const digest = toHex0x(sha256(utf8('an event')));
const good = { event: digest, key: pointOf(s.MAKER), signature: signWith(keyOf(s.MAKER), digest) };

describe('a signature of an event', () => {
  it('holds for its event and its key', () => {
    expect(signsEvent(good)).toBe(true);
  });

  it('holds for nothing that differs in one byte', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('event', 'key', 'signature'),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (part, at, by) => {
          const bytes = fromHex(good[part as 'event']);
          bytes[at % bytes.length]! ^= by;
          expect(signsEvent({ ...good, [part]: toHex0x(bytes) })).toBe(false);
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each([
    ['the digest itself', fromHex(digest)],
    ['another kind of statement', sha256(utf8(`{"event":"${digest}","statement":"zhenmei/stock/1"}`))],
  ])('is not one over %s', (_what, bytes) => {
    const signature = toHex0x(p256.sign(bytes, keyOf(s.MAKER), { prehash: true }));
    expect(signsEvent({ ...good, signature })).toBe(false);
  });

  it.each(['0x', '0x00', `0x${'0'.repeat(128)}`, `0x${'f'.repeat(130)}`, 'nonsense'])('is not %s', (text) => {
    expect(signsEvent({ ...good, signature: text as Hex })).toBe(false);
    expect(signsEvent({ ...good, key: text as Hex })).toBe(false);
  });

  it('is over 32 bytes that name what is signed', () => {
    expect(eventStatement(digest)).toHaveLength(32);
    expect(eventStatement(digest)).not.toEqual(fromHex(digest));
  });
});

describe('hand-overs of a unit', () => {
  const events = [s.made(), ...s.way()];
  const parties = s.PARTIES.map((party) => ({ ...party, keys: [pointOf(party.gln)] }));
  const [shipped, received, shippedOn, arrived] = events.slice(1) as Record<string, unknown>[];
  const by = (event: object, gln: string) => ({
    event: digestOf(event),
    key: pointOf(gln),
    signature: signWith(keyOf(gln), digestOf(event)),
  });
  const all = [
    by(shipped!, s.MAKER),
    by(received!, s.DISTRIBUTOR),
    by(shippedOn!, s.DISTRIBUTOR),
    by(arrived!, s.CLINIC),
  ];
  const signedOf = (signatures?: object[], who: object[] = parties) =>
    verdict({ ...s.facts(events, { parties: who as never }), ...(signatures ? { signatures } : {}) })
      .handovers;

  it('count as signed where both sides signed', () => {
    expect(signedOf(all)).toEqual({ signed: 2, total: 2 });
    expect(signedOf([...all].reverse())).toEqual({ signed: 2, total: 2 });
  });

  it('count as stated where nothing is said of signatures', () => {
    expect(signedOf(undefined, s.PARTIES)).toEqual({ signed: 2, total: 2 });
  });

  it.each([
    ['no signature at all', [], 0],
    ['one side only', [all[0]!, all[2]!], 0],
    ['the first hand-over only', all.slice(0, 2), 1],
    ['a receipt signed by the sender', [all[0]!, by(received!, s.MAKER), all[2]!, all[3]!], 1],
    ['a receipt signed by a stranger', [all[0]!, by(received!, s.GREY_TRADER), all[2]!, all[3]!], 1],
    [
      'a signature of another event under this one’s name',
      [{ ...by(shippedOn!, s.MAKER), event: digestOf(shipped!) }, ...all.slice(1)],
      1,
    ],
  ])('with %s', (_what, signatures, wanted) => {
    expect(signedOf(signatures)).toEqual({ signed: wanted, total: 2 });
  });

  it('do not count under a key that is not published', () => {
    expect(signedOf(all, s.PARTIES)).toEqual({ signed: 0, total: 2 });
  });
});
