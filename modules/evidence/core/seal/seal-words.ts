/** What a sealed paper says about its own seal, in both languages: the printer prints it, the verifier expects it. */
import type { CertificateFacts } from './certificate.ts';

/** Where a house publishes the certificates of its seal, the present one first. */
export const CERTIFICATE_PATH = '/.well-known/zhenmei-document-certificate.pem';

/** @param address origin of the house's web address */
export function sealLines(
  { fingerprint, selfIssued, subject, issuer }: CertificateFacts,
  address: string,
): string[] {
  const source = `${address}${CERTIFICATE_PATH}`;
  return [
    `本文件由 ${address} 加盖电子文件章，盖章之后的任何改动都能查出。核对：zhenmei paper verify，或 PDF 阅读器的签名栏。`,
    `Sealed by ${address}; any change made afterwards shows. To check: zhenmei paper verify, or the signature panel of a PDF reader.`,
    ...(selfIssued
      ? [
          `文件章的证书由出具方自己签发，没有第三方为它作证；证书在 ${source}，请核对指纹。`,
          `The certificate of the seal is issued by the house itself; no third party vouches for it. It is at ${source}; compare the fingerprint.`,
        ]
      : [
          `文件章的证书属于 ${subject}，由 ${issuer} 签发；证书在 ${source}。`,
          `The certificate of the seal belongs to ${subject} and was issued by ${issuer}. It is at ${source}.`,
        ]),
    `证书指纹 / Fingerprint of the certificate (SHA-256) ${fingerprint}`,
  ];
}
