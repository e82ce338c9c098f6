/** The HTTP contract of the operator's money desk: what lies at the custodian, what goes out, alarms. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { DIFFERENCES } from './core/reconcile.ts';
import { RETURN_TROUBLES } from './core/token-return.ts';

const Minor = z.string().regex(/^-?\d{1,30}$/);
const Reason = z.string().trim().min(5).max(500);

export const DifferenceView = z.object({
  kind: z.enum(DIFFERENCES),
  expected: Minor,
  found: Minor,
  where: z.string().nullable(),
});

export const ReconciliationView = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  fits: z.boolean(),
  agreements: z.int(),
  ms: z.int(),
  totals: z.record(z.string(), Minor),
  differences: z.array(DifferenceView),
});

export const EntryView = z.object({
  entry: z.string(),
  direction: z.enum(['credit', 'debit']),
  reference: z.string(),
  order: z.string().nullable(),
  amount: Minor,
  currency: z.string(),
  state: z.string(),
  reason: z.string().nullable(),
  at: z.iso.datetime(),
});

export const ReserveView = z.object({
  /** What the operator pays in under. */
  reference: z.string(),
  currency: z.string(),
  balance: Minor,
  used: Minor,
  free: Minor,
  missing: Minor,
  /** What banks took back after it was used, and how much of it the reserve covers. */
  owed: z.array(
    z.object({
      debit: z.string(),
      rail: z.enum(['custodian', 'card']),
      order: z.string().nullable(),
      amount: Minor,
      covered: Minor,
      at: z.iso.datetime(),
    }),
  ),
});

export const MoneyDesk = z.object({
  connected: z.boolean(),
  balance: Minor,
  /** Of each way to pay; null where it does not answer. */
  balances: z.array(z.object({ rail: z.enum(['custodian', 'card']), balance: Minor.nullable() })),
  stopped: z.boolean(),
  reserve: ReserveView.nullable(),
  /** Payments that wait until somebody says whose money made up for a chargeback: all of them. */
  parked: z.array(
    z.object({
      key: z.string(),
      amount: Minor,
      currency: z.string(),
      at: z.iso.datetime(),
      /** The entry that made up for it. */
      entry: z.string(),
      paidIn: Minor,
      order: z.string().nullable(),
    }),
  ),
  /** Signed returns of coins that do not go, and those that the house has given up. */
  coinReturns: z.array(
    z.object({
      hash: z.string(),
      chainId: z.int(),
      order: z.string(),
      state: z.enum(['signed', 'refused']),
      trouble: z.enum(RETURN_TROUBLES),
      nextAt: z.iso.datetime(),
    }),
  ),
  entries: z.array(EntryView),
  outgoing: z.array(
    z.object({
      key: z.string(),
      kind: z.enum(['payout', 'return', 'reward', 'rest', 'reserve']),
      amount: Minor,
      currency: z.string(),
      state: z.enum(['due', 'sent', 'booked']),
      at: z.iso.datetime(),
    }),
  ),
  last: ReconciliationView.nullable(),
  nextAt: z.iso.datetime().nullable(),
  alarms: z.array(
    z.object({
      id: z.uuid(),
      raisedAt: z.iso.datetime(),
      differences: z.array(DifferenceView),
      closedAt: z.iso.datetime().nullable(),
      reason: z.string().nullable(),
    }),
  ),
});

const Entry = z.object({ entry: z.string().max(60) });
const Done = z.object({ done: z.literal(true) });

export const moneyOperatorApi = {
  readMoneyDesk: defineRoute({
    method: 'GET',
    path: '/api/operator/money',
    summary: { zh: '运营方：托管银行的款项与警报', en: 'Operator: money at the custodian, and alarms' },
    auth: 'operator',
    response: { 200: MoneyDesk },
    errors: [],
  }),
  assignPayment: defineRoute({
    method: 'POST',
    path: '/api/operator/money/entries/:entry/assign',
    summary: { zh: '把无主款项归到一笔付款', en: 'Give an unclaimed credit to a payment order' },
    auth: 'operator',
    params: Entry,
    body: z.strictObject({ reference: z.string().max(40) }),
    response: { 200: Done },
    errors: ['PAYMENT_NOT_AT_BANK'],
  }),
  returnPayment: defineRoute({
    method: 'POST',
    path: '/api/operator/money/entries/:entry/return',
    summary: { zh: '退回一笔无主款项', en: 'Send an unclaimed credit home now' },
    auth: 'operator',
    params: Entry,
    body: z.strictObject({}),
    response: { 200: Done },
    errors: ['BANK_ENTRY_UNKNOWN'],
  }),
  explainEntry: defineRoute({
    method: 'POST',
    path: '/api/operator/money/entries/:entry/explain',
    summary: { zh: '说明一笔需要人工核对的流水', en: 'Say what an entry was that needed a person' },
    auth: 'operator',
    params: Entry,
    body: z.strictObject({ reason: Reason }),
    response: { 200: Done },
    errors: ['BANK_ENTRY_UNKNOWN'],
  }),
  payAgain: defineRoute({
    method: 'POST',
    path: '/api/operator/money/entries/:entry/again',
    summary: { zh: '银行退回了付出的款：再付一次', en: 'The bank gave a payment back: make it again' },
    auth: 'operator',
    params: Entry,
    body: z.strictObject({}),
    response: { 200: Done },
    errors: ['BANK_ENTRY_UNKNOWN'],
  }),
  tellPayer: defineRoute({
    method: 'POST',
    path: '/api/operator/money/entries/:entry/payer',
    summary: {
      zh: '说明补上拒付的是谁：患者本人则照付，平台则抵销',
      en: 'Say who made up for a chargeback: the patient, and she is paid, or the house, and it is set off',
    },
    auth: 'operator',
    params: Entry,
    body: z.strictObject({ payer: z.enum(['patient', 'house']) }),
    response: { 200: Done },
    errors: ['BANK_ENTRY_UNKNOWN'],
  }),
  takeFromReserve: defineRoute({
    method: 'POST',
    path: '/api/operator/money/reserve/out',
    summary: { zh: '从准备金里取出不再需要的部分', en: 'Take out of the reserve what nothing needs' },
    auth: 'operator',
    perMinute: 12,
    body: z.strictObject({ key: z.uuid(), amount: z.string().regex(/^[1-9]\d{0,17}$/) }),
    response: { 200: Done },
    errors: ['RESERVE_NOT_FREE', 'RESERVE_STOPPED'],
  }),
  reconcileNow: defineRoute({
    method: 'POST',
    path: '/api/operator/money/reconciliations',
    summary: { zh: '现在对账', en: 'Reconcile now' },
    auth: 'operator',
    perMinute: 6,
    body: z.strictObject({}),
    response: { 200: ReconciliationView },
    errors: ['RAIL_MISSING'],
  }),
  closeAlarm: defineRoute({
    method: 'POST',
    path: '/api/operator/money/alarms/:id/close',
    summary: { zh: '说明原因，关闭警报，恢复付款', en: 'Close an alarm with a reason; payouts go on' },
    auth: 'operator',
    params: z.object({ id: z.uuid() }),
    body: z.strictObject({ reason: Reason }),
    response: { 200: Done },
    errors: ['ALARM_UNKNOWN'],
  }),
};
export type MoneyOperatorApi = typeof moneyOperatorApi;
