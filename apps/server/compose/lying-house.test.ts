/** What a house seals is not true because of its seal: terms, signatures and print are checked against each other. */
import { canonicalJson, type Hex } from '@zhenmei/kernel';
import { verifyPaper } from '@zhenmei/verifier/paper/verify-paper.ts';
import { describe, expect, it } from 'vitest';
import { type AgreementFile, agreementPaper } from '../api/agreement-paper.ts';
import { drawPaper, printPaper } from './paper.ts';
import { resealed } from './seal-attacks.property.ts';
import { MADE, sealedPaper, signedFile, testSeal } from './signed-paper.property.ts';

type Bytes = Uint8Array<ArrayBuffer>;
type Change = (file: AgreementFile) => AgreementFile;

const said = async (bytes: Bytes) => {
  const { certificates } = testSeal();
  const { exit, proofs } = await verifyPaper({ bytes, certificates, issued: () => false, print: drawPaper });
  return [
    exit,
    ...Object.values(proofs).flatMap(({ verdict, code }) => (verdict === 'proven' ? [] : [code])),
  ];
};
const step = (file: AgreementFile, i: number, change: (one: AgreementFile['steps'][number]) => object) => ({
  ...file,
  steps: file.steps.map((one, n) => (n === i ? { ...one, ...change(one) } : one)),
});
const last = (hex: Hex): Hex => `${hex.slice(0, -2)}${hex.endsWith('1b') ? '1c' : '1b'}` as Hex;
const other = (hex: Hex): Hex =>
  hex.replace(/^(0x.{6})(.)/, (_, a, b) => `${a}${b === '0' ? '1' : '0'}`) as Hex;

