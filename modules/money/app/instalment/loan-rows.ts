/** A loan between the database and the core. */
import { AppError, type Hex } from '@zhenmei/kernel';
import type { Kysely, Selectable } from 'kysely';
import type { MoneyDatabase } from '../../adapters/schema.ts';
import type { Loan } from '../../core/instalment-loan.ts';
import '../../core/instalment-errors.ts';
import type { LoanPort } from '../../ports.ts';
import type { MoneyContext } from '../context.ts';

type Db = Kysely<MoneyDatabase>;
export type ApplicationRow = Selectable<MoneyDatabase['money.loan_application']>;
export type LoanRow = Selectable<MoneyDatabase['money.loan']>;

const AMOUNTS = ['share', 'paid', 'fees', 'received', 'refunded', 'total', 'carrying', 'due'] as const;

export const loanToJson = (loan: Loan): string =>
  JSON.stringify({ ...loan, ...Object.fromEntries(AMOUNTS.map((name) => [name, loan[name].toString()])) });

export const loanFromJson = (json: LoanRow['body']): Loan =>
  ({
    ...json,
    ...Object.fromEntries(AMOUNTS.map((name) => [name, BigInt(String(json[name]))])),
  }) as unknown as Loan;

/** Throws LOANS_OFF. */
export function loansOf(ctx: MoneyContext): LoanPort {
  if (!ctx.loans) throw new AppError('LOANS_OFF');
  return ctx.loans;
}

export const applicationOf = (db: Db, agreement: Hex): Promise<ApplicationRow | undefined> =>
  db
    .selectFrom('money.loan_application')
    .selectAll()
    .where('agreement_id', '=', agreement)
    .executeTakeFirst();

/** The loan of an agreement's present plan, once the chain knows it. */
export const loanRow = async (db: Db, planId: Hex | null): Promise<LoanRow | undefined> =>
  planId === null
    ? undefined
    : db.selectFrom('money.loan').selectAll().where('plan_id', '=', planId).executeTakeFirst();
