import { type AppError, toBase64Url } from '@zhenmei/kernel';
import { describe, expect, it } from 'vitest';
import type { Grant } from '../grants/grant.ts';
import { NOTICES, noticeFor, noticeHash, noticeOf } from './notices.ts';
import {
  assertReceiptCovers,
  giveConsent,
  readReceipt,
  receiptHash,
  receiptToFhir,
  withdrawn,
} from './receipt.ts';

const codeOf = (work: () => unknown) => {
  try {
    work();
    return 'none';
  } catch (e) {
    const { code, params } = e as AppError;
    return `${code} ${params.field ?? params.path ?? ''}`.trim();
  }
};
const organisation = '0198f0a0-0000-7000-8000-0000000000c1';
const AT = Date.parse('2026-11-24T00:00:00.000Z');
const subject = toBase64Url(new Uint8Array(32).fill(7));
const receipt = giveConsent({
  recordId: '0198f0a0-0000-7000-8000-0000000000e1',
  subject,
  notice: { id: 'treat', version: '1' },
  language: 'zh-CN',
  compartments: ['allergies', 'face-photos', 'allergies'],
  controller: { id: organisation, name: { zh: '梅园', en: 'Plum Garden' } },
  processing: ['view'],
  region: 'CN',
  until: '2026-12-24T00:00:00.000Z',
  at: '2026-11-24T00:00:00.000Z',
});
const grant: Grant = {
  version: 1,
  id: '0198f0a0-0000-7000-8000-0000000000a1',
  subject,
  grantee: { organisation, person: null, keys: [subject] },
  purpose: 'TREAT',
  actions: ['view'],
  compartments: ['label'],
  objects: [],
  notBefore: '2026-11-24T00:00:00.000Z',
  notAfter: '2026-12-24T00:00:00.000Z',
  reads: null,
  region: 'CN',
  notice: { id: 'treat', version: '1', hash: noticeHash(noticeOf('treat', '1')) },
  receipt: receiptHash(receipt),
  details: subject,
};

describe('a consent receipt', () => {
  it('says one purpose, what, to whom, where, how long, and how to take it back', () => {
    expect(receipt).toMatchObject({
      purpose: { code: 'TREAT' },
      pii: [{ category: 'allergies' }, { category: 'face-photos' }],
      withdrawal: { steps: 1 },
      events: [{ type: 'given' }],
    });
    expect(codeOf(() => assertReceiptCovers(receipt, grant, ['allergies', 'face-photos']))).toBe('none');
  });

  it('is no leave for anything beyond it', () => {
    const later = '2027-12-24T00:00:00.000Z';
    for (const [change, field] of [
      [{ receipt: subject }, 'receipt'],
      [{ subject: toBase64Url(new Uint8Array(32)) }, 'subject'],
      [{ purpose: 'HMARKT' }, 'purpose'],
      [{ notice: { ...grant.notice, hash: subject } }, 'notice'],
      [{ grantee: { ...grant.grantee, organisation: receipt.recordId } }, 'grantee'],
      [{ actions: ['view', 'export'] }, 'actions'],
      [{ notAfter: later }, 'notAfter'],
      [{ region: 'SG' }, 'region'],
    ] as const)
      expect(
        codeOf(() => assertReceiptCovers(receipt, { ...grant, ...change } as Grant, ['allergies'])),
      ).toBe(`RECEIPT_OTHER ${field}`);
    expect(codeOf(() => assertReceiptCovers(receipt, grant, ['genetics']))).toBe(
      'RECEIPT_OTHER compartments',
    );
    const gone = withdrawn(receipt, '2026-11-25T00:00:00.000Z');
    expect(codeOf(() => assertReceiptCovers(gone, grant, ['allergies']))).toBe('RECEIPT_OTHER events');
    const unknown = { ...receipt, notice: { ...receipt.notice, version: '9' } };
    expect(codeOf(() => assertReceiptCovers(unknown, grant, ['allergies']))).toBe('CONSENT_NOTICE_UNKNOWN');
  });

  it('keeps its identity when it is taken back, and changes it with any other word', () => {
    const gone = withdrawn(receipt, '2026-11-25T00:00:00.000Z');
    expect(gone.events.map((e) => e.type)).toEqual(['given', 'withdrawn']);
    expect(withdrawn(gone, '2026-11-26T00:00:00.000Z')).toEqual(gone);
    expect(receiptHash(gone)).toBe(receiptHash(receipt));
    expect(receiptHash({ ...receipt, jurisdiction: 'SG' })).not.toBe(receiptHash(receipt));
  });

  it('is a FHIR Consent for other systems', () => {
    expect(receiptToFhir(receipt)).toMatchObject({
      status: 'active',
      provision: { type: 'permit', purpose: [{ code: 'TREAT' }], class: [{ code: 'allergies' }, {}] },
    });
    expect(receiptToFhir(withdrawn(receipt, '2026-11-25T00:00:00.000Z')).status).toBe('inactive');
  });

  it('is refused with its path when it is none', () => {
    for (const [change, path] of [
      [{ schema: 'x' }, 'schema'],
      [{ pii: [] }, 'pii'],
      [{ pii: [{ category: 'allergies', sensitive: false }] }, 'pii[0].sensitive'],
      [{ withdrawal: { path: '/vault/permissions', steps: 2 } }, 'withdrawal.steps'],
      [{ events: [] }, 'events'],
      [{ extra: 1 }, '(root)'],
    ] as const)
      expect(codeOf(() => readReceipt({ ...receipt, ...change }))).toBe(`RECEIPT_INVALID ${path}`);
  });
});

describe('a notice', () => {
  it('is there for each purpose that can be agreed to, in both languages, and has its own hash', () => {
    expect(new Set(NOTICES.map(noticeHash)).size).toBe(NOTICES.length);
    expect(new Set(NOTICES.map((n) => `${n.id} ${n.version}`)).size).toBe(NOTICES.length);
    for (const notice of NOTICES) {
      expect(notice.zh).toHaveLength(notice.en.length);
      expect(noticeFor(notice.purpose, AT).purpose).toBe(notice.purpose);
    }
    expect(codeOf(() => noticeFor('HOPERAT', AT))).toBe('CONSENT_NOTICE_UNKNOWN');
    expect(codeOf(() => noticeOf('treat', '0'))).toBe('CONSENT_NOTICE_UNKNOWN');
  });
});
