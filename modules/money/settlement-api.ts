/** The HTTP contract of a clinic's settlement: days, invoices, and both as files. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';

const Minor = z.string().regex(/^-?\d{1,30}$/);
const Address = z.string().regex(/^0x[0-9a-f]{40}$/) as z.ZodType<`0x${string}`>;
const Period = z.object({ from: z.iso.date(), to: z.iso.date() });

/** A document: bytes of a PDF. */
export const PaperFile = z
  .object({ bytes: z.instanceof(Uint8Array), from: z.int(), total: z.int() })
  .meta({ contentType: 'application/octet-stream', ranges: true });

export const StatementDayView = z.object({
  day: z.iso.date(),
  opened: z.int(),
  in: Minor,
  paid: Minor,
  fee: Minor,
  refunded: Minor,
  withdrawn: Minor,
  held: Minor,
  credit: Minor,
});

/** Amounts in the coin's smallest unit. */
export const CoinStatementView = z.object({
  token: Address,
  symbol: z.string(),
  digits: z.int(),
  held: Minor,
  credit: Minor,
  /** Taken out of the escrow, by whomever, and not passed on. */
  onAccount: Minor,
  paidOut: Minor,
});

export const InvoiceView = z.object({
  number: z.int(),
  label: z.string(),
  agreementId: z.string(),
  issuedAt: z.iso.datetime(),
  funded: Minor,
  paid: Minor,
  fee: Minor,
  refunded: Minor,
});

export const settlementApi = {
  statementDays: defineRoute({
    method: 'GET',
    path: '/api/desk/statement/days',
    summary: { zh: '机构对账单，按日', en: 'The clinic’s statement by day' },
    auth: 'desk',
    query: Period,
    response: { 200: z.object({ currency: z.string(), days: z.array(StatementDayView) }) },
    errors: ['STATEMENT_PERIOD', 'PAYMENT_UNKNOWN'],
  }),
  statementTable: defineRoute({
    method: 'GET',
    path: '/api/desk/statement/table',
    summary: { zh: '机构对账单，CSV 表格', en: 'The clinic’s statement as CSV' },
    auth: 'desk',
    query: Period,
    response: { 200: z.string().meta({ contentType: 'text/csv; charset=utf-8' }) },
    errors: ['STATEMENT_PERIOD', 'PAYMENT_UNKNOWN'],
  }),
  statementPaper: defineRoute({
    method: 'GET',
    path: '/api/desk/statement/paper',
    summary: { zh: '机构对账单，PDF', en: 'The clinic’s statement as PDF' },
    auth: 'desk',
    query: Period,
    response: { 200: PaperFile },
    errors: ['STATEMENT_PERIOD', 'PAYMENT_UNKNOWN'],
  }),
  coinStatements: defineRoute({
    method: 'GET',
    path: '/api/desk/statement/coins',
    summary: { zh: '机构的稳定币收入', en: 'What the clinic earned in coins' },
    auth: 'desk',
    response: { 200: z.object({ coins: z.array(CoinStatementView) }) },
    errors: ['PAYMENT_UNKNOWN', 'COIN_SCALE_UNKNOWN'],
  }),
  coinTable: defineRoute({
    method: 'GET',
    path: '/api/desk/statement/coins/table',
    summary: { zh: '稳定币对账单，CSV 表格', en: 'The statement of a coin as CSV' },
    auth: 'desk',
    query: Period.extend({ token: Address }),
    response: { 200: z.string().meta({ contentType: 'text/csv; charset=utf-8' }) },
    errors: ['STATEMENT_PERIOD', 'PAYMENT_UNKNOWN', 'COIN_SCALE_UNKNOWN'],
  }),
  listInvoices: defineRoute({
    method: 'GET',
    path: '/api/desk/invoices',
    summary: { zh: '机构的结算单', en: 'The clinic’s settlement invoices' },
    auth: 'desk',
    response: { 200: z.object({ invoices: z.array(InvoiceView) }) },
    errors: ['PAYMENT_UNKNOWN'],
  }),
  invoicePaper: defineRoute({
    method: 'GET',
    path: '/api/desk/invoices/:number/paper',
    summary: { zh: '结算单，PDF', en: 'A settlement invoice as PDF' },
    auth: 'desk',
    params: z.object({ number: z.coerce.number().int().min(1).max(2_000_000_000) }),
    response: { 200: PaperFile },
    errors: ['INVOICE_UNKNOWN', 'PAYMENT_UNKNOWN'],
  }),
};
export type SettlementApi = typeof settlementApi;
