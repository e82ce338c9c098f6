/** Papers that only the composition can make: they tell of a visit and of its money at once. */
import { CERTIFICATE_PATH } from '@zhenmei/evidence/core/seal/seal-words.ts';
import { defineRoute } from '@zhenmei/kernel';
import { PaperFile } from '@zhenmei/money/settlement-api.ts';
import { z } from 'zod';

/** Whose seal the papers of this house carry. */
export const SealView = z.object({
  /** Origin of the house. */
  address: z.string(),
  /** Names of the certificate. */
  subject: z.string(),
  issuer: z.string(),
  /** Nobody but the house itself vouches for the certificate. */
  selfIssued: z.boolean(),
  /** SHA-256 of the certificate, 64 hex digits. */
  fingerprint: z.string(),
  /** Null without an end. */
  until: z.iso.datetime().nullable(),
});

export const paperApi = {
  agreementPaper: defineRoute({
    method: 'GET',
    path: '/api/visits/:id/agreement',
    summary: {
      zh: '合同与同意书，PDF，含双方签名',
      en: 'Agreement and consent as PDF, with the signatures of both sides',
    },
    auth: 'public',
    params: z.object({ id: z.uuid() }),
    response: { 200: PaperFile },
    errors: ['VISIT_UNKNOWN', 'AGREEMENT_NOT_SIGNED', 'DOCUMENT_CERTIFICATE_OVER'],
  }),
  readSeal: defineRoute({
    method: 'GET',
    path: '/api/papers/seal',
    summary: { zh: '谁在文件上盖章', en: 'Who seals the papers' },
    auth: 'public',
    response: { 200: SealView },
    errors: [],
  }),
  readSealCertificates: defineRoute({
    method: 'GET',
    path: CERTIFICATE_PATH,
    summary: {
      zh: '文件章的证书（PEM），现用的在最前面',
      en: 'The certificates of the seal (PEM), the present one first',
    },
    auth: 'public',
    response: { 200: z.string().meta({ contentType: 'application/x-pem-file' }) },
    errors: [],
  }),
};
export type PaperApi = typeof paperApi;
