/** The chain's loans as its events tell them: each is replayed through the same functions as the contract's. */
import type { Hex } from '@zhenmei/kernel';
import type { Kysely } from 'kysely';
import type { MoneyDatabase } from '../../adapters/schema.ts';
import { ACCEPTED, impair, type Loan, paidOut, pay, settle, writtenOff } from '../../core/instalment-loan.ts';
import { type Plan, planFromJson } from '../../core/instalment-plan.ts';
import type { MoneyEvent } from '../projection.ts';
import { type LoanRow, loanFromJson, loanRow, loanToJson } from './loan-rows.ts';

type Db = Kysely<MoneyDatabase>;

export async function resetLoans(tx: Db): Promise<void> {
  await tx.deleteFrom('money.loan').execute();
}

/** Plans that nobody here drew up are somebody else's; their events change nothing. */
export async function applyLoans(tx: Db, event: MoneyEvent): Promise<void> {
  if (event.contract !== 'InstalmentBook') return;
  const id = event.args.id as Hex | undefined;
  if (!id) return;
  const known = await tx
    .selectFrom('money.loan_application')
    .select('plan')
    .where('plan_id', '=', id)
    .executeTakeFirst();
  if (!known?.plan) return;
  const plan = planFromJson(known.plan);
  const at = new Date(event.time);
  if (event.name === 'LoanAccepted') {
    await tx
      .insertInto('money.loan')
      .values({
        plan_id: id,
        agreement_id: plan.agreement,
        lender: plan.lender,
        state: 'accepted',
        body: loanToJson(ACCEPTED),
        taken: '0',
        to_loan: '0',
        to_patient: '0',
        accepted_at: at,
        paid_out_at: null,
        closed_at: null,
      })
      .execute();
    return;
  }
  const row = await loanRow(tx, id);
  if (!row) return;
  const total = await fundedOf(tx, plan.agreement);
  const { loan, ...more } = after(plan, row, total, event);
  await tx
    .updateTable('money.loan')
    .set({
      state: loan.state,
      body: loanToJson(loan),
      ...more,
      ...(event.name === 'LoanPaidOut' ? { paid_out_at: at } : {}),
      ...(loan.state === 'closed' && row.closed_at === null ? { closed_at: at } : {}),
    })
    .where('plan_id', '=', id)
    .execute();
}

function after(
  plan: Plan,
  row: LoanRow,
  total: bigint,
  { name, args, time }: MoneyEvent,
): { loan: Loan; taken?: string; to_loan?: string; to_patient?: string } {
  const loan = { ...loanFromJson(row.body), total };
  const amount = (field: string) => BigInt(String(args[field] ?? 0));
  const seconds = BigInt(Math.floor(time / 1_000));
  switch (name) {
    case 'LoanRevoked':
      return { loan: { ...loan, state: 'closed' } };
    case 'LoanPaidOut':
      return { loan: paidOut(plan, total) };
    case 'LoanPaid': {
      const taken = amount('amount');
      return { loan: pay(plan, loan, taken, seconds).loan, taken: (BigInt(row.taken) + taken).toString() };
    }
    case 'LoanRefunded': {
      const refund = amount('toLoan') + amount('toPatient');
      return {
        loan: settle(plan, loan, loan.refunded + refund, seconds).loan,
        to_loan: (BigInt(row.to_loan) + amount('toLoan')).toString(),
        to_patient: (BigInt(row.to_patient) + amount('toPatient')).toString(),
      };
    }
    case 'LoanReturned':
      return {
        loan: { ...loan, due: loan.due - amount('amount') },
        to_patient: (BigInt(row.to_patient) + amount('amount')).toString(),
      };
    case 'LoanImpaired':
      return { loan: impair(plan, loan, seconds) };
    case 'LoanWrittenOff':
      return { loan: writtenOff(loan) };
    default:
      return { loan };
  }
}

/** What the agreement holds; 0 until the escrow told of it. */
async function fundedOf(tx: Db, agreement: Hex): Promise<bigint> {
  const account = await tx
    .selectFrom('money.account')
    .select('funded')
    .where('agreement_id', '=', agreement)
    .executeTakeFirst();
  return BigInt(account?.funded ?? 0);
}
