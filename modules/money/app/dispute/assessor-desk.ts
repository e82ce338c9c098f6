/** An assessor's desk: cases, papers, standing and earnings. */
import { AppError, type Hex } from '@zhenmei/kernel';
import type { Selectable } from 'kysely';
import type { MoneyDatabase } from '../../adapters/schema.ts';
import { BOND } from '../../core/panel-math.ts';
import type { MoneyContext } from '../context.ts';

type Row = Selectable<MoneyDatabase['money.dispute_seat']> &
  Pick<Selectable<MoneyDatabase['money.dispute']>, 'phase' | 'deadline' | 'agreement_id' | 'milestone'> & {
    now_round: number;
  };

const seats = (ctx: MoneyContext, assessor: Hex) =>
  ctx.db
    .selectFrom('money.dispute_seat as s')
    .innerJoin('money.dispute as d', 'd.panel_id', 's.panel_id')
    .selectAll('s')
    .select(['d.phase', 'd.deadline', 'd.agreement_id', 'd.milestone', 'd.round as now_round'])
    .where('s.assessor', '=', assessor);

/** The panel of an earlier round has nothing left to do. */
const caseRow = (row: Row) => ({
  panelId: row.panel_id,
  round: row.round,
  phase: row.now_round > row.round ? ('ruled' as const) : row.phase!,
  deadline: row.now_round > row.round ? null : (row.deadline?.toISOString() ?? null),
  committed: row.committed,
  revealed: row.revealed,
  earned: row.earned,
});

export async function assessorDesk(ctx: MoneyContext, assessor: Hex) {
  const rows = await seats(ctx, assessor).orderBy('d.disputed_at', 'desc').execute();
  const sum = (key: 'earned' | 'slashed') =>
    rows.reduce((total, row) => total + BigInt(row[key]), 0n).toString();
  return {
    cases: rows.map(caseRow),
    purse: (await ctx.disputes.purse(assessor)).toString(),
    bond: BOND.toString(),
    earned: sum('earned'),
    slashed: sum('slashed'),
    votes: rows.filter(({ counted }) => counted !== null).length,
    counted: rows.filter(({ counted }) => counted === true).length,
  };
}

/** Only for who was drawn, and only until the case ends. Throws DISPUTE_NOT_SEATED, DISPUTE_PAPERS_CLOSED. */
export async function readCase(ctx: MoneyContext, assessor: Hex, panel: string) {
  const row = await seats(ctx, assessor).where('s.panel_id', '=', panel).executeTakeFirst();
  if (!row) throw new AppError('DISPUTE_NOT_SEATED');
  if (row.now_round > row.round || ['settled', 'failed'].includes(row.phase!))
    throw new AppError('DISPUTE_PAPERS_CLOSED');
  const [papers, facts, milestones] = await Promise.all([
    ctx.db
      .selectFrom('money.dispute_paper')
      .select(['by', 'sealed'])
      .where('panel_id', '=', panel)
      .where('round', '=', row.round)
      .where('assessor', '=', assessor)
      .execute(),
    ctx.disputes.facts(row.agreement_id),
    ctx.disputes.milestones(row.agreement_id),
  ]);
  return { case: caseRow(row), amount: milestones![row.milestone]!.toString(), facts, papers };
}

export async function announceKey(ctx: MoneyContext, assessor: Hex, sealKey: string): Promise<void> {
  const kept = { seal_key: sealKey, at: new Date(ctx.clock.now()) };
  await ctx.db
    .insertInto('money.assessor_key')
    .values({ assessor, ...kept })
    .onConflict((c) => c.column('assessor').doUpdateSet(kept))
    .execute();
}
