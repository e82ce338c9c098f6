/**
 * The receipt of one consent, in the shape of ISO/IEC TS 27560: one purpose, the notice it rests on, what, to whom, where,
 * how long, and how to take it back. A grant names it by its hash; neither stands without the other.
 */
import { AppError, canonicalJson, sha256, toBase64Url, utf8 } from '@zhenmei/kernel';
import { z } from 'zod';
import { COMPARTMENTS, type Compartment } from '../content-keys.ts';
import { type Grant, PURPOSES, PurposeCode } from '../grants/grant.ts';
import { issueText } from '../record-issue.ts';
import './errors.ts';
import { noticeHash, noticeOf } from './notices.ts';

const Hash = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const Signature = z.string().regex(/^[A-Za-z0-9_-]{86}$/);
const Text = z.strictObject({ zh: z.string().min(1).max(300), en: z.string().min(1).max(300) });

export const ConsentReceipt = z
  .strictObject({
    /** The version of the technical specification's schema that this follows. */
    schema: z.literal('ISO/IEC TS 27560:2023'),
    recordId: z.uuid(),
    /** Pairwise name of the person. */
    piiPrincipal: Hash,
    notice: z.strictObject({
      id: z.string().max(60),
      version: z.string().max(20),
      hash: Hash,
      language: z.enum(['zh-CN', 'en']),
    }),
    purpose: z.strictObject({
      code: PurposeCode,
      system: z.literal('http://terminology.hl7.org/CodeSystem/v3-ActReason'),
      lawfulBasis: z.literal('explicit consent'),
    }),
    pii: z.array(z.strictObject({ category: z.enum(COMPARTMENTS), sensitive: z.literal(true) })).min(1),
    controller: z.strictObject({ id: z.uuid(), name: Text }),
    recipients: z.array(z.uuid()).max(20),
    processing: z.array(z.enum(['view', 'write', 'compute', 'export', 'count'])).min(1),
    storage: z.strictObject({ region: z.string().min(2).max(10), form: z.literal('end-to-end encrypted') }),
    /** Until when; after that nothing opens. */
    retention: z.strictObject({ until: z.iso.datetime() }),
    withdrawal: z.strictObject({
      path: z.enum(['/vault/permissions', '/vault/consents']),
      /** As many as it took to agree. */
      steps: z.literal(1),
    }),
    jurisdiction: z.string().min(2).max(10),
    /** The one study of the data pool that it is for. */
    study: z.uuid().optional(),
    events: z
      .array(z.strictObject({ type: z.enum(['given', 'withdrawn', 'expired']), at: z.iso.datetime() }))
      .min(1)
      .max(10),
    /** Of both sides, over the consent without its later events; see `signatures.ts`. */
    signatures: z
      .strictObject({
        /** Ed25519 by the key that is the person’s pairwise name. */
        principal: Signature,
        controller: z
          .strictObject({
            /** Hash of the grant with which it was acknowledged. */
            grant: Hash,
            /** Key of the licence’s holder: uncompressed P-256 point, in hex. */
            holder: z.string().regex(/^0x04[0-9a-f]{128}$/),
            signature: Signature,
            at: z.iso.datetime(),
          })
          .optional(),
      })
      .optional(),
  })
  .meta({ phi: true });
export type ConsentReceipt = z.infer<typeof ConsentReceipt>;

export interface ConsentGiven {
  readonly recordId: string;
  readonly subject: string;
  readonly notice: { readonly id: string; readonly version: string };
  readonly language: 'zh-CN' | 'en';
  readonly compartments: readonly Compartment[];
  readonly controller: { readonly id: string; readonly name: { readonly zh: string; readonly en: string } };
  readonly processing: ConsentReceipt['processing'];
  readonly region: string;
  readonly until: string;
  readonly at: string;
  readonly study?: string;
}

/** Throws CONSENT_NOTICE_UNKNOWN, RECEIPT_INVALID. */
export function giveConsent(given: ConsentGiven): ConsentReceipt {
  const notice = noticeOf(given.notice.id, given.notice.version);
  return readReceipt({
    schema: 'ISO/IEC TS 27560:2023',
    recordId: given.recordId,
    piiPrincipal: given.subject,
    notice: { id: notice.id, version: notice.version, hash: noticeHash(notice), language: given.language },
    purpose: {
      code: notice.purpose,
      system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason',
      lawfulBasis: 'explicit consent',
    },
    pii: [...new Set(given.compartments)].map((category) => ({ category, sensitive: true })),
    controller: { id: given.controller.id, name: { ...given.controller.name } },
    recipients: [given.controller.id],
    processing: [...given.processing],
    storage: { region: given.region, form: 'end-to-end encrypted' },
    retention: { until: given.until },
    withdrawal: { path: '/vault/consents', steps: 1 },
    jurisdiction: given.region,
    ...(given.study ? { study: given.study } : {}),
    events: [{ type: 'given', at: given.at }],
  });
}

