/**
 * Agreement and consent on one paper in both languages. What is printed follows from the attached file alone, so whoever
 * has the paper can say whether the one is what the other says.
 */
import { ConsentTemplate } from '@zhenmei/care/core/consent.ts';
import { pledgeOf } from '@zhenmei/care/core/pledge.ts';
import { Bilingual, Quote } from '@zhenmei/care/core/quote.ts';
import { Address, Bytes32, VisitStep } from '@zhenmei/care/core/steps.ts';
import { canonicalJson, type Hex } from '@zhenmei/kernel';
import { inPrice } from '@zhenmei/money/core/coin-amounts.ts';
import { type PlainTerms, renderTerms } from '@zhenmei/money/core/plain-terms.ts';
import type { Paper, PaperBlock } from '@zhenmei/money/core/settlement-paper.ts';
import { z } from 'zod';

/** Name of the attached file. */
export const AGREEMENT_FILE = 'zhenmei-agreement.json';

const Signature = z.string().regex(/^0x(?:[0-9a-f]{2}){1,4000}$/) as z.ZodType<Hex>;
const Seconds = z.int().min(0);
const Minor = z.string().regex(/^\d{1,30}$/);

/** `ICareEscrow.Terms` as JSON. */
const Terms = z.strictObject({
  patient: Address,
  clinic: Address,
  token: Address,
  arbiter: Address,
  feeTo: Address,
  payout: Bytes32,
  standard: Bytes32,
  quote: Bytes32,
  review: z.string().regex(/^\d{1,78}$/),
  openBy: Seconds,
  coolingOff: Seconds,
  arbiterWindow: Seconds,
  feeBps: Seconds,
  defaultSplitBps: Seconds,
  schedule: z.array(z.strictObject({ before: Seconds, bps: Seconds })).max(16),
  milestones: z
    .array(z.strictObject({ amount: Minor, dueBy: Seconds, window: Seconds, performed: z.boolean() }))
    .min(1)
    .max(16),
  salt: Bytes32,
});

/** What both sides signed, with the keys that signed it, and what stands beside it on the paper. */
export const AgreementFile = z
  .strictObject({
    type: z.literal('zhenmei-agreement'),
    version: z.literal(2),
    agreementId: Bytes32,
    /** Where the clinic's account signed: part of what it signed. */
    chain: z.strictObject({ id: z.int().positive(), escrow: Address }),
    terms: Terms,
    offerSignature: Signature,
    /** The clinic device's P-256 point, and the address of the patient's key of this visit. */
    keys: z.strictObject({ clinic: Signature, patient: Address }),
    quote: Quote,
    template: ConsentTemplate,
    language: z.enum(['zh-CN', 'en']),
    textHash: Bytes32,
    steps: z
      .array(
        z.strictObject({
          step: VisitStep,
          signatures: z.strictObject({ clinic: Signature.optional(), patient: Signature.optional() }),
          /** When the house took it, in milliseconds since the epoch. */
          at: z.int(),
        }),
      )
      .min(2)
      .max(8),
    /** The coin that the terms count in, where it is not the closed loop's unit. */
    coin: z
      .strictObject({
        token: Address,
        symbol: z.string().min(1).max(32),
        /** ISO 4217: of the prices that it pays one to one. */
        currency: z.string().regex(/^[A-Z]{3}$/),
        /** Decimal places of its smallest unit. */
        digits: z.int().min(2).max(18),
      })
      .nullable(),
    clinic: Bilingual,
    doctor: Bilingual,
    procedure: Bilingual,
    /** Milliseconds since the epoch. */
    startsAt: z.int(),
    /** Whether the ledger takes reports of absence. */
    absences: z.boolean(),
  })
  .meta({ phi: true });
export type AgreementFile = z.infer<typeof AgreementFile>;

/** How many of the coin's smallest units are one minor unit of the price; 1 in the closed loop. */
export const scaleOfFile = ({ coin }: Pick<AgreementFile, 'coin'>): bigint =>
  coin ? 10n ** BigInt(coin.digits - 2) : 1n;

const AHEAD = 8 * 3_600_000;
const moment = (ms: number): string =>
  `${new Date(ms + AHEAD).toISOString().slice(0, 16).replace('T', ' ')} UTC+8`;
const both = ({ zh, en }: { zh: string; en: string }): string => `${zh} / ${en}`;

