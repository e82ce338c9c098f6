import type { AppError } from '@zhenmei/kernel';
import { formatVerifierKey } from '@zhenmei/tlog/core/keys.ts';
import { ed25519Signer, signNote } from '@zhenmei/tlog/core/note.ts';
import {
  certificateNote,
  certify,
  keptUntil,
  readCertificate,
} from '@zhenmei/vault/core/erasure/certificate.ts';
import { describe, expect, it } from 'vitest';
import { isErasureCertificate, verifyErasure } from './erasure.ts';
import { kindOf } from './kind.ts';

const LOG = 'zhenmei.example/log';
const signer = ed25519Signer(LOG, new Uint8Array(32).fill(5));
const trust = { logs: [{ origin: LOG, keys: [formatVerifierKey(signer.key)] }] };
const DAY = 86_400_000;
const DONE = Date.UTC(2026, 10, 24);
const rule = {
  rule: 'cn 1.3.0 outpatient-record',
  pack: 'a'.repeat(64),
  what: { zh: '门诊病历', en: 'Outpatient record' },
  by: 'clinic',
  because: { zh: '规定', en: 'By law' },
  source: '…',
  from: 'last-visit',
  days: 10,
} as const;
const certificate = certify(
  { id: '0198f0a0-0000-7000-8000-0000000000e1', scope: 'everything', cause: 'owner', region: 'CN' },
  [DONE - 7 * DAY, DONE],
  { files: 3, keys: 3, guardians: 0 },
  [rule, { ...rule, from: 'erasure' }, { ...rule, days: null }],
);
const note = await signNote(certificateNote(LOG, certificate), signer);
const verdict = async (text: string, known = trust) => {
  const { proof, exit, certificate: said } = await verifyErasure(text, known);
  expect(said === null).toBe(exit !== 0);
  return proof.code;
};
const codeOf = (work: () => unknown) => {
  try {
    work();
    return 'none';
  } catch (e) {
    return (e as AppError).code;
  }
};

describe('a certificate of erasure', () => {
  it('holds with nothing but the trust file, and says what went and what stays until when', async () => {
    const { proof, certificate: said, exit } = await verifyErasure(note, trust);
    expect([proof.code, exit]).toEqual(['ERASURE_PROVEN', 0]);
    expect(said).toEqual(certificate);
    expect(said!.erased).toEqual([
      { what: 'files', count: 3 },
      { what: 'keys', count: 3 },
    ]);
    const [visit, here, ever] = said!.kept as [typeof rule & { until: string | null }, never, never];
    expect(keptUntil(visit, null)).toBeNull();
    expect(keptUntil(visit, '2026-11-01T00:00:00.000Z')).toBe('2026-11-11T00:00:00.000Z');
    expect(keptUntil(here, null)).toBe('2026-12-04T00:00:00.000Z');
    expect(keptUntil(ever, '2026-11-01T00:00:00.000Z')).toBeNull();
    expect(kindOf(new TextEncoder().encode(note))).toBe('erasure');
  });

  it('does not hold if a character is another, by another key, or of an unknown log', async () => {
    expect(await verdict(note.replace('"count":3', '"count":4'))).toBe('TLOG_SIGNATURE_INVALID');
    expect(await verdict(note.replace('"everything"', '"objects"'))).toBe('TLOG_SIGNATURE_INVALID');
    const forger = ed25519Signer(LOG, new Uint8Array(32).fill(6));
    expect(await verdict(await signNote(certificateNote(LOG, certificate), forger))).toBe(
      'TLOG_NOTE_UNTRUSTED',
    );
    const other = await signNote(certificateNote('other/log', certificate), signer);
    expect(await verdict(other)).toBe('LOG_NOT_TRUSTED');
    expect(await verdict(note, { logs: [] })).toBe('LOG_NOT_TRUSTED');
  });

  it('is told from what only looks like one', async () => {
    // a checkpoint is signed by the same key, and is no certificate
    const checkpoint = await signNote(`${LOG}\n7\nAAAA\n`, signer);
    expect(isErasureCertificate(checkpoint)).toBe(false);
    expect(await verdict(checkpoint)).toBe('ERASURE_CERTIFICATE');
    for (const text of ['{}', '{"format":"zhenmei/erasure-certificate/1"}', 'no json'])
      expect(codeOf(() => readCertificate(`${LOG}/erasure\n${text}\n`))).toBe('ERASURE_CERTIFICATE');
    const twice = `${certificateNote(LOG, certificate)}more\n`;
    expect(codeOf(() => readCertificate(twice))).toBe('ERASURE_CERTIFICATE');
    const spaced = certificateNote(LOG, certificate).replace('{', '{ ');
    expect(codeOf(() => readCertificate(spaced))).toBe('ERASURE_CERTIFICATE');
    expect(await verdict('nothing')).toBe('TLOG_NOTE_FORMAT');
  });
});