/** Throws RECEIPT_INVALID with the path. */
export function readReceipt(value: unknown): ConsentReceipt {
  const parsed = ConsentReceipt.safeParse(value);
  if (!parsed.success) throw new AppError('RECEIPT_INVALID', issueText(parsed.error));
  return parsed.data;
}

/** Identity of a consent: what was agreed to, whatever happens to it later. */
export function receiptHash(receipt: ConsentReceipt): string {
  const { events, signatures: _signatures, ...agreed } = receipt;
  return toBase64Url(sha256(utf8(canonicalJson({ ...agreed, given: events[0]!.at }))));
}

export function withdrawn(receipt: ConsentReceipt, at: string): ConsentReceipt {
  if (receipt.events.some(({ type }) => type === 'withdrawn')) return receipt;
  return { ...receipt, events: [...receipt.events, { type: 'withdrawn', at }] };
}

/** Throws RECEIPT_OTHER with the field in which a grant goes beyond its receipt, or CONSENT_NOTICE_UNKNOWN. */
export function assertReceiptCovers(
  receipt: ConsentReceipt,
  grant: Grant,
  compartments: readonly Compartment[],
): void {
  const categories = new Set(receipt.pii.map(({ category }) => category));
  const notice = noticeOf(receipt.notice.id, receipt.notice.version);
  const fits: Record<string, boolean> = {
    receipt: receiptHash(receipt) === grant.receipt,
    subject: receipt.piiPrincipal === grant.subject,
    purpose: receipt.purpose.code === grant.purpose && notice.purpose === grant.purpose,
    notice: noticeHash(notice) === grant.notice.hash && grant.notice.hash === receipt.notice.hash,
    grantee: receipt.controller.id === grant.grantee.organisation,
    actions: grant.actions.every((action) => receipt.processing.includes(action)),
    compartments: compartments.every((c) => categories.has(c)),
    notAfter: Date.parse(grant.notAfter) <= Date.parse(receipt.retention.until),
    region: receipt.storage.region === grant.region,
    events: receipt.events.every(({ type }) => type === 'given'),
  };
  const field = Object.keys(fits).find((name) => !fits[name]);
  if (field) throw new AppError('RECEIPT_OTHER', { field });
}

/** What is done, in the words of FHIR's code system `consentaction`. */
const CONSENT_ACTION = {
  view: 'access',
  write: 'collect',
  compute: 'use',
  export: 'disclose',
  count: 'use',
} as const;

/** The same consent as FHIR R4 Consent, for other systems. */
export function receiptToFhir(receipt: ConsentReceipt) {
  const active = receipt.events.every(({ type }) => type === 'given');
  const HL7 = 'http://terminology.hl7.org/CodeSystem';
  return {
    resourceType: 'Consent' as const,
    id: receipt.recordId,
    status: active ? ('active' as const) : ('inactive' as const),
    scope: { coding: [{ system: `${HL7}/consentscope`, code: 'patient-privacy' }] },
    category: [{ coding: [{ system: `${HL7}/v3-ActCode`, code: 'INFA' }] }],
    patient: { reference: 'Patient/self' },
    dateTime: receipt.events[0]!.at,
    organization: [
      { identifier: { system: 'urn:ietf:rfc:3986', value: `urn:uuid:${receipt.controller.id}` } },
    ],
    policy: [{ uri: `urn:zhenmei:notice:${receipt.notice.id}:${receipt.notice.version}` }],
    provision: {
      type: 'permit' as const,
      period: { start: receipt.events[0]!.at, end: receipt.retention.until },
      purpose: [
        {
          system: receipt.purpose.system,
          code: receipt.purpose.code,
          display: PURPOSES[receipt.purpose.code].en,
        },
      ],
      actor: receipt.recipients.map((id) => ({
        role: { coding: [{ system: `${HL7}/v3-ParticipationType`, code: 'IRCP' }] },
        reference: { identifier: { system: 'urn:ietf:rfc:3986', value: `urn:uuid:${id}` } },
      })),
      action: [...new Set(receipt.processing.map((one) => CONSENT_ACTION[one]))].map((code) => ({
        coding: [{ system: `${HL7}/consentaction`, code }],
      })),
      class: receipt.pii.map(({ category }) => ({ system: 'urn:zhenmei:compartment', code: category })),
    },
  };
}
