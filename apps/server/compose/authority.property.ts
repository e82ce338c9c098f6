/** Certificates of an authority for tests: a root, one below it, and whoever they certify. */
import { generateKeyPairSync, type KeyObject, sign as signWith } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  BasicConstraints,
  Certificate,
  Extension,
  Extensions,
  id_ce_basicConstraints,
  Name,
  RelativeDistinguishedName,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509';

const nameOf = (text: string) =>
  new Name([
    new RelativeDistinguishedName([
      new AttributeTypeAndValue({ type: '2.5.4.3', value: new AttributeValue({ utf8String: text }) }),
    ]),
  ]);

export interface Party {
  readonly name: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export const party = (name: string, namedCurve = 'P-256'): Party => ({
  name,
  ...generateKeyPairSync('ec', { namedCurve }),
});

/** @param period milliseconds since the epoch */
export function certify(
  subject: Party,
  issuer: Party,
  { from, until, ca = false }: { from: number; until: number; ca?: boolean },
): Uint8Array<ArrayBuffer> {
  const algorithm = new AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.3.2' });
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: new Uint8Array([subject.name.length, issuer.name.length]).buffer,
    signature: algorithm,
    issuer: nameOf(issuer.name),
    subject: nameOf(subject.name),
    validity: new Validity({ notBefore: new Date(from), notAfter: new Date(until) }),
    subjectPublicKeyInfo: AsnConvert.parse(
      new Uint8Array(subject.publicKey.export({ type: 'spki', format: 'der' })),
      SubjectPublicKeyInfo,
    ),
    extensions: new Extensions([
      new Extension({
        extnID: id_ce_basicConstraints,
        critical: true,
        extnValue: new OctetString(AsnConvert.serialize(new BasicConstraints({ cA: ca }))),
      }),
    ]),
  });
  const signature = signWith(
    'sha256',
    new Uint8Array(AsnConvert.serialize(tbsCertificate)),
    issuer.privateKey,
  );
  const signatureValue = new Uint8Array(signature).buffer;
  return new Uint8Array(
    AsnConvert.serialize(new Certificate({ tbsCertificate, signatureAlgorithm: algorithm, signatureValue })),
  );
}
