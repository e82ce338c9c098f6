/** An assessor's desk: cases, papers, standing and earnings. */
import { AppError, type Hex } from '@zhenmei/kernel';
import type { Selectable } from 'kysely';
import type { MoneyDatabase } from '../../adapters/schema.ts';
import type { PanelPhase } from '../../core/dispute.ts';
import { BOND } from '../../core/panel-math.ts';
import { pendingOrder } from '../account-orders.ts';
import type { MoneyContext } from '../context.ts';
import { calibrationOf, registered } from './calibration.ts';
import { loadClaim } from './read-claim.ts';
import { readPictures } from './read-pictures.ts';

/** A seat, and where its case stands: of a disputed milestone or of a claim. */
type Row = Selectable<MoneyDatabase['money.dispute_seat']> & {
  phase: PanelPhase | null;
  deadline: Date | null;
  now_round: number;
  agreement_id: Hex;
  /** Null for a claim. */
  milestone: number | null;
  /** The cover and what is asked for; null for a milestone. */
  cover_id: Hex | null;
  asked: number | null;
};

async function seats(ctx: MoneyContext, assessor: Hex, panel?: string): Promise<Row[]> {
  let milestones = ctx.db
    .selectFrom('money.dispute_seat as s')
    .innerJoin('money.dispute as d', 'd.panel_id', 's.panel_id')
    .selectAll('s')
    .select(['d.phase', 'd.deadline', 'd.agreement_id', 'd.milestone', 'd.round as now_round'])
    .where('s.assessor', '=', assessor);
  let claims = ctx.db
    .selectFrom('money.dispute_seat as s')
    .innerJoin('money.claim_case as d', 'd.panel_id', 's.panel_id')
    .innerJoin('money.cover as c', 'c.id', 'd.cover_id')
    .selectAll('s')
    .select(['d.phase', 'd.deadline', 'c.agreement_id', 'd.cover_id', 'd.asked', 'd.round as now_round'])
    .where('s.assessor', '=', assessor);
  if (panel !== undefined) {
    milestones = milestones.where('s.panel_id', '=', panel);
    claims = claims.where('s.panel_id', '=', panel);
  }
  return [
    ...(await milestones.orderBy('d.disputed_at', 'desc').execute()).map((row) => ({
      ...row,
      cover_id: null,
      asked: null,
    })),
    ...(await claims.orderBy('c.opened_block', 'desc').execute()).map((row) => ({ ...row, milestone: null })),
  ];
}

/** The panel of an earlier round has nothing left to do. */
const caseRow = (row: Row) => ({
  panelId: row.panel_id,
  round: row.round,
  phase: row.now_round > row.round ? ('ruled' as const) : row.phase!,
  deadline: row.now_round > row.round ? null : (row.deadline?.toISOString() ?? null),
  committed: row.committed,
  revealed: row.revealed,
  earned: row.earned,
  asked: row.asked,
});
const OPEN: readonly string[] = ['voting', 'revealing', 'tallying', 'appealable'];

export async function assessorDesk(ctx: MoneyContext, assessor: Hex) {
  const rows = (await seats(ctx, assessor)).map((row) => ({ row, one: caseRow(row) }));
  // what is open first, and of that what ends first
  rows.sort(
    (a, b) =>
      Number(OPEN.includes(b.one.phase)) - Number(OPEN.includes(a.one.phase)) ||
      (a.one.deadline ?? '9').localeCompare(b.one.deadline ?? '9'),
  );
  const sum = (key: 'earned' | 'slashed') =>
    rows.reduce((total, { row }) => total + BigInt(row[key]), 0n).toString();
  const entry = await registered(ctx, assessor);
  return {
    cases: rows.map(({ one }) => one),
    purse: (await ctx.disputes.purse(assessor)).toString(),
    bond: BOND.toString(),
    earned: sum('earned'),
    slashed: sum('slashed'),
    votes: rows.filter(({ row }) => row.counted !== null).length,
    counted: rows.filter(({ row }) => row.counted === true).length,
    calibration: calibrationOf(entry?.looks ?? 0, entry?.seen_right ?? 0),
    admittedUntil: entry?.admitted ? entry.until.toISOString() : null,
    order: await pendingOrder(ctx, 'panel', assessor),
  };
}

/** Only for who was drawn, and only until the case ends. Throws DISPUTE_NOT_SEATED, DISPUTE_PAPERS_CLOSED. */
export async function readCase(ctx: MoneyContext, assessor: Hex, panel: string) {
  // of two rounds nobody sits in both
  const [row] = await seats(ctx, assessor, panel);
  if (!row) throw new AppError('DISPUTE_NOT_SEATED');
  if (row.now_round > row.round || ['settled', 'failed'].includes(row.phase!))
    throw new AppError('DISPUTE_PAPERS_CLOSED');
  const [papers, facts, amount] = await Promise.all([
    ctx.db
      .selectFrom('money.dispute_paper')
      .select(['by', 'sealed'])
      .where('panel_id', '=', panel)
      .where('round', '=', row.round)
      .where('assessor', '=', assessor)
      .execute(),
    ctx.disputes.facts(row.agreement_id),
    row.cover_id
      ? loadClaim(ctx, row.cover_id).then((claim) => claim.amount)
      : ctx.disputes.milestones(row.agreement_id).then((all) => all![row.milestone!]!),
  ]);
  const pictures = row.cover_id
    ? await readPictures(ctx, { panel, round: row.round, assessor, cover: row.cover_id, code: facts.code })
    : null;
  return { case: caseRow(row), amount: amount.toString(), facts, papers, pictures };
}

export async function announceKey(ctx: MoneyContext, assessor: Hex, sealKey: string): Promise<void> {
  const kept = { seal_key: sealKey, at: new Date(ctx.clock.now()) };
  await ctx.db
    .insertInto('money.assessor_key')
    .values({ assessor, ...kept })
    .onConflict((c) => c.column('assessor').doUpdateSet(kept))
    .execute();
}
