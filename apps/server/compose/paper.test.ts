import type { SignedAgreement } from '@zhenmei/care';
import { describe, expect, it } from 'vitest';
import { agreementPaper } from './agreement-paper.ts';
import { printPaper } from './paper.ts';

const hex = (n: number, c = 'a'): `0x${string}` => `0x${c.repeat(n)}`;
const signed = {
  agreementId: hex(64),
  clinic: { zh: '梅园', en: 'Plum Garden' },
  doctor: { zh: '林书宁', en: 'Lin Shuning' },
  procedure: { zh: '填充', en: 'Filling' },
  startsAt: 1_800_000_000_000,
  quote: {
    currency: 'CNY',
    items: [{ name: { zh: '凝胶', en: 'Gel' }, quantity: 2, unitPrice: '5' }],
    excluded: [{ zh: '溶解', en: 'Dissolving' }],
    validUntil: '2027-01-01T00:00:00.000Z',
  },
  terms: {
    patient: hex(40),
    clinic: hex(40),
    token: hex(40),
    arbiter: hex(40),
    feeTo: hex(40),
    payout: hex(64),
    standard: hex(64),
    quote: hex(64),
    review: '7',
    openBy: 1_800_000_000,
    coolingOff: 604_800,
    arbiterWindow: 86_400,
    feeBps: 100,
    defaultSplitBps: 5_000,
    schedule: [],
    milestones: [{ amount: '10', dueBy: 1_801_000_000, window: 86_400, performed: true }],
    salt: hex(64),
  },
  template: {
    id: 'filler',
    version: '1.0',
    title: { zh: '同意书', en: 'Consent' },
    text: { zh: '文字', en: 'Text' },
    questions: [
      {
        ask: { zh: '问', en: 'Ask' },
        options: [
          { zh: '甲', en: 'A' },
          { zh: '乙', en: 'B' },
        ],
        answer: 1,
      },
    ],
  },
  language: 'zh-CN',
  textHash: hex(64, 'b'),
  offerSignature: hex(8, 'c'),
  keys: { clinic: hex(66), patient: hex(40) },
  steps: [
    { step: { type: 'offer' }, signatures: { clinic: hex(8, 'd') }, at: 1_800_000_000_000 },
    { step: { type: 'agree' }, signatures: { patient: hex(8, 'e') }, at: 1_800_000_100_000 },
  ],
} as unknown as SignedAgreement;

describe('agreement and consent on paper', () => {
  it('say everything in both languages, with both signatures, and carry what was signed', () => {
    const paper = agreementPaper(signed, true);
    const text = JSON.stringify(paper.blocks);
    for (const part of [
      '梅园 / Plum Garden',
      '¥0.10',
      '付款后7天之内',
      'Within 7 days of paying',
      '机构没有准备好',
      'If you do not come',
      '问 / Ask — 乙 / B',
      hex(8, 'c'),
      hex(8, 'd'),
      hex(8, 'e'),
    ])
      expect(text).toContain(part);
    expect(JSON.stringify(agreementPaper(signed, false).blocks)).not.toContain('If you do not come');
    const inside = JSON.parse(paper.attachment!.text);
    expect(inside).toMatchObject({ agreementId: hex(64), terms: signed.terms, steps: [{}, {}] });
  });
  it('are one file, the same for the same moment', async () => {
    const paper = agreementPaper(signed, true);
    const [one, two] = [
      await printPaper(paper, 1_800_000_000_000),
      await printPaper(paper, 1_800_000_000_000),
    ];
    const text = Buffer.from(one).toString('latin1');
    expect(text.slice(0, 5)).toBe('%PDF-');
    expect(text).toContain('NotoSansSC');
    expect(text).toContain('zhenmei-agreement.json');
    expect(
      Buffer.from(two)
        .toString('latin1')
        .replaceAll(/<[0-9a-f]{32}>/g, ''),
    ).toBe(text.replaceAll(/<[0-9a-f]{32}>/g, ''));
  });
  it('go on to another page', async () => {
    const long = {
      title: 'x',
      blocks: [
        { kind: 'table' as const, head: ['a', 'b'], rows: Array.from({ length: 120 }, () => ['c', '1']) },
      ],
    };
    expect(
      Buffer.from(await printPaper(long, 0))
        .toString('latin1')
        .match(/\/Type \/Page\b/g)?.length,
    ).toBeGreaterThan(2);
  });
});
