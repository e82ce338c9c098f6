/** A clinic's lines from the projection of the escrow, and its days between two dates. */
import { AppError, type Hex } from '@zhenmei/kernel';
import { partyOf } from '../core/escrow-account.ts';
import { dayStarts, type StatementDay, type StatementLine, statementDays } from '../core/statement.ts';
import type { MoneyContext } from './context.ts';

const DAY = 86_400_000;
const LONGEST = 366 * DAY;

/** Throws STATEMENT_PERIOD. @param coin null for the closed loop; amounts are in its smallest unit */
export async function readDays(
  ctx: MoneyContext,
  clinic: Hex,
  from: string,
  to: string,
  coin: Hex | null = null,
): Promise<StatementDay[]> {
  const [start, end] = [dayStarts(from), dayStarts(to) + DAY];
  if (!(start < end) || end - start > LONGEST) throw new AppError('STATEMENT_PERIOD');
  return statementDays(await linesUntil(ctx, clinic, new Date(end), coin), from, to);
}

/**
 * A payout reference of 32 bytes is the patient's; of the accounts of 20 the clinic's is paid and the loans' book gets
 * what is refunded of an agreement that a loan paid; in a coin the patient has an account of 20 too; any other gets the fee.
 */
function kindOf(
  { party, patient }: { party: string; patient: string },
  clinic: Hex,
  book: Hex | null,
): StatementLine['kind'] {
  if (party === clinic) return 'paid';
  return party === book || party === patient || party.length !== clinic.length ? 'refunded' : 'fee';
}

async function linesUntil(
  ctx: MoneyContext,
  clinic: Hex,
  end: Date,
  coin: Hex | null,
): Promise<StatementLine[]> {
  const book = ctx.loans ? partyOf(ctx.loans.book) : null;
  const opened = await ctx.db
    .selectFrom('money.account')
    .select(['agreement_id', 'opened_at', 'funded'])
    .where('clinic', '=', clinic)
    .where('coin', 'is not distinct from', coin)
    .where('opened_at', '<', end)
    .execute();
  const moved = await ctx.db
    .selectFrom('money.movement as m')
    .innerJoin('money.account as a', 'a.agreement_id', 'm.agreement_id')
    .select(['m.at', 'm.party', 'm.amount', 'm.agreement_id', 'a.patient'])
    .where('a.clinic', '=', clinic)
    .where('a.coin', 'is not distinct from', coin)
    .where('m.kind', '=', 'credited')
    .where('m.at', '<', end)
    .execute();
  const taken = await ctx.db
    .selectFrom('money.movement')
    .select(['at', 'amount'])
    .where('party', '=', clinic)
    .where('coin', 'is not distinct from', coin)
    .where('kind', '=', 'withdrawn')
    .where('at', '<', end)
    .execute();
  const lines: StatementLine[] = [
    ...opened.map((o) => ({
      at: o.opened_at.getTime(),
      kind: 'in' as const,
      agreementId: o.agreement_id,
      amount: BigInt(o.funded),
    })),
    ...moved.map((m) => ({
      at: m.at.getTime(),
      kind: kindOf(m, clinic, book),
      agreementId: m.agreement_id,
      amount: BigInt(m.amount),
    })),
    ...taken.map((w) => ({
      at: w.at.getTime(),
      kind: 'withdrawn' as const,
      agreementId: null,
      amount: BigInt(w.amount),
    })),
  ];
  // within one moment money comes in before it goes on
  return lines.toSorted((a, b) => a.at - b.at || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

const ORDER: readonly StatementLine['kind'][] = ['in', 'paid', 'fee', 'refunded', 'withdrawn'];
