/**
 * The seal of a paper: a PAdES signature (ETSI EN 319 142-1, baseline B-B) over every byte but its own. `fillSeal` puts
 * it into the place that the printer left, `readSeal` takes it apart again and believes nothing.
 */
import { AppError, concat, equalBytes, fromHex, sha256, toHex, utf8 } from '@zhenmei/kernel';
import { type CertificateFacts, readCertificate, signP256, verifyP256 } from './certificate.ts';
import { dictOf, latin1, listOf, openPdf, type PdfFile } from './pdf-file.ts';
import type { PdfDict } from './pdf-values.ts';
import { firstValue, readSignedData, signedAttributes, writeSignedData } from './signed-data.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** No paper of ours comes near it. */
export const PAPER_LIMIT = 8_000_000;
/** What the printer writes where the range will stand: three numbers of up to ten digits. */
export const RANGE_PLACE = '**********';
const PLACE = `/ByteRange [0 /${RANGE_PLACE} /${RANGE_PLACE} /${RANGE_PLACE}]`;
const RANGE = /\/ByteRange \[0 (\d{1,10}) (\d{1,10}) (\d{1,10}) *\]\n\/Contents (?=<)/;

/** A key with its certificates: the key's own first, each followed by its issuer's. DER. */
export interface SealKey {
  readonly privateKey: Bytes;
  readonly certificates: readonly Bytes[];
}

/** Bytes to leave for the CMS; a signature of P-256 has at most 72. */
export const sealSize = ({ certificates }: Pick<SealKey, 'certificates'>): number =>
  writeSignedData({ certificates, digest: new Uint8Array(32), signature: new Uint8Array(72) }).length;

/** Seals a file that has a place for it, made by `sealSize`. The same file gives the same seal. */
export function fillSeal(printed: Bytes, key: SealKey): Bytes {
  const text = latin1(printed);
  const place = text.indexOf(PLACE);
  const from = place + PLACE.length + '\n/Contents '.length;
  const until = text.indexOf('>', from) + 1;
  if (place < 0 || text[from] !== '<' || until === 0)
    throw new AppError('SEAL_FORM_WRONG', { what: 'place' });
  const range = `/ByteRange [0 ${from} ${until} ${printed.length - until}`;
  const filled = printed.slice();
  filled.set(utf8(`${range.padEnd(PLACE.length - 1)}]`), place);
  const { certificates, privateKey } = key;
  const digest = sha256(concat(filled.subarray(0, from), filled.subarray(until)));
  const signature = signP256(signedAttributes({ certificates, digest }), privateKey);
  const cms = toHex(writeSignedData({ certificates, digest, signature }));
  filled.set(utf8(cms.padEnd(until - from - 2, '0')), from + 1);
  return filled;
}

export interface Seal {
  readonly pdf: PdfFile;
  /** DER, the signing certificate first. */
  readonly certificates: readonly Bytes[];
  readonly signer: CertificateFacts;
  /** When the house says that it sealed: milliseconds since the epoch. */
  readonly at: number;
  /** The house's address, as it says itself. */
  readonly address: string;
}

const count = (text: string, what: RegExp): number => text.match(what)?.length ?? 0;

/**
 * Whoever holds the certificate's key sealed these bytes, all of them, and nothing was added. Whose the certificate is,
 * is for somebody else to judge. Throws PAPER_TOO_LARGE, PAPER_UNREADABLE, PAPER_NOT_SEALED, SEAL_DOUBLED,
 * SEAL_RANGE_WRONG, SEAL_ADDED_TO, SEAL_FORM_WRONG, SEAL_DIGEST_WRONG, SEAL_SIGNATURE_WRONG, PAPER_FORM_WRONG.
 */
export function readSeal(bytes: Bytes): Seal {
  if (bytes.length > PAPER_LIMIT) throw new AppError('PAPER_TOO_LARGE', { limit: PAPER_LIMIT });
  const text = latin1(bytes);
  const seals = Math.max(count(text, /\/ByteRange\b/g), count(text, /\/Type \/Sig\b/g));
  if (seals === 0) throw new AppError(text.startsWith('%PDF-') ? 'PAPER_NOT_SEALED' : 'PAPER_UNREADABLE');
  if (seals > 1) throw new AppError('SEAL_DOUBLED');
  const { from, until } = rangeOf(text);
  const { der, rest } = firstValue(contentsOf(text.slice(from + 1, until - 1)));
  if (rest.some((byte) => byte !== 0)) throw new AppError('SEAL_FORM_WRONG', { what: 'padding' });
  const signed = readSignedData(der);
  if (!equalBytes(signed.digest, sha256(concat(bytes.subarray(0, from), bytes.subarray(until)))))
    throw new AppError('SEAL_DIGEST_WRONG');
  const signer = readCertificate(signed.certificates[0] ?? new Uint8Array());
  if (!signer.point) throw new AppError('SEAL_FORM_WRONG', { what: 'key' });
  if (!verifyP256(signedAttributes(signed), signed.signature, signer.point))
    throw new AppError('SEAL_SIGNATURE_WRONG');
  const pdf = openPdf(bytes);
  return { pdf, certificates: signed.certificates, signer, ...statementOf(onlySignature(pdf)) };
}

function rangeOf(text: string): { from: number; until: number } {
  const wrong = (what: string) => new AppError('SEAL_RANGE_WRONG', { what });
  const found = RANGE.exec(text);
  if (!found) throw wrong('form');
  const [from, until, length] = found.slice(1).map(Number) as [number, number, number];
  if (from !== found.index + found[0].length) throw wrong('begin');
  const close = text.indexOf('>', from);
  if (until !== close + 1) throw wrong('hole');
  if (until + length < text.length)
    throw new AppError('SEAL_ADDED_TO', { bytes: text.length - until - length });
  if (until + length > text.length) throw wrong('end');
  return { from, until };
}

/** Lower-case digits in pairs, and nothing else, stand in the only place that the seal does not cover. */
function contentsOf(hex: string): Bytes {
  if (!/^(?:[0-9a-f]{2})+$/.test(hex)) throw new AppError('SEAL_FORM_WRONG', { what: 'hex' });
  return fromHex(hex);
}

/** The form has one field, its value is the one signature, and no other dictionary of the file has a range. */
function onlySignature(pdf: PdfFile): PdfDict {
  const form = dictOf(pdf, dictOf(pdf, { kind: 'ref', value: pdf.root }).get('AcroForm'));
  const [field, ...others] = listOf(pdf, form.get('Fields'));
  if (others.length > 0) throw new AppError('SEAL_DOUBLED');
  const signature = dictOf(pdf, dictOf(pdf, field).get('V'));
  for (const { value } of pdf.objects.values())
    if (value.kind === 'dict' && value.value !== signature && value.value.has('ByteRange'))
      throw new AppError('SEAL_DOUBLED');
  const kind = signature.get('SubFilter');
  if (kind?.value !== 'ETSI.CAdES.detached') throw new AppError('SEAL_FORM_WRONG', { what: 'SubFilter' });
  return signature;
}

function statementOf(signature: PdfDict): { at: number; address: string } {
  const [time, address] = [signature.get('M'), signature.get('Location')];
  const parts = /^D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(time?.kind === 'string' ? time.value : '');
  if (!parts || address?.kind !== 'string') throw new AppError('SEAL_FORM_WRONG', { what: 'M' });
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return { at: Date.UTC(year, month - 1, day, hour, minute, second), address: address.value };
}
