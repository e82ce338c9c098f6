import './core/payment.ts';

export { absenceApi } from './absence-api.ts';
export { absenceHandlers } from './adapters/absence-http.ts';
export { backingHandlers } from './adapters/backing-http.ts';
export { railsHandlers } from './adapters/card-http.ts';
export { claimHandlers } from './adapters/claim-http.ts';
export { demoAcquirer, messageOf } from './adapters/demo-acquirer.ts';
export type { DemoAcquirer } from './adapters/demo-acquirer-books.ts';
export {
  answerChallenge,
  chargeBack,
  presentCard,
  readAcquirerPage,
} from './adapters/demo-acquirer-cards.ts';
export { acquirerDay } from './adapters/demo-acquirer-day.ts';
export { DEMO_PAYMENTS, type DemoPayment, demoBank, transferAtDemoBank } from './adapters/demo-bank.ts';
export { disputeHandlers } from './adapters/dispute-http.ts';
export { guaranteeHandlers } from './adapters/guarantee-http.ts';
export { moneyHandlers } from './adapters/http.ts';
export { instalmentHandlers } from './adapters/instalment-http.ts';
export { moneyOperatorHandlers } from './adapters/operator-http.ts';
export type { MoneyDatabase } from './adapters/schema.ts';
export { settlementHandlers } from './adapters/settlement-http.ts';
export { tokenHandlers } from './adapters/token-http.ts';
export { verificationHandlers } from './adapters/verification-http.ts';
export { contestHandlers, verifierHandlers } from './adapters/verifier-http.ts';
export { moneyApi } from './api.ts';
export { dueAbsences } from './app/absence/due-absences.ts';
export { applyPledges, resetPledges } from './app/absence/project-pledges.ts';
export { applyAbsences, resetAbsences } from './app/absence/projection.ts';
export { assertReport } from './app/absence/read-absence.ts';
export { duePledges, pledgeMoneyBack } from './app/absence/read-pledges.ts';
export { onPlaced } from './app/account-orders.ts';
export { followCards, takeCardEvent } from './app/card/follow-cards.ts';
export type { MoneyContext } from './app/context.ts';
export { applyDisputes, resetDisputes } from './app/dispute/projection.ts';
export { layPictures } from './app/dispute/read-pictures.ts';
export { dueCovers } from './app/guarantee/due-covers.ts';
export { applyGuarantee, resetGuarantee } from './app/guarantee/projection.ts';
export { carryOutLoans } from './app/instalment/carry-out.ts';
export { applyLoans, resetLoans } from './app/instalment/project-loans.ts';
export { issueInvoices } from './app/issue-invoices.ts';
export { eachOnItsOwn } from './app/on-its-own.ts';
export { onHeld, onMinted } from './app/payments.ts';
export { orderIntoPot } from './app/pot/order-into-pot.ts';
export { giveBackFromPot, payFromPot } from './app/pot/pay-from-pot.ts';
export { potBalance, potOrder, rewardStates } from './app/pot/read-pot.ts';
export { applyUnits, resetUnits } from './app/project-units.ts';
export { applyMoney, resetMoney } from './app/projection.ts';
export { readEntries } from './app/read-statement-entries.ts';
export { reconcileMoney } from './app/reconcile-money.ts';
export { payOutDue } from './app/send-home.ts';
export { dueReturns, noteAnswer, noteSent, signedReturns } from './app/token/take-return.ts';
export { watchDeposits } from './app/token/watch-deposits.ts';
export { assertContester, isContester } from './app/verification/contests.ts';
export { applyChecks, resetChecks } from './app/verification/projection.ts';
export { checkRevoked } from './app/verification/views.ts';
export { backingApi } from './backing-api.ts';
export type { BackingPort } from './backing-port.ts';
export { claimApi } from './claim-api.ts';
export { contestApi } from './contest-api.ts';
export { inPrice } from './core/coin-amounts.ts';
export {
  drawSecret,
  isClaimPanel,
  layoutCommitment,
  panelNumber,
  secretCommitment,
  sideNumber,
} from './core/panel-words.ts';
export { type PlainTerms, renderTerms } from './core/plain-terms.ts';
export { type ChainTotals, nextNight } from './core/reconcile.ts';
export type { Paper, PaperBlock } from './core/settlement-paper.ts';
export { HOLDERS, type NameOf } from './core/unit-flows.ts';
export { digestOf } from './core/verification-papers.ts';
export { disputeApi } from './dispute-api.ts';
export { guaranteeApi } from './guarantee-api.ts';
export { instalmentApi } from './instalment-api.ts';
export { moneyOperatorApi } from './operator-api.ts';
export type {
  AbsencePort,
  AgreementFacts,
  Candidate,
  CardPort,
  ChainMoneyPort,
  CoinLedger,
  DisputePaperFacts,
  DisputePort,
  ForwardRequest,
  GuaranteePort,
  LoanPort,
  PaperPort,
  RailPort,
  RelayPort,
  SettlementPort,
  SignedReturn,
  TokenChainPort,
  VerificationPort,
} from './ports.ts';
export { railsApi } from './rails-api.ts';
export { settlementApi } from './settlement-api.ts';
export { tokenApi } from './token-api.ts';
export { verificationApi } from './verification-api.ts';
export { verifierApi } from './verifier-api.ts';
