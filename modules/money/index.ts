export { disputeHandlers } from './adapters/dispute-http.ts';
export { moneyHandlers } from './adapters/http.ts';
export type { MoneyDatabase } from './adapters/schema.ts';
export { moneyApi } from './api.ts';
export type { MoneyContext } from './app/context.ts';
export { applyDisputes, resetDisputes } from './app/dispute/projection.ts';
export { onHeld, onMinted, receiveCredit } from './app/payments.ts';
export { applyMoney, resetMoney } from './app/projection.ts';
export { drawSecret, secretCommitment, sideNumber } from './core/panel-words.ts';
export { disputeApi } from './dispute-api.ts';
export type {
  AgreementFacts,
  Candidate,
  DisputePaperFacts,
  DisputePort,
  ForwardRequest,
  RelayPort,
  SettlementPort,
} from './ports.ts';
