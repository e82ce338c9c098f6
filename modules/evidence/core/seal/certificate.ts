/** X.509 certificates of seals (RFC 5280): made by a house for itself, or brought by its operator. */
import { p256 } from '@noble/curves/nist.js';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  BasicConstraints,
  Certificate,
  Extension,
  Extensions,
  GeneralName,
  id_ce_basicConstraints,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509';
import { AppError, equalBytes, fromHex, sha256, toHex } from '@zhenmei/kernel';
import './errors.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const COMMON_NAME = '2.5.4.3';
const EC_PUBLIC_KEY = '1.2.840.10045.2.1';
const P256 = fromHex('0x06082a8648ce3d030107');
const ECDSA_SHA256 = '1.2.840.10045.4.3.2';
/** RFC 5280, 4.1.2.5: a certificate that has no well-defined end. */
const NO_END = Date.UTC(9999, 11, 31, 23, 59, 59);

export interface CertificateFacts {
  /** SHA-256 of the DER, 64 hex digits. */
  readonly fingerprint: string;
  /** Common name of the subject; the whole name where it has none. */
  readonly subject: string;
  readonly issuer: string;
  /** Subject and issuer are the same name: nobody else vouches for it. */
  readonly selfIssued: boolean;
  /** Milliseconds since the epoch. */
  readonly from: number;
  /** Milliseconds since the epoch; null without an end. */
  readonly until: number | null;
  /** Uncompressed P-256 point; null for a key of another kind. */
  readonly point: Bytes | null;
}

const derOf = (value: object): Bytes => new Uint8Array(AsnConvert.serialize(value));

const named = (name: Name): string => {
  const all = name.flatMap((rdn) => rdn.map(({ type, value }) => ({ type, text: value.toString() })));
  return all.find(({ type }) => type === COMMON_NAME)?.text ?? all.map(({ text }) => text).join(', ');
};

/** Throws SEAL_CERTIFICATE_WRONG. */
export function readCertificate(der: Bytes): CertificateFacts {
  let certificate: Certificate;
  try {
    certificate = AsnConvert.parse(der, Certificate);
  } catch (cause) {
    throw new AppError('SEAL_CERTIFICATE_WRONG', { what: 'DER' }, { cause });
  }
  const { subject, issuer, validity, subjectPublicKeyInfo: key } = certificate.tbsCertificate;
  const parameters = key.algorithm.parameters;
  const isP256 =
    key.algorithm.algorithm === EC_PUBLIC_KEY && parameters && equalBytes(new Uint8Array(parameters), P256);
  const until = validity.notAfter.getTime().getTime();
  return {
    fingerprint: toHex(sha256(der)),
    subject: named(subject),
    issuer: named(issuer),
    selfIssued: equalBytes(derOf(subject), derOf(issuer)),
    from: validity.notBefore.getTime().getTime(),
    until: until >= NO_END ? null : until,
    point: isP256 ? new Uint8Array(key.subjectPublicKey) : null,
  };
}

/** Whether the certificate was valid at a time, in milliseconds since the epoch. */
export const validAt = ({ from, until }: CertificateFacts, at: number): boolean =>
  from <= at && (until === null || at <= until);

function extension(id: string, critical: boolean, value: object): Extension {
  return new Extension({ extnID: id, critical, extnValue: new OctetString(derOf(value)) });
}

/**
 * A certificate that a house issues to itself: it says whose the key is by the house's own word, and no more.
 * @param options.from milliseconds since the epoch, to the second
 * @param options.serial 16 random bytes
 */
export function selfIssuedCertificate(options: {
  readonly privateKey: Bytes;
  readonly name: string;
  readonly address: string;
  readonly from: number;
  readonly serial: Bytes;
}): Bytes {
  const { privateKey, name, address, from, serial } = options;
  const subject = new Name([
    new RelativeDistinguishedName([
      new AttributeTypeAndValue({ type: COMMON_NAME, value: new AttributeValue({ utf8String: name }) }),
    ]),
  ]);
  const algorithm = new AlgorithmIdentifier({ algorithm: ECDSA_SHA256 });
  const positive = new Uint8Array([0x40 | (serial[0]! & 0x3f), ...serial.subarray(1)]);
  const whole = new Date(Math.floor(from / 1000) * 1000);
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: positive.buffer,
    signature: algorithm,
    issuer: subject,
    subject,
    validity: new Validity({ notBefore: whole, notAfter: new Date(NO_END) }),
    subjectPublicKeyInfo: new SubjectPublicKeyInfo({
      algorithm: new AlgorithmIdentifier({ algorithm: EC_PUBLIC_KEY, parameters: P256.buffer }),
      subjectPublicKey: new Uint8Array(p256.getPublicKey(privateKey, false)).buffer,
    }),
    extensions: new Extensions([
      extension(id_ce_basicConstraints, true, new BasicConstraints({ cA: false })),
      extension(
        id_ce_keyUsage,
        true,
        new KeyUsage(KeyUsageFlags.digitalSignature | KeyUsageFlags.nonRepudiation),
      ),
      extension(
        id_ce_subjectAltName,
        false,
        new SubjectAlternativeName([new GeneralName({ uniformResourceIdentifier: address })]),
      ),
    ]),
  });
  const signatureValue = signP256(derOf(tbsCertificate), privateKey).buffer;
  return derOf(new Certificate({ tbsCertificate, signatureAlgorithm: algorithm, signatureValue }));
}

/** ECDSA over SHA-256, DER, the lower form of s; the same for the same input (RFC 6979). */
export function signP256(bytes: Uint8Array, privateKey: Uint8Array): Bytes {
  return new Uint8Array(p256.sign(bytes, privateKey, { prehash: true, lowS: true, format: 'der' }));
}

/** Takes the lower form of s alone, in DER. */
export function verifyP256(bytes: Uint8Array, signature: Uint8Array, point: Uint8Array): boolean {
  try {
    return p256.verify(signature, bytes, point, { prehash: true, lowS: true, format: 'der' });
  } catch {
    return false;
  }
}
