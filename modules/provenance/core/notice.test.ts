import { p256 } from '@noble/curves/nist.js';
import { type AppError, canonicalJson, type Hex, toHex0x } from '@zhenmei/kernel';
import { describe, expect, it } from 'vitest';
import {
  inForce,
  type Notice,
  noticeDigest,
  noticeMessage,
  noticeText,
  readNotice,
  warningOf,
} from './notice.ts';

const secret = new Uint8Array(32).fill(7);
const key = toHex0x(p256.getPublicKey(secret, false));
const said = { zh: '原因', en: 'why' };
const id = (n: number) => `01890000-0000-7000-8000-00000000000${n}`;
const RECALL: Notice = {
  format: 'zhenmei-notice/1',
  id: id(1),
  kind: 'recall',
  issuer: '9520000000004',
  issuedAt: '2026-03-01T00:00:00.000Z',
  gtin: '09521000000013',
  lots: ['L1'],
  serials: [],
  severity: '1',
  reason: said,
  doNow: said,
};
const sign = (notice: Notice) => ({
  notice,
  key,
  signature: toHex0x(p256.sign(noticeMessage(notice), secret, { prehash: true })) as Hex,
});
const { severity: _, ...PLAIN } = RECALL;
const label = { doses: ['150 U'], onlyDoses: [], ingredients: [], onlyIngredients: [] };
const code = (value: unknown) => {
  try {
    readNotice(value);
    return 'none';
  } catch (error) {
    return `${(error as AppError).code} ${(error as AppError).params.path ?? ''}`.trim();
  }
};

describe('a notice', () => {
  it.each<[string, Notice]>([
    ['a recall', RECALL],
    ['a recall of single units', { ...RECALL, serials: ['S1', 'S2'] }],
    ['features of a counterfeit', { ...PLAIN, kind: 'counterfeit', lots: [], label }],
    ['a withdrawal', { ...PLAIN, kind: 'withdrawal', lots: [], about: id(2) }],
    ['a closure', { ...PLAIN, kind: 'closure', lots: [], about: id(2) }],
  ])('%s is read back as it was signed', (_name, notice) => {
    const signed = sign(notice);
    expect(readNotice(JSON.parse(noticeText(signed)))).toEqual(signed);
    expect(noticeText(signed)).toBe(canonicalJson(signed));
  });

  it.each<[string, object, string]>([
    ['a recall of no lot', { ...RECALL, lots: [] }, '/notice/lots'],
    ['a lot twice', { ...RECALL, lots: ['L1', 'L1'] }, '/notice/lots'],
    ['a recall without its severity', PLAIN, '/notice/severity'],
    ['a recall that is about another', { ...RECALL, about: id(2) }, '/notice/about'],
    ['a recall with features', { ...RECALL, label }, '/notice/label'],
    ['a counterfeit without a feature', { ...PLAIN, kind: 'counterfeit', lots: [] }, '/notice/lots'],
    [
      'a content that nobody can read',
      { ...PLAIN, kind: 'counterfeit', label: { ...label, doses: ['much'] } },
      '/notice/label/doses',
    ],
    ['a counterfeit with a severity', { ...RECALL, kind: 'counterfeit' }, '/notice/severity'],
    ['a withdrawal of nothing', { ...PLAIN, kind: 'withdrawal', lots: [] }, '/notice/about'],
    ['a withdrawal with lots', { ...PLAIN, kind: 'withdrawal', about: id(2) }, '/notice/lots'],
    ['a lot with a space', { ...RECALL, lots: ['L 1'] }, '/notice/lots/0'],
    ['a word too many', { ...RECALL, patient: 'x' }, '/notice'],
    ['no text', { ...RECALL, reason: { zh: '', en: 'x' } }, '/notice/reason/zh'],
  ])('%s is refused by its place', (_name, notice, path) => {
    expect(code(sign(notice as Notice))).toBe(`NOTICE_INVALID ${path}`);
  });

  it('does not hold with any value changed, another key, or no signature', () => {
    const signed = sign(RECALL);
    for (const notice of [
      { ...RECALL, lots: ['L2'] },
      { ...RECALL, severity: '2' as const },
      { ...RECALL, issuer: '9520000000011' },
      { ...RECALL, reason: { ...said, en: 'other' } },
    ])
      expect(code({ ...signed, notice })).toBe('NOTICE_NOT_SIGNED');
    const other = toHex0x(p256.getPublicKey(new Uint8Array(32).fill(8), false));
    expect(code({ ...signed, key: other })).toBe('NOTICE_NOT_SIGNED');
    expect(code({ ...signed, key: `0x04${'00'.repeat(64)}` })).toBe('NOTICE_NOT_SIGNED');
    expect(code({ ...signed, signature: `0x${'00'.repeat(64)}` })).toBe('NOTICE_NOT_SIGNED');
    expect(code({ notice: RECALL, key })).toMatch(/^NOTICE_INVALID/);
    expect(code(null)).toMatch(/^NOTICE_INVALID/);
  });

  it('is in force until it is withdrawn; its end leaves it in force', () => {
    const second = sign({ ...RECALL, id: id(2), lots: ['L2'] });
    const withdrawal = sign({ ...PLAIN, id: id(3), kind: 'withdrawal', lots: [], about: id(1) });
    const closure = sign({ ...PLAIN, id: id(4), kind: 'closure', lots: [], about: id(2) });
    expect(inForce([sign(RECALL), second, withdrawal, closure])).toEqual([second]);
    expect(warningOf(second)).toMatchObject({ kind: 'recall', lots: ['L2'], notice: noticeDigest(second) });
  });
});