describe('a sealed agreement', () => {
  it.each<[string, Change, string[]]>([
    ['terms', (f) => ({ ...f, terms: { ...f.terms, feeBps: 900 } }), ['PAPER_TERMS_DIFFER']],
    [
      'number',
      (f) => ({ ...f, agreementId: other(f.agreementId) }),
      ['PAPER_TERMS_DIFFER', 'PAPER_STEPS_WRONG', 'PAPER_STEPS_WRONG'],
    ],
    [
      'prices',
      (f) => ({ ...f, quote: { ...f.quote, items: [{ ...f.quote.items[0]!, unitPrice: '198000' }] } }),
      ['PAPER_TOTAL_DIFFERS'],
    ],
    [
      'text of the consent',
      (f) => ({
        ...f,
        template: { ...f.template, text: { ...f.template.text, en: `${f.template.text.en}.` } },
      }),
      ['PAPER_CONSENT_DIFFERS'],
    ],
    ['language', (f) => ({ ...f, language: 'en' }), ['PAPER_CONSENT_DIFFERS']],
    [
      'answers',
      (f) => ({ ...f, template: { ...f.template, questions: [{ ...f.template.questions[0]!, answer: 0 }] } }),
      ['PAPER_CONSENT_DIFFERS'],
    ],
    [
      'signature of the patient',
      (f) => step(f, 1, ({ signatures: s }) => ({ signatures: { patient: last(s.patient!) } })),
      ['PAPER_PATIENT_WRONG'],
    ],
    ['absent patient', (f) => step(f, 1, () => ({ signatures: {} })), ['PAPER_PATIENT_WRONG']],
    [
      'key of the patient',
      (f) => ({ ...f, keys: { ...f.keys, patient: other(f.keys.patient) } }),
      ['PAPER_PATIENT_WRONG'],
    ],
    [
      'signature of the device',
      (f) => step(f, 0, ({ signatures: s }) => ({ signatures: { clinic: other(s.clinic!) } })),
      ['PAPER_DEVICE_WRONG'],
    ],
    ['key of the device', (f) => ({ ...f, keys: { ...f.keys, clinic: '0x04' } }), ['PAPER_DEVICE_WRONG']],
    ['ledger', (f) => ({ ...f, chain: { ...f.chain, id: 1 } }), ['PAPER_ACCOUNT_WRONG']],
    [
      'escrow',
      (f) => ({ ...f, chain: { ...f.chain, escrow: other(f.chain.escrow) } }),
      ['PAPER_ACCOUNT_WRONG'],
    ],
    ['signature of the account', (f) => ({ ...f, offerSignature: '0x00' }), ['PAPER_ACCOUNT_WRONG']],
    [
      'time of a signed step',
      (f) => step(f, 1, ({ step: s }) => ({ step: { ...s, at: '2026-01-01T00:00:00.000Z' } })),
      ['PAPER_PATIENT_WRONG'],
    ],
    [
      'order of the steps',
      (f) => ({ ...f, steps: f.steps.toReversed() }),
      ['PAPER_STEPS_WRONG', 'PAPER_STEPS_WRONG', 'PAPER_STEPS_WRONG'],
    ],
    [
      'step between them',
      (f) => step(f, 1, ({ step: s }) => ({ step: { ...s, previous: other(s.previous) } })),
      ['PAPER_STEPS_WRONG', 'PAPER_STEPS_WRONG', 'PAPER_STEPS_WRONG'],
    ],
    [
      'signature that nobody asked for',
      (f) => step(f, 0, ({ signatures: s }) => ({ signatures: { ...s, patient: '0x00' } })),
      ['PAPER_STEPS_WRONG'],
    ],
  ])('is false with another %s, and says which part', async (_, change, codes) => {
    expect(await said(await sealedPaper(change))).toEqual([1, ...codes]);
  });

  it.each<[string, (text: string) => string]>([
    ['JSON', () => '{'],
    ['writing', (text) => `${text} `],
    ['member', (text) => text.replace('{', '{"a":1,')],
    ['version', (text) => text.replace('"version":2', '"version":1')],
  ])('is false with an attachment of another %s', async (_, change) => {
    const paper = agreementPaper(await signedFile());
    const attachment = { ...paper.attachment!, text: change(paper.attachment!.text) };
    expect(await said(await printPaper({ ...paper, attachment }, MADE, testSeal()))).toEqual([
      1,
      'PAPER_FILE_WRONG',
    ]);
  });
  it('is false when the print says something else than what was signed', async () => {
    const file = await signedFile();
    const cheaper = agreementPaper({ ...file, terms: { ...file.terms, feeBps: 0 } });
    const mixed = { ...cheaper, attachment: { ...cheaper.attachment!, text: canonicalJson(file) } };
    expect(await said(await printPaper(mixed, MADE, testSeal()))).toEqual([1, 'PAPER_PRINT_DIFFERS']);
    const more = agreementPaper(file);
    const added = { ...more, blocks: [...more.blocks, { kind: 'small' as const, text: '另加 100 元' }] };
    expect(await said(await printPaper(added, MADE, testSeal()))).toEqual([1, 'PAPER_PRINT_DIFFERS']);
  });

  it.each<[string, (all: string) => string, string]>([
    [
      'what was there before an update',
      (all) => all.replace('/Info ', '/Prev 15\n/Info '),
      'PAPER_FORM_WRONG',
    ],
    [
      'something between its objects',
      (all) => all.replace('endobj\n11 0 obj', 'endobj\n%x\n11 0 obj'),
      'PAPER_FORM_WRONG',
    ],
    ['a second field', (all) => all.replace('/Fields [11 0 R]', '/Fields [11 0 R 10 0 R]'), 'SEAL_DOUBLED'],
    ['a range written in another way', (all) => all.replace('/UserUnit 1', '/Byte#52ange 1'), 'SEAL_DOUBLED'],
  ])('is taken apart: %s', async (_, change, code) => {
    expect(await said(resealed(await sealedPaper(), change))).toEqual([1, code]);
  });
  it('is told from a paper without one', async () => {
    const bytes = await printPaper(
      { title: 'x', blocks: [{ kind: 'text', text: '对账单' }] },
      MADE,
      testSeal(),
    );
    const { certificates } = testSeal();
    const found = await verifyPaper({ bytes, certificates, issued: () => false, print: drawPaper });
    expect([found.kind, found.exit, Object.keys(found.proofs)]).toEqual([
      'sealed',
      0,
      ['seal', 'certificate'],
    ]);
  });
});
