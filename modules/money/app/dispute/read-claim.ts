/** A claim before a panel, as one of its sides sees it. */
import { AppError, type Hex } from '@zhenmei/kernel';
import type { Selectable } from 'kysely';
import type { MoneyDatabase } from '../../adapters/schema.ts';
import type { ClaimView } from '../../claim-api.ts';
import { claimStanding } from '../../core/claim-case.ts';
import type { Party } from '../../core/dispute.ts';
import { FINDING } from '../../core/guarantee-math.ts';
import type { MoneyContext } from '../context.ts';
import { coverRows, coverView } from '../guarantee/views.ts';
import { panelView } from './read-dispute.ts';

export interface ClaimRow {
  readonly agreement: Hex;
  readonly view: ReturnType<typeof coverView>;
  readonly asked: number;
  readonly amount: bigint;
  /** Milliseconds since the epoch. */
  readonly end: number;
  readonly open: boolean;
  /** Null until somebody called the panel. */
  readonly row: Selectable<MoneyDatabase['money.claim_case']> | null;
}

/** Throws CLAIM_UNKNOWN, CLAIM_NOT_BY_PANEL. */
export async function loadClaim(ctx: MoneyContext, id: Hex): Promise<ClaimRow> {
  const [found] = await coverRows(ctx.db, { id });
  const cover = found?.cover;
  if (!cover || cover.asked === null) throw new AppError('CLAIM_UNKNOWN');
  const view = coverView(found, ctx.guarantee.panel);
  if (view.decider !== 'panel') throw new AppError('CLAIM_NOT_BY_PANEL');
  const { cases } = view;
  const amounts = { 1: cases.objective, 2: cases.noImprovement, 3: cases.goodwill } as Record<number, string>;
  const row = await ctx.db
    .selectFrom('money.claim_case')
    .selectAll()
    .where('cover_id', '=', id)
    .executeTakeFirst();
  return {
    agreement: cover.agreement_id,
    view,
    asked: cover.asked,
    amount: BigInt(amounts[cover.asked]!),
    end: cover.deadline!.getTime(),
    open: cover.state === 'claimed' && cover.ruling === null,
    row: row ?? null,
  };
}

/** The row of its case. Throws CLAIM_UNKNOWN, CLAIM_NOT_BY_PANEL, DISPUTE_STAGE_WRONG before somebody called the panel. */
export async function caseOfClaim(ctx: MoneyContext, id: Hex) {
  const { row } = await loadClaim(ctx, id);
  if (!row) throw new AppError('DISPUTE_STAGE_WRONG');
  return row;
}

/** Who shows pictures: the patient if she offered some, else the clinic. */
export async function showerOf(
  ctx: MoneyContext,
  cover: Hex,
): Promise<{ by: Party | null; offered: Party[] }> {
  const offers = await ctx.db
    .selectFrom('money.picture_offer')
    .select('by')
    .where('cover_id', '=', cover)
    .execute();
  const offered = offers.map(({ by }) => by);
  return { by: offered.includes('patient') ? 'patient' : (offered[0] ?? null), offered };
}

/** Whether the house has sealed its number for the first draw: from then on it is fixed whether there are pictures. */
export async function picturesFixed(ctx: MoneyContext, panel: string | null): Promise<boolean> {
  if (panel === null) return false;
  const house = await ctx.db
    .selectFrom('money.dispute_secret')
    .select('side')
    .where('panel_id', '=', panel)
    .where('side', '=', 'house')
    .executeTakeFirst();
  return house !== undefined;
}

export async function readClaim(ctx: MoneyContext, id: Hex, you: Party): Promise<ClaimView> {
  const { agreement, asked, amount, end, open, row } = await loadClaim(ctx, id);
  const s = claimStanding(
    {
      amount,
      end,
      open,
      panel: row?.phase
        ? {
            phase: row.phase,
            round: row.round,
            deadline: row.deadline?.getTime() ?? 0,
            refundBps: row.refund_bps,
          }
        : null,
    },
    ctx.clock.now(),
  );
  const { by, offered } = await showerOf(ctx, id);
  const early =
    !row || (row.phase === 'secrets' && row.round === 0 && !(await picturesFixed(ctx, row.panel_id)));
  const parcels = row
    ? await ctx.db
        .selectFrom('money.picture_parcel as p')
        // what was sealed to a device that is no longer the assessor's is to be sealed again
        .innerJoin('money.assessor_key as k', (join) =>
          join.onRef('k.assessor', '=', 'p.assessor').onRef('k.seal_key', '=', 'p.sealed_for'),
        )
        .select('p.assessor')
        .where('p.panel_id', '=', row.panel_id)
        .where('p.round', '=', row.round)
        .execute()
    : [];
  const iso = (ms: number) => new Date(ms).toISOString();
  return {
    id,
    agreementId: agreement,
    you,
    asked,
    stage: s.stage,
    until: s.until === null ? null : iso(s.until),
    panelBy: iso(s.panelBy),
    endsAt: iso(end),
    mayCall: s.mayCall,
    mayAppeal: s.mayAppeal,
    amount: amount.toString(),
    cost: s.cost.toString(),
    appealCost: s.appealCost.toString(),
    subsidised: s.subsidised,
    pictures: {
      mayOffer: open && early && asked === FINDING.noImprovement && !offered.includes(you),
      offered,
      by,
      left: parcels.map(({ assessor }) => assessor),
    },
    panel: row?.phase ? await panelView(ctx, row, you) : null,
  };
}
