/** Statements and invoices on paper and as tables, in either language. */
import { decimalText, type StatementDay } from './statement.ts';

export type PaperLang = 'zh' | 'en';

/** What a sheet is made of, from top to bottom. */
export type PaperBlock =
  | { readonly kind: 'title' | 'heading' | 'text' | 'small'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [string, string])[] }
  /** The first column is text and wide, the others are amounts. */
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    };

export interface Paper {
  readonly title: string;
  readonly blocks: readonly PaperBlock[];
  /** A file that travels inside the document. */
  readonly attachment?: { readonly name: string; readonly text: string };
}

const HEAD: Readonly<Record<PaperLang, readonly string[]>> = {
  zh: ['日期', '新托管', '存入', '付给机构', '服务费', '退给患者', '提取', '托管余额', '可提余额'],
  en: ['Day', 'Opened', 'In', 'Paid', 'Fee', 'Returned', 'Withdrawn', 'Held', 'Credit'],
};

type Write = (amount: bigint) => string;

const cells = (d: StatementDay, write: Write): string[] => [
  d.day,
  String(d.opened),
  ...[d.in, d.paid, d.fee, d.refunded, d.withdrawn, d.held, d.credit].map(write),
];

/** Head, days, and a last row of sums; balances have none. @param write an amount for a spreadsheet */
export function statementTable(
  days: readonly StatementDay[],
  lang: PaperLang,
  write: Write = decimalText,
): string[][] {
  const sum = (key: 'in' | 'paid' | 'fee' | 'refunded' | 'withdrawn') =>
    write(days.reduce((all, d) => all + d[key], 0n));
  return [
    [...HEAD[lang]],
    ...days.map((day) => cells(day, write)),
    [
      lang === 'zh' ? '合计' : 'Total',
      String(days.reduce((all, d) => all + d.opened, 0)),
      ...(['in', 'paid', 'fee', 'refunded', 'withdrawn'] as const).map(sum),
      '',
      '',
    ],
  ];
}

export function statementPaper(
  clinic: string,
  period: { readonly from: string; readonly to: string },
  days: readonly StatementDay[],
  lang: PaperLang,
): Paper {
  const [head, ...rows] = statementTable(days, lang);
  const title = lang === 'zh' ? '机构对账单' : 'Statement of a clinic';
  return {
    title,
    blocks: [
      { kind: 'title', text: title },
      { kind: 'text', text: `${clinic} · ${period.from} – ${period.to} · CNY` },
      { kind: 'table', head: head!, rows },
      {
        kind: 'small',
        text:
          lang === 'zh'
            ? '每天：累计存入 = 付给机构 + 服务费 + 退给患者 + 托管余额。日期按中国时间。'
            : 'On every day: everything in = paid + fee + returned + held. Days are those of China.',
      },
    ],
  };
}

export interface InvoiceFacts {
  readonly number: number;
  readonly issuedOn: string;
  readonly clinic: string;
  readonly agreementId: string;
  readonly lines: readonly { readonly name: string; readonly quantity: number; readonly unitPrice: bigint }[];
  readonly funded: bigint;
  readonly paid: bigint;
  readonly fee: bigint;
  readonly refunded: bigint;
}

export const invoiceNumber = (year: string, number: number): string =>
  `${year}-${String(number).padStart(6, '0')}`;

export function invoicePaper(facts: InvoiceFacts, lang: PaperLang): Paper {
  const zh = lang === 'zh';
  const title = zh ? '结算单' : 'Settlement invoice';
  const yuan = (minor: bigint) => `¥${decimalText(minor)}`;
  return {
    title,
    blocks: [
      { kind: 'title', text: title },
      {
        kind: 'facts',
        rows: [
          [zh ? '编号' : 'Number', invoiceNumber(facts.issuedOn.slice(0, 4), facts.number)],
          [zh ? '日期' : 'Date', facts.issuedOn],
          [zh ? '机构' : 'Clinic', facts.clinic],
        ],
      },
      {
        kind: 'table',
        head: zh ? ['项目', '数量', '单价', '金额'] : ['Item', 'Quantity', 'Each', 'Amount'],
        rows: facts.lines.map((l) => [
          l.name,
          String(l.quantity),
          decimalText(l.unitPrice),
          decimalText(l.unitPrice * BigInt(l.quantity)),
        ]),
      },
      {
        kind: 'facts',
        rows: [
          [zh ? '患者存入托管' : 'Paid into escrow', yuan(facts.funded)],
          [zh ? '退给患者' : 'Returned to the patient', yuan(facts.refunded)],
          [zh ? '应收' : 'Due to the clinic', yuan(facts.paid + facts.fee)],
          [zh ? '平台服务费' : 'Platform fee', yuan(facts.fee)],
          [zh ? '实付机构' : 'Paid to the clinic', yuan(facts.paid)],
        ],
      },
      { kind: 'small', text: `${zh ? '合同' : 'Agreement'} ${facts.agreementId}` },
      {
        kind: 'small',
        text: zh ? '本单用于结算核对，不是税务发票。' : 'For settlement; this is not a tax invoice.',
      },
    ],
  };
}
