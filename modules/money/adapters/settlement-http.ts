/** Handlers of a clinic's settlement. */
import { AppError, type Handlers, type Hex, type RouteContract, type RouteInput } from '@zhenmei/kernel';
import type { MoneyContext } from '../app/context.ts';
import { type Invoice, listInvoices, readInvoice } from '../app/issue-invoices.ts';
import { readDays } from '../app/statement-days.ts';
import { readCoinStatements, wasHeldIn } from '../app/token/coin-statement.ts';
import { coinText } from '../core/coin-amounts.ts';
import { invoiceNumber, invoicePaper, statementPaper, statementTable } from '../core/settlement-paper.ts';
import { csv, dayOf, type StatementDay } from '../core/statement.ts';
import type { CoinLedger, PaperPort } from '../ports.ts';
import type { SettlementApi } from '../settlement-api.ts';

/** Spreadsheets read the text as UTF-8 only with this in front. */
const BOM = '\uFEFF';

const langOf = ({ lang }: Pick<RouteInput<RouteContract>, 'lang'>) => (lang === 'en' ? 'en' : 'zh');
const file = (bytes: Uint8Array<ArrayBuffer>) => ({ bytes, from: 0, total: bytes.length });

export interface SettlementDeps {
  readonly papers: PaperPort;
  readonly coins: CoinLedger;
  /** The account on chain and the name of a signed-in organisation. */
  clinic(organisationId: string): Promise<{ account: Hex; name: { zh: string; en: string } } | null>;
}

export function settlementHandlers(ctx: MoneyContext, deps: SettlementDeps): Handlers<SettlementApi> {
  const clinicOf = async ({ caller }: Pick<RouteInput<RouteContract>, 'caller'>) => {
    const found = caller?.organisationId ? await deps.clinic(caller.organisationId) : null;
    if (!found) throw new AppError('PAYMENT_UNKNOWN');
    return found;
  };
  return {
    statementDays: async (input) => {
      const { account } = await clinicOf(input);
      const days = await readDays(ctx, account, input.query.from, input.query.to);
      return { currency: 'CNY', days: days.map(dayView) };
    },
    statementTable: async (input) => {
      const { account } = await clinicOf(input);
      const days = await readDays(ctx, account, input.query.from, input.query.to);
      return BOM + csv(statementTable(days, langOf(input)));
    },
    statementPaper: async (input) => {
      const { account, name } = await clinicOf(input);
      const days = await readDays(ctx, account, input.query.from, input.query.to);
      const lang = langOf(input);
      return file(await deps.papers.print(statementPaper(name[lang], input.query, days, lang)));
    },
    coinStatements: async (input) => {
      const { account } = await clinicOf(input);
      const coins = await readCoinStatements(ctx, account, deps.coins.balanceOf);
      const views = coins.map(async ({ token, ...sums }) => ({
        token,
        ...(await deps.coins.coinOf(token)),
        held: String(sums.held),
        credit: String(sums.credit),
        onAccount: String(sums.onAccount),
        paidOut: String(sums.paidOut),
      }));
      return { coins: await Promise.all(views) };
    },
    coinTable: async (input) => {
      const { account } = await clinicOf(input);
      const { from, to, token } = input.query;
      if (!(await wasHeldIn(ctx, account, token))) throw new AppError('PAYMENT_UNKNOWN');
      const { digits } = await deps.coins.coinOf(token);
      const days = await readDays(ctx, account, from, to, token);
      const write = (amount: bigint) => coinText(amount, digits).replaceAll(',', '');
      return BOM + csv(statementTable(days, langOf(input), write));
    },
    listInvoices: async (input) => {
      const { account } = await clinicOf(input);
      return { invoices: (await listInvoices(ctx, account)).map(invoiceView) };
    },
    invoicePaper: async (input) => {
      const { account, name } = await clinicOf(input);
      const invoice = await readInvoice(ctx, account, input.params.number);
      const lang = langOf(input);
      const items = await deps.papers.itemsOf(invoice.agreement_id);
      const facts = {
        number: invoice.number,
        issuedOn: dayOf(invoice.issued_at.getTime()),
        clinic: name[lang],
        agreementId: invoice.agreement_id,
        lines: items.map((item) => ({ ...item, name: item.name[lang] })),
        funded: BigInt(invoice.funded),
        paid: BigInt(invoice.paid),
        fee: BigInt(invoice.fee),
        refunded: BigInt(invoice.refunded),
      };
      return file(await deps.papers.print(invoicePaper(facts, lang)));
    },
  };
}

function dayView(d: StatementDay) {
  const { day, opened, ...sums } = d;
  const text = Object.fromEntries(Object.entries(sums).map(([key, value]) => [key, value.toString()]));
  return { day, opened, ...(text as Record<keyof typeof sums, string>) };
}

function invoiceView(i: Invoice) {
  return {
    number: i.number,
    label: invoiceNumber(dayOf(i.issued_at.getTime()).slice(0, 4), i.number),
    agreementId: i.agreement_id,
    issuedAt: i.issued_at.toISOString(),
    funded: i.funded,
    paid: i.paid,
    fee: i.fee,
    refunded: i.refunded,
  };
}
