/** A patient asks for instalments. */
import { AppError, type Hex, type Lang } from '@zhenmei/kernel';
import { type Application, applicationWords } from '../../core/instalment-application.ts';
import type { MoneyContext } from '../context.ts';
import { assertMayBorrow, openLoansOf } from './loan-gate.ts';
import { applicationOf, loansOf } from './loan-rows.ts';
import { readLoan } from './read-loan.ts';

/** Throws LOAN_UNKNOWN, LOAN_WRONG, LOAN_NOT_NOW, LOAN_REFUSED. */
export async function applyForLoan(ctx: MoneyContext, asked: Application, signature: Hex, lang: Lang) {
  const loans = loansOf(ctx);
  const view = await readLoan(ctx, asked.agreement);
  const agreement = (await ctx.agreement(asked.agreement))!;
  if (!agreement.payable) throw new AppError('LOAN_NOT_NOW');
  if (!(await loans.wordsSigned(applicationWords(asked), agreement.patient, signature)))
    throw new AppError('LOAN_WRONG', { field: 'signature' });
  if (!['open', 'declined', 'asked'].includes(view.state)) throw new AppError('LOAN_NOT_NOW');
  const facts = {
    'borrower.age20': asked.age20,
    'borrower.student': asked.student,
    'borrower.openLoans': await openLoansOf(ctx, asked.person, asked.agreement),
  };
  assertMayBorrow(ctx, 'loan.ask', facts, lang);
  const now = new Date(ctx.clock.now());
  const values = {
    person: asked.person,
    borrower: agreement.patient,
    payout: asked.payout,
    months: asked.months,
    principal: agreement.total.toString(),
    state: 'asked' as const,
    statements: JSON.stringify({ age20: asked.age20, student: asked.student }),
    lender_id: null,
    plan_id: null,
    plan: null,
    offer: null,
    signature: null,
    updated_at: now,
  };
  await ctx.db
    .insertInto('money.loan_application')
    .values({ agreement_id: asked.agreement, created_at: now, ...values } as never)
    .onConflict((c) => c.column('agreement_id').doUpdateSet(values as never))
    .execute();
  return readLoan(ctx, asked.agreement);
}

/** Her signature under the agreement: with it, it is opened once the loan is paid out. Throws LOAN_WRONG, LOAN_NOT_NOW. */
export async function agreeToLoan(ctx: MoneyContext, agreement: Hex, signature: Hex) {
  const loans = loansOf(ctx);
  const row = await applicationOf(ctx.db, agreement);
  if (!row) throw new AppError('LOAN_UNKNOWN');
  if (!row.plan || row.state === 'declined') throw new AppError('LOAN_NOT_NOW');
  if (!(await loans.agreementSigned(agreement, row.borrower, signature)))
    throw new AppError('LOAN_WRONG', { field: 'signature' });
  await ctx.db
    .updateTable('money.loan_application')
    .set({ state: 'agreed', signature, updated_at: new Date(ctx.clock.now()) })
    .where('agreement_id', '=', agreement)
    .execute();
  return readLoan(ctx, agreement);
}
