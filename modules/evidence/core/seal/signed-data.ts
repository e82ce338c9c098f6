/**
 * The CMS of a seal (RFC 5652) in the one writing that we make and take: baseline B-B of ETSI EN 319 142-1. Signed are
 * content type, message digest and signing-certificate-v2 (RFC 5035), which names every certificate that travels along,
 * so that no byte of it is free.
 */
import { AppError, equalBytes, sha256 } from '@zhenmei/kernel';
import * as asn1 from 'asn1js';
import './errors.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface SignedData {
  /** DER, the signing certificate first, each followed by its issuer's. */
  readonly certificates: readonly Bytes[];
  /** SHA-256 of what is signed. */
  readonly digest: Bytes;
  /** ECDSA over SHA-256 of the signed attributes: DER (RFC 3279), the lower of the two forms of s. */
  readonly signature: Bytes;
}

const OID = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificate: '1.2.840.113549.1.9.16.2.47',
  sha256: '2.16.840.1.101.3.4.2.1',
  ecdsaSha256: '1.2.840.10045.4.3.2',
} as const;

const sequence = (...value: asn1.BaseBlock[]) => new asn1.Sequence({ value });
const set = (...value: asn1.BaseBlock[]) => new asn1.Set({ value });
const oid = (value: string) => new asn1.ObjectIdentifier({ value });
const octets = (valueHex: Bytes) => new asn1.OctetString({ valueHex });
const tagged = (...value: asn1.BaseBlock[]) =>
  new asn1.Constructed({ idBlock: { tagClass: 3, tagNumber: 0 }, value });
const derOf = (block: asn1.BaseBlock): Bytes => new Uint8Array(block.toBER());

/** Order of a SET OF in DER. */
function byBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}

/** One block that fills its bytes; null otherwise. */
function parse(der: Uint8Array): asn1.BaseBlock | null {
  const { offset, result } = asn1.fromBER(der);
  return offset === der.length ? result : null;
}

const inOrder = (blocks: readonly Bytes[]): asn1.BaseBlock[] =>
  blocks.toSorted(byBytes).map((der) => parse(der) ?? fail('certificate'));

function fail(what: string): never {
  throw new AppError('SEAL_FORM_WRONG', { what });
}

function attributes({ certificates, digest }: Pick<SignedData, 'certificates' | 'digest'>): asn1.BaseBlock[] {
  const named = certificates.map((der) => sequence(octets(sha256(der))));
  return inOrder(
    [
      sequence(oid(OID.contentType), set(oid(OID.data))),
      sequence(oid(OID.messageDigest), set(octets(digest))),
      // the hash is SHA-256 by default, and a default is not written in DER
      sequence(oid(OID.signingCertificate), set(sequence(sequence(...named)))),
    ].map(derOf),
  );
}

/** DER of the signed attributes: what the seal's key signs. */
export function signedAttributes(what: Pick<SignedData, 'certificates' | 'digest'>): Bytes {
  return derOf(set(...attributes(what)));
}

/** Issuer and serial number as they stand in the certificate. */
function identifier(der: Bytes): asn1.BaseBlock {
  const body = children(children(parse(der) ?? fail('certificate'))[0]);
  const at = body[0]?.idBlock.tagClass === 3 ? 1 : 0;
  const [serial, , issuer] = body.slice(at);
  return serial && issuer ? sequence(issuer, serial) : fail('certificate');
}

/** Throws SEAL_FORM_WRONG for what is no certificate. */
export function writeSignedData({ certificates, digest, signature }: SignedData): Bytes {
  const signer = sequence(
    new asn1.Integer({ value: 1 }),
    identifier(certificates[0] ?? fail('certificate')),
    sequence(oid(OID.sha256)),
    tagged(...attributes({ certificates, digest })),
    sequence(oid(OID.ecdsaSha256)),
    octets(signature),
  );
  const signed = sequence(
    new asn1.Integer({ value: 1 }),
    set(sequence(oid(OID.sha256))),
    sequence(oid(OID.data)),
    tagged(...inOrder(certificates)),
    set(signer),
  );
  return derOf(sequence(oid(OID.signedData), tagged(signed)));
}

const children = (block: asn1.BaseBlock | undefined): asn1.BaseBlock[] =>
  block instanceof asn1.Constructed || block instanceof asn1.Sequence || block instanceof asn1.Set
    ? block.valueBlock.value
    : fail('structure');

const contentOf = (block: asn1.BaseBlock | undefined): Bytes =>
  block instanceof asn1.OctetString ? new Uint8Array(block.valueBlock.valueHexView) : fail('structure');

/** The value of the attribute with this name. */
function attribute(all: readonly asn1.BaseBlock[], name: string): asn1.BaseBlock | undefined {
  const found = all.filter((one) => {
    const [id] = children(one);
    return id instanceof asn1.ObjectIdentifier && id.valueBlock.toString() === name;
  });
  return found.length === 1 ? children(children(found[0])[1])[0] : fail('attributes');
}

/** Strict: writing again what was read gives the same bytes. Throws SEAL_FORM_WRONG. */
export function readSignedData(der: Bytes): SignedData {
  try {
    return read(der);
  } catch (cause) {
    // the library has errors of its own for lengths that do not fit
    throw cause instanceof AppError ? cause : new AppError('SEAL_FORM_WRONG', { what: 'DER' }, { cause });
  }
}

function read(der: Bytes): SignedData {
  const signed = children(children(children(parse(der) ?? fail('DER'))[1])[0]);
  const signer = children(children(signed[4])[0]);
  const signedNames = children(signer[3]);
  const digest = contentOf(attribute(signedNames, OID.messageDigest));
  const given = children(signed[3]).map(derOf);
  const certificates = children(children(attribute(signedNames, OID.signingCertificate))[0]).map((one) => {
    const hash = contentOf(children(one)[0]);
    return given.find((certificate) => equalBytes(sha256(certificate), hash)) ?? fail('certificate');
  });
  const data = { certificates, digest, signature: contentOf(signer[5]) };
  if (certificates.length !== given.length || !equalBytes(writeSignedData(data), der))
    return fail('canonical');
  return data;
}

/** The bytes of one DER value at the beginning, and what follows it. Throws SEAL_FORM_WRONG. */
export function firstValue(bytes: Bytes): { der: Bytes; rest: Bytes } {
  const first = bytes[1] ?? fail('DER');
  const wide = first < 0x80 ? 0 : first & 0x7f;
  if (bytes[0] !== 0x30 || wide > 3 || first === 0x80) return fail('DER');
  let length = wide === 0 ? first : 0;
  for (let i = 0; i < wide; i++) length = length * 256 + (bytes[2 + i] ?? fail('DER'));
  const end = 2 + wide + length;
  return end > bytes.length ? fail('DER') : { der: bytes.slice(0, end), rest: bytes.slice(end) };
}
