/** The seal of this house: its key, its certificates, and what it says about itself. */
import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { p256 } from '@noble/curves/nist.js';
import {
  type CertificateFacts,
  readCertificate,
  type SealKey,
  selfIssuedCertificate,
  validAt,
} from '@zhenmei/evidence';
import { AppError, defineErrors, equalBytes, fromBase64Url, toIso } from '@zhenmei/kernel';
import type { ServerConfig } from '../config.ts';
import type { Secrets } from './secrets.ts';

defineErrors({
  DOCUMENT_KEY_INVALID: {
    status: 500,
    retryable: false,
    zh: '文件章的密钥不能用：{file}。需要 PEM（PKCS #8）格式的 P-256 私钥，权限 0600，并同时给出 DOCUMENT_CERTIFICATE。',
    en: 'The key for the seal of papers cannot be used: {file}. It must be a P-256 key in PEM (PKCS #8), mode 0600, and DOCUMENT_CERTIFICATE must be set with it.',
  },
  DOCUMENT_CERTIFICATE_INVALID: {
    status: 500,
    retryable: false,
    zh: '文件章的证书不能用：{file}。第一张必须属于这把密钥，后面每一张都必须签发前一张。',
    en: 'The certificate for the seal of papers cannot be used: {file}. The first must belong to the key, and each one after it must have issued the one before.',
  },
  DOCUMENT_CERTIFICATE_OVER: {
    status: 503,
    retryable: false,
    zh: '文件章的证书不在有效期内，所以现在不能出具文件。请联系平台更换证书。',
    en: 'The certificate for the seal of papers is not valid now, so no paper can be made. Ask the operator to renew it.',
  },
});

export interface DocumentSeal extends SealKey {
  /** Origin of the house's address, as papers name it. */
  readonly address: string;
  /** PEM of every certificate that this house's papers may carry, the present one first. */
  readonly published: string;
}

type Bytes = Uint8Array<ArrayBuffer>;
type SealConfig = Pick<ServerConfig, 'dataDir' | 'publicUrl' | 'documentKey' | 'documentCertificate'>;

/**
 * Made at the first start unless the operator brings key and certificates. When the house's address changes, a new
 * certificate is made for the same key, and the earlier ones stay published.
 * @param now milliseconds since the epoch
 * Throws DOCUMENT_KEY_INVALID, DOCUMENT_CERTIFICATE_INVALID.
 */
export function openDocumentSeal(
  config: SealConfig,
  { documentKey }: Pick<Secrets, 'documentKey'>,
  now: number,
): DocumentSeal {
  const address = new URL(config.publicUrl).origin;
  if (config.documentKey !== undefined || config.documentCertificate !== undefined)
    return { ...broughtSeal(config), address };
  const file = path.join(config.dataDir, 'document-certificates.pem');
  let all = fs.existsSync(file) ? readAll(file) : [];
  if (all[0]?.subjectAltName !== `URI:${address}`) {
    const made = selfIssuedCertificate({
      privateKey: documentKey,
      name: `Zhenmei document seal (${new URL(address).host})`,
      address,
      from: now,
      serial: new Uint8Array(randomBytes(16)),
    });
    all = [new X509Certificate(made), ...all];
    fs.writeFileSync(`${file}.tmp`, pemOf(all));
    fs.renameSync(`${file}.tmp`, file);
  }
  const certificates = [derOf(all[0]!)];
  assertPair(documentKey, certificates, file);
  return { privateKey: documentKey, certificates, address, published: pemOf(all) };
}

function broughtSeal({ documentKey, documentCertificate }: SealConfig): Omit<DocumentSeal, 'address'> {
  const invalid = (cause?: unknown) =>
    new AppError('DOCUMENT_KEY_INVALID', { file: documentKey ?? 'DOCUMENT_KEY' }, { cause });
  if (documentKey === undefined || documentCertificate === undefined) throw invalid();
  let privateKey: Bytes;
  try {
    const { d, crv } = createPrivateKey(fs.readFileSync(documentKey)).export({ format: 'jwk' });
    if (crv !== 'P-256' || d === undefined) throw invalid();
    privateKey = fromBase64Url(d);
  } catch (cause) {
    throw invalid(cause);
  }
  if (process.platform !== 'win32' && (fs.statSync(documentKey).mode & 0o077) !== 0)
    throw new AppError('SECRETS_READABLE', { file: documentKey });
  const all = readAll(documentCertificate);
  const certificates = all.map(derOf);
  assertPair(privateKey, certificates, documentCertificate);
  const chained = all.every((one, i) => {
    const issuer = all[i + 1];
    return issuer === undefined || (one.checkIssued(issuer) && one.verify(issuer.publicKey));
  });
  if (!chained) throw new AppError('DOCUMENT_CERTIFICATE_INVALID', { file: documentCertificate });
  return { privateKey, certificates, published: pemOf(all) };
}

function readAll(file: string): X509Certificate[] {
  try {
    const found = fs
      .readFileSync(file, 'utf8')
      .match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
    return found!.map((pem) => new X509Certificate(pem));
  } catch (cause) {
    throw new AppError('DOCUMENT_CERTIFICATE_INVALID', { file }, { cause });
  }
}

const derOf = ({ raw }: X509Certificate): Bytes => new Uint8Array(raw);
const pemOf = (all: readonly X509Certificate[]): string => all.map(String).join('');

function assertPair(privateKey: Bytes, [first]: readonly Bytes[], file: string): void {
  const { point } = readCertificate(first!);
  if (!point || !equalBytes(point, new Uint8Array(p256.getPublicKey(privateKey, false))))
    throw new AppError('DOCUMENT_CERTIFICATE_INVALID', { file });
}

/** What the seal says about itself. Throws DOCUMENT_CERTIFICATE_OVER where it says nothing any more, or nothing yet. */
export function sealNow({ certificates }: SealKey, now: number): CertificateFacts {
  const facts = readCertificate(certificates[0]!);
  if (!validAt(facts, now)) throw new AppError('DOCUMENT_CERTIFICATE_OVER');
  return facts;
}

/** What everybody may know of it. */
export function sealView({ address, certificates }: DocumentSeal) {
  const { subject, issuer, selfIssued, fingerprint, until } = readCertificate(certificates[0]!);
  return { address, subject, issuer, selfIssued, fingerprint, until: until === null ? null : toIso(until) };
}
