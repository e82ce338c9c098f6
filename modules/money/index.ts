import './core/payment.ts';

export { DEMO_PAYMENTS, type DemoPayment, demoBank, transferAtDemoBank } from './adapters/demo-bank.ts';
export { moneyHandlers } from './adapters/http.ts';
export { instalmentHandlers } from './adapters/instalment-http.ts';
export { moneyOperatorHandlers } from './adapters/operator-http.ts';
export type { MoneyDatabase } from './adapters/schema.ts';
export { settlementHandlers } from './adapters/settlement-http.ts';
export { moneyApi } from './api.ts';
export type { MoneyContext } from './app/context.ts';
export { carryOutLoans } from './app/instalment/carry-out.ts';
export { applyLoans, resetLoans } from './app/instalment/project-loans.ts';
export { issueInvoices } from './app/issue-invoices.ts';
export { onHeld, onMinted } from './app/payments.ts';
export { applyMoney, applyMoney, resetMoney, resetMoney } from './app/projection.ts';
export { readEntries } from './app/read-statement-entries.ts';
export { reconcileMoney } from './app/reconcile-money.ts';
export { payOutDue } from './app/send-home.ts';
export { type PlainTerms, renderTerms } from './core/plain-terms.ts';
export { nextNight } from './core/reconcile.ts';
export type { Paper, PaperBlock } from './core/settlement-paper.ts';
export { instalmentApi } from './instalment-api.ts';
export { moneyOperatorApi } from './operator-api.ts';
export type {
  AgreementFacts,
  AgreementFacts,
  ChainMoneyPort,
  ForwardRequest,
  ForwardRequest,
  LoanPort,
  PaperPort,
  RailPort,
  RelayPort,
  RelayPort,
  SettlementPort,
  SettlementPort,
} from './ports.ts';
export { settlementApi } from './settlement-api.ts';
