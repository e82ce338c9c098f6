import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCertificate, selfIssuedCertificate, signP256, validAt, verifyP256 } from './certificate.ts';
import { firstValue, readSignedData, signedAttributes, writeSignedData } from './signed-data.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const key = new Uint8Array(32).fill(7);
const certificateOf = (n: number): Bytes =>
  selfIssuedCertificate({
    privateKey: new Uint8Array(32).fill(n),
    name: `文件章 ${n}`,
    address: 'https://zhenmei.example',
    from: 1_800_000_000_123,
    serial: new Uint8Array(16).fill(n),
  });
const digest = new Uint8Array(32).fill(1);
const made = (certificates: readonly Bytes[]) => {
  const signature = signP256(signedAttributes({ certificates, digest }), key);
  return { certificates, digest, signature };
};
const code = (work: () => unknown): string => {
  try {
    work();
    return 'taken';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
};

describe('signed data', () => {
  it('is read as it was written, with its certificates in the order of the chain', () => {
    for (const chain of [[1], [1, 2, 3], [3, 1, 2], [2, 3]]) {
      const data = made(chain.map(certificateOf));
      expect(readSignedData(writeSignedData(data))).toEqual(data);
    }
  });
  it('is one value, whatever follows it', () => {
    const der = writeSignedData(made([certificateOf(1)]));
    const { der: first, rest } = firstValue(new Uint8Array([...der, 0, 0, 5]));
    expect([first, [...rest]]).toEqual([der, [0, 0, 5]]);
  });
  it('is not taken with any byte changed, unless its signature no longer holds', () => {
    const der = writeSignedData(made([certificateOf(7)]));
    const { point } = readCertificate(certificateOf(7));
    fc.assert(
      fc.property(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), (at, bits) => {
        const copy = der.slice();
        copy[at] = copy[at]! ^ bits;
        try {
          const read = readSignedData(copy);
          return (
            !verifyP256(signedAttributes(read), read.signature, point!) || read.certificates.length !== 1
          );
        } catch (error) {
          return (error as { code?: string }).code === 'SEAL_FORM_WRONG';
        }
      }),
      { numRuns: 2_000 },
    );
  });
  it.each<[string, Bytes]>([
    ['nothing', new Uint8Array()],
    ['a number', new Uint8Array([2, 1, 1])],
    ['an empty sequence', new Uint8Array([0x30, 0])],
    ['a certificate', certificateOf(1)],
    ['an indefinite length', new Uint8Array([0x30, 0x80, 0, 0])],
    ['a length beyond its end', new Uint8Array([0x30, 0x82, 0x10, 0])],
  ])('is not %s', (_, der) => {
    expect(code(() => readSignedData(firstValue(der).der))).toBe('SEAL_FORM_WRONG');
  });
  it('has a certificate', () => {
    expect(code(() => writeSignedData({ certificates: [], digest, signature: digest }))).toBe(
      'SEAL_FORM_WRONG',
    );
  });
});

describe('a certificate that a house issues to itself', () => {
  const facts = readCertificate(certificateOf(7));
  it('says so, and has no end', () => {
    expect(facts).toMatchObject({ subject: '文件章 7', issuer: '文件章 7', selfIssued: true, until: null });
    expect(facts.from).toBe(1_800_000_000_000);
    expect(facts.point).toHaveLength(65);
  });
  it('is valid from its beginning on', () => {
    expect([facts.from - 1, facts.from, facts.from * 3].map((at) => validAt(facts, at))).toEqual([
      false,
      true,
      true,
    ]);
    expect(validAt({ ...facts, until: facts.from + 5 }, facts.from + 6)).toBe(false);
  });
  it('is not what another DER says', () => {
    for (const der of [new Uint8Array(), new Uint8Array([0x30, 0]), certificateOf(7).slice(0, -1)])
      expect(code(() => readCertificate(der))).toBe('SEAL_CERTIFICATE_WRONG');
  });
});

describe('a signature', () => {
  const bytes = new Uint8Array([1, 2, 3]);
  const { point } = readCertificate(certificateOf(7));
  it('is the same for the same, and holds', () => {
    expect(signP256(bytes, key)).toEqual(signP256(bytes, key));
    expect(verifyP256(bytes, signP256(bytes, key), point!)).toBe(true);
  });
  it('does not hold for other bytes, for another key, in another form', () => {
    const signature = signP256(bytes, key);
    expect(verifyP256(new Uint8Array([1, 2, 4]), signature, point!)).toBe(false);
    expect(verifyP256(bytes, signature, readCertificate(certificateOf(8)).point!)).toBe(false);
    expect(verifyP256(bytes, signature.slice(0, -1), point!)).toBe(false);
    expect(verifyP256(bytes, new Uint8Array(64), point!)).toBe(false);
  });
});
