import { concat, fromBase45, toBase45, utf8 } from '@zhenmei/kernel';
import { packUseLeaf, readUseLeaf, unpackUse, useLeaf } from '@zhenmei/provenance/core/use-leaf.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CERTIFICATE_PREFIX, certificateText, verifyCertificate } from './certificate.ts';
import { LOGS, proofIn, USE, withStranger } from './fixtures.property.ts';

const trust = { logs: LOGS };
const bytesOf = (text: string) => fromBase45(text.slice(CERTIFICATE_PREFIX.length));
const textOf = (bytes: Uint8Array) => CERTIFICATE_PREFIX + toBase45(bytes);

describe('a use in few bytes', () => {
  it('gives back the leaf’s own bytes', () => {
    fc.assert(
      fc.property(
        fc.record({
          serial: fc.stringMatching(/^[A-Z0-9._-]{1,20}$/),
          at: fc.integer({ min: 0, max: 2 ** 42 }),
          offsetMinutes: fc.integer({ min: -839, max: 839 }),
          whole: fc.boolean(),
          amount: fc.nat(1_000_000),
          amountUnit: fc.constantFrom('uL', 'U', 'mg', 'pulse'),
        }),
        ({ serial, ...more }) => {
          const statement = { ...USE, unit: `https://id.gs1.org/01/09521234100014/21/${serial}`, ...more };
          const leaf = useLeaf(statement);
          const packed = packUseLeaf(leaf)!;
          expect(packed.length).toBeLessThanOrEqual(78);
          expect(unpackUse(packed)).toEqual({ statement, length: packed.length });
          expect(useLeaf(unpackUse(packed)!.statement)).toEqual(leaf);
        },
      ),
    );
  });

  it.each([
    ['another step', (t: string) => t.replace('dispensing', 'inspecting')],
    ['one more member', (t: string) => t.replace('{', '{"a":1,')],
    ['two units', (t: string) => t.replace('"epcList":[', '"epcList":["x",')],
    ['another measure', (t: string) => t.replace('"uL"', '"drops"')],
    ['a time without milliseconds', (t: string) => t.replace('.512Z', 'Z')],
    ['no JSON', () => '{'],
  ])('does not pack a leaf of %s', (_what, change) => {
    const text = new TextDecoder().decode(useLeaf(USE).subarray(1));
    expect(readUseLeaf(concat(Uint8Array.of(1), utf8(change(text))))).toBeNull();
  });

  it('does not read other kinds of leaves', () => {
    const leaf = useLeaf(USE);
    leaf[0] = 2;
    expect(packUseLeaf(leaf)).toBeNull();
    expect(unpackUse(new Uint8Array(10))).toBeNull();
  });
});

describe('a treatment certificate', () => {
  it.each([
    [1, 0],
    [2, 1],
    [7, 6],
    [1_000, 999],
    [2 ** 24, 12_345_678],
  ])('in a log of %i is proven with the trust file alone', async (size, index) => {
    const { proof, use, exit } = await verifyCertificate(certificateText(await proofIn(size, index)), trust);
    expect(exit).toBe(0);
    expect(proof.facts).toEqual({ origin: LOGS[0]!.origin, index, size, leaf: 'custody-event' });
    expect(use).toEqual(USE);
  });

  it('carries any leaf: a commitment, or whatever else', async () => {
    const commitment = concat(Uint8Array.of(2), utf8(`{"commitment":"0x${'ab'.repeat(32)}"}`));
    const other = concat(Uint8Array.of(4), utf8('{"list":1}'));
    for (const [leaf, name] of [
      [commitment, 'record-commitment'],
      [other, 'status-list'],
    ] as const) {
      const { proof, use } = await verifyCertificate(certificateText(await proofIn(50, 7, leaf)), trust);
      expect(proof).toMatchObject({ verdict: 'proven', facts: { leaf: name } });
      expect(use).toBeNull();
    }
  });

  it('keeps the log’s own signature beside those of witnesses', async () => {
    const proof = await proofIn(50, 7);
    expect(certificateText(withStranger(proof))).toBe(certificateText(proof));
  });

  it('is false, or unreadable, with any byte changed', async () => {
    const bytes = bytesOf(certificateText(await proofIn(1_000, 321)));
    for (let i = 0; i < bytes.length; i++) {
      const changed = bytes.slice();
      changed[i] = changed[i]! ^ (1 + (i % 255));
      const { exit } = await verifyCertificate(textOf(changed), trust);
      // bytes 71 to 74 name the key: one that the trust file does not have cannot be judged
      expect([1, 2], `byte ${i}`).toContain(exit);
    }
  });

  it('is refused with anything cut off or added', async () => {
    const bytes = bytesOf(certificateText(await proofIn(1_000, 321)));
    for (let cut = 0; cut < bytes.length; cut++)
      expect((await verifyCertificate(textOf(bytes.subarray(0, cut)), trust)).exit, `${cut} bytes`).not.toBe(
        0,
      );
    for (const more of [1, 32])
      expect((await verifyCertificate(textOf(concat(bytes, new Uint8Array(more))), trust)).exit).toBe(1);
  });

  it.each([
    ['nothing', '', 'CERTIFICATE_UNREADABLE'],
    ['a link', 'https://zhenmei.example/', 'CERTIFICATE_UNREADABLE'],
    ['a later version', textOf(Uint8Array.of(9, 1, 2)), 'CERTIFICATE_VERSION'],
    ['an unknown form', textOf(Uint8Array.of(1, 9, 2)), 'CERTIFICATE_UNREADABLE'],
    ['other characters', `${CERTIFICATE_PREFIX}äöü`, 'BASE45_INVALID'],
    ['a leaf longer than the code', textOf(Uint8Array.of(1, 0, 127, 1)), 'CERTIFICATE_UNREADABLE'],
  ])('names what is wrong with %s', async (_what, text, code) => {
    expect(await verifyCertificate(text, trust)).toMatchObject({
      exit: 1,
      proof: { verdict: 'false', code },
    });
  });

  it('of a log that nobody trusts cannot be judged', async () => {
    const text = certificateText(await proofIn(9, 3));
    expect(await verifyCertificate(text, { logs: [] })).toMatchObject({
      exit: 2,
      proof: { verdict: 'cannot-judge', code: 'TLOG_NOTE_UNTRUSTED' },
    });
  });
});
