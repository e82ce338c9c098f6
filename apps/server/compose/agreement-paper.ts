/** Agreement and consent on one paper in both languages; the signed steps travel inside, to be checked by anybody. */
import type { SignedAgreement } from '@zhenmei/care';
import { canonicalJson } from '@zhenmei/kernel';
import { inPrice, type Paper, type PaperBlock, type PlainTerms, renderTerms } from '@zhenmei/money';
import { type Coin, coinAt, scaleOf } from './coins.ts';

const AHEAD = 8 * 3_600_000;
const moment = (ms: number): string =>
  `${new Date(ms + AHEAD).toISOString().slice(0, 16).replace('T', ' ')} UTC+8`;
const both = ({ zh, en }: { zh: string; en: string }): string => `${zh} / ${en}`;

/** @param absences whether the ledger takes reports of absence */
export function agreementPaper(
  signed: SignedAgreement,
  absences: boolean,
  coins: readonly Coin[] = [],
): Paper {
  const { token } = signed.terms as unknown as PlainTerms;
  const coin = coinAt(coins, token);
  const yuan = (minor: bigint): string => {
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
          yuan(BigInt(i.unitPrice)),
          yuan(BigInt(i.unitPrice) * BigInt(i.quantity)),
        ]),
        ['合计 / Total', '', '', yuan(total)],
      ],
    },
    ...excluded(signed),
    ...money(signed.terms as PlainTerms, absences, coin),
    { kind: 'heading', text: both(signed.template.title) },
    { kind: 'text', text: signed.template.text.zh },
    { kind: 'text', text: signed.template.text.en },
    ...questions(signed),
    ...signatures(signed),
  ];
  return {
    title: '合同与知情同意书 / Agreement and informed consent',
    blocks,
    attachment: { name: 'zhenmei-agreement.json', text: attachmentOf(signed) },
  };
}

const excluded = ({ quote }: SignedAgreement): PaperBlock[] =>
  quote.excluded.length === 0
    ? []
    : [
        { kind: 'text', text: '不包括 / Not included' },
        { kind: 'list', items: quote.excluded.map(both) },
      ];

function money(terms: PlainTerms, absences: boolean, coin: Coin | null): PaperBlock[] {
  const priced = inPrice(terms, coin ? scaleOf(coin) : 1n) ?? terms;
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
    { kind: 'small', text: zh.numbers.join('\n') },
  ];
}

const questions = ({ template }: SignedAgreement): PaperBlock[] => [
  { kind: 'text', text: '签署前答对的问题 / Questions answered before signing' },
  {
    kind: 'list',
    items: template.questions.map((q) => `${both(q.ask)} — ${both(q.options[q.answer]!)}`),
  },
];

function signatures(signed: SignedAgreement): PaperBlock[] {
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
      text: '完整的签署内容附在本文件里：zhenmei-agreement.json / What was signed is attached to this file in full.',
    },
  ];
}

/** What was signed, with the keys that signed it; the steps' digests follow from these alone. */
function attachmentOf({
  agreementId,
  terms,
  offerSignature,
  keys,
  steps,
  quote,
  template,
}: SignedAgreement): string {
  return canonicalJson({
    type: 'zhenmei-agreement',
    version: 1,
    agreementId,
    terms: terms as never,
    offerSignature,
    keys,
    quote,
    template: template as never,
    steps: steps.map(({ step, signatures: s }) => ({ step, signatures: { ...s } })) as never,
  });
}
