/** The seal as another library reads it, against ETSI EN 319 142-1 (PAdES baseline B-B) and a digest of our own. */
import { createHash, createVerify, X509Certificate } from 'node:crypto';
import { Certificate, ContentInfo, SignedData } from 'pkijs';
import { describe, expect, it } from 'vitest';
import { partsOf, text } from './seal-attacks.property.ts';
import { MADE, sealedPaper, testSeal } from './signed-paper.property.ts';

const OID = {
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
};

const paper = await sealedPaper();
const { from, until, rest, hex } = partsOf(paper);
const signed = Buffer.concat([paper.subarray(0, from), paper.subarray(until)]);
const cms = new SignedData({
  schema: ContentInfo.fromBER(new Uint8Array(Buffer.from(hex, 'hex'))).content,
});
const [signer] = cms.signerInfos;
const attributes = new Map(signer!.signedAttrs!.attributes.map(({ type, values }) => [type, values]));
const raw = (value: { toBER(): ArrayBuffer }) => Buffer.from(value.toBER());

describe('a seal, read by another library', () => {
  it('covers every byte but the digits of its own', () => {
    expect(until + rest).toBe(paper.length);
    expect(text(paper).slice(from - 10, from + 1)).toBe('/Contents <');
    expect(text(paper)[until - 1]).toBe('>');
    expect(hex).toMatch(/^30[0-9a-f]+$/);
  });
  it('is a signature that holds, by the library', async () => {
    const trustedCerts = [Certificate.fromBER(testSeal().certificates[0]!)];
    const data = new Uint8Array(signed).buffer;
    await expect(cms.verify({ signer: 0, data, trustedCerts, checkDate: new Date(MADE) })).resolves.toBe(
      true,
    );
    const other = new Uint8Array(signed);
    other[0] = other[0]! ^ 1;
    await expect(
      cms.verify({ signer: 0, data: other.buffer, extendedMode: false }).catch(() => false),
    ).resolves.toBe(false);
  });
  it('is a signature that holds, by Node', () => {
    const [certificate] = testSeal().certificates;
    const der = Buffer.from(signer!.signedAttrs!.encodedValue);
    const key = new X509Certificate(certificate!).publicKey;
    const value = Buffer.from(signer!.signature.valueBlock.valueHexView);
    expect(createVerify('sha256').update(der).verify(key, value)).toBe(true);
    expect(createVerify('sha256').update(signed).verify(key, value)).toBe(false);
  });
  it('names the content’s type, its digest and the certificate, and nothing else', () => {
    expect([...attributes.keys()].toSorted()).toEqual(
      [OID.contentType, OID.messageDigest, OID.signingCertificateV2].toSorted(),
    );
    const digest = createHash('sha256').update(signed).digest();
    expect(raw(attributes.get(OID.messageDigest)![0]).subarray(2)).toEqual(digest);
    const hash = createHash('sha256').update(testSeal().certificates[0]!).digest();
    expect(raw(attributes.get(OID.signingCertificateV2)![0]).subarray(-32)).toEqual(hash);
    // the time stands in the dictionary, not in the CMS
    expect(attributes.has(OID.signingTime)).toBe(false);
    expect(text(paper)).toContain('/M (D:20270115080320Z)');
    expect(signer!.unsignedAttrs).toBeUndefined();
  });
  it('is of the form that the baseline asks for', () => {
    expect(cms.version).toBe(1);
    expect(cms.signerInfos).toHaveLength(1);
    expect(cms.encapContentInfo.eContent).toBeUndefined();
    expect(cms.certificates).toHaveLength(1);
    expect(signer!.digestAlgorithm.algorithmId).toBe('2.16.840.1.101.3.4.2.1');
    expect(signer!.signatureAlgorithm.algorithmId).toBe('1.2.840.10045.4.3.2');
    for (const part of ['/Filter /Adobe.PPKLite', '/SubFilter /ETSI.CAdES.detached', '/SigFlags 3'])
      expect(text(paper)).toContain(part);
    for (const part of ['/Cert ', '/NeedAppearances', '/Reason']) expect(text(paper)).not.toContain(part);
  });
});