export function agreementPaper(signed: AgreementFile): Paper {
  const { coin } = signed;
  const priced = (minor: bigint): string => {
    const text = String(minor).padStart(3, '0');
    const amount = `${text.slice(0, -2)}.${text.slice(-2)}`;
    return coin ? `${amount} ${coin.symbol}` : `¥${amount}`;
  };
  const total = signed.quote.items.reduce((sum, i) => sum + BigInt(i.unitPrice) * BigInt(i.quantity), 0n);
  const blocks: PaperBlock[] = [
    { kind: 'title', text: '合同与知情同意书 / Agreement and informed consent' },
    {
      kind: 'facts',
      rows: [
        ['机构 / Clinic', both(signed.clinic)],
        ['医生 / Doctor', both(signed.doctor)],
        ['项目 / Procedure', both(signed.procedure)],
        ['预约 / Appointment', moment(signed.startsAt)],
      ],
    },
    { kind: 'heading', text: '报价 / Quote' },
    {
      kind: 'table',
      head: ['项目 / Item', '数量 / Qty', '单价 / Each', '金额 / Amount'],
      rows: [
        ...signed.quote.items.map((i) => [
          both(i.name),
          String(i.quantity),
          priced(BigInt(i.unitPrice)),
          priced(BigInt(i.unitPrice) * BigInt(i.quantity)),
        ]),
        ['合计 / Total', '', '', priced(total)],
      ],
    },
    ...excluded(signed),
    ...money(signed, priced, total),
    { kind: 'heading', text: both(signed.template.title) },
    { kind: 'text', text: signed.template.text.zh },
    { kind: 'text', text: signed.template.text.en },
    ...questions(signed),
    ...signatures(signed),
  ];
  return {
    title: '合同与知情同意书 / Agreement and informed consent',
    blocks,
    attachment: { name: AGREEMENT_FILE, text: canonicalJson(signed) },
  };
}

const excluded = ({ quote }: AgreementFile): PaperBlock[] =>
  quote.excluded.length === 0
    ? []
    : [
        { kind: 'text', text: '不包括 / Not included' },
        { kind: 'list', items: quote.excluded.map(both) },
      ];

/**
 * What the quote promises if the clinic does not come. That it lies ready is never said here: it is put aside after the
 * signature, and only the visit shows whether it was.
 */
function onTop({ quote }: AgreementFile, priced: (minor: bigint) => string, total: bigint): PaperBlock[] {
  if (!quote.pledgeBps) return [];
  const sum = priced(pledgeOf(total, quote.pledgeBps));
  return [
    {
      kind: 'text',
      text: `机构的价目表承诺：机构没有来又不反对，除了退款另付 ${sum}。押下没有，看就诊页。 / The clinic’s price list promises: if the clinic does not come and does not object, ${sum} more than what comes back. The visit shows whether it was put aside.`,
    },
  ];
}

function money(signed: AgreementFile, price: (minor: bigint) => string, total: bigint): PaperBlock[] {
  const { coin, absences } = signed;
  const terms: PlainTerms = signed.terms;
  const priced = inPrice(terms, scaleOfFile(signed)) ?? terms;
  const how = { absences, currency: coin?.currency ?? 'CNY' };
  const [zh, en] = [renderTerms(priced, 'zh-CN', how), renderTerms(priced, 'en', how)];
  const held = coin
    ? [`钱以 ${coin.symbol} 托管，按 1 比 1 计价 / Held in ${coin.symbol}, counted one to one`]
    : [];
  return [
    { kind: 'heading', text: '你的钱在每个日子会怎样 / What happens to your money, and when' },
    ...held.map((text): PaperBlock => ({ kind: 'text', text })),
    { kind: 'list', items: zh.summary },
    { kind: 'list', items: en.summary },
    ...onTop(signed, price, total),
    { kind: 'small', text: zh.numbers.join('\n') },
  ];
}

const questions = ({ template }: AgreementFile): PaperBlock[] => [
  { kind: 'text', text: '签署前答对的问题 / Questions answered before signing' },
  {
    kind: 'list',
    items: template.questions.map((q) => `${both(q.ask)} — ${both(q.options[q.answer]!)}`),
  },
];

function signatures(signed: AgreementFile): PaperBlock[] {
  const agreed = signed.steps.find(({ step }) => step.type === 'agree');
  const offered = signed.steps.find(({ step }) => step.type === 'offer');
  return [
    { kind: 'heading', text: '签名 / Signatures' },
    {
      kind: 'facts',
      rows: [
        ['机构签署 / Clinic signed', offered ? moment(offered.at) : ''],
        ['患者签署 / Patient signed', agreed ? moment(agreed.at) : ''],
        ['签署的语言 / Language signed', signed.language === 'en' ? 'English' : '中文'],
        ['版本 / Version', `${signed.template.id} ${signed.template.version}`],
      ],
    },
    { kind: 'small', text: `合同编号 / Agreement ${signed.agreementId}` },
    { kind: 'small', text: `同意书指纹 / Fingerprint of the text ${signed.textHash}` },
    { kind: 'small', text: `机构账户签名 / Signature of the clinic’s account ${signed.offerSignature}` },
    {
      kind: 'small',
      text: `机构设备签名 / Signature of the clinic’s device ${offered?.signatures.clinic ?? ''}`,
    },
    { kind: 'small', text: `患者签名 / Signature of the patient ${agreed?.signatures.patient ?? ''}` },
    {
      kind: 'small',
      text: `完整的签署内容附在本文件里：${AGREEMENT_FILE} / What was signed is attached to this file in full.`,
    },
  ];
}
