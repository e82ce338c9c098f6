export { moneyHandlers } from './adapters/http.ts';
export type { MoneyDatabase } from './adapters/schema.ts';
export { moneyApi } from './api.ts';
export type { MoneyContext } from './app/context.ts';
export { onHeld, onMinted, receiveCredit } from './app/payments.ts';
export { applyMoney, resetMoney } from './app/projection.ts';
export type { AgreementFacts, ForwardRequest, RelayPort, SettlementPort } from './ports.ts';
