/** A dispute as one of its sides, or the mediator, sees it. */
import { AppError, type Hex } from '@zhenmei/kernel';
import type { Selectable } from 'kysely';
import type { z } from 'zod';
import type { MoneyDatabase } from '../../adapters/schema.ts';
import { type DisputeStanding, type Party, standingOf } from '../../core/dispute.ts';
import { SUBSIDISED } from '../../core/panel-math.ts';
import type { DisputeView } from '../../dispute-api.ts';
import type { MoneyContext } from '../context.ts';
import { priceScale } from '../token/price-scale.ts';

type View = z.infer<typeof DisputeView>;
export type DisputeRow = Selectable<MoneyDatabase['money.dispute']>;

export interface Reader {
  readonly token: string | null;
  readonly organisationId: string | null;
}

export interface Standing {
  readonly row: DisputeRow;
  readonly amount: bigint;
  readonly held: bigint;
  /** 1 in the closed loop. */
  readonly scale: bigint;
  readonly standing: DisputeStanding;
}

/** The side of the reader. Throws DISPUTE_UNKNOWN, also for whoever has no part in it. */
export async function sideOf(ctx: MoneyContext, agreement: Hex, reader: Reader): Promise<Party> {
  const side = await ctx.disputes.side(agreement, reader);
  if (!side) throw new AppError('DISPUTE_UNKNOWN');
  return side;
}

/** The newest dispute of an agreement. Throws DISPUTE_UNKNOWN. */
export async function standing(ctx: MoneyContext, agreement: Hex): Promise<Standing> {
  const row = await ctx.db
    .selectFrom('money.dispute')
    .selectAll()
    .where('agreement_id', '=', agreement)
    .orderBy('milestone', 'desc')
    .executeTakeFirst();
  const amount = row && (await ctx.disputes.milestones(agreement))?.[row.milestone];
  if (!row || amount === undefined) throw new AppError('DISPUTE_UNKNOWN');
  const [scale, stages, account] = await Promise.all([
    priceScale(ctx, agreement),
    ctx.db
      .selectFrom('money.dispute_stage')
      .selectAll()
      .where('agreement_id', '=', agreement)
      .where('milestone', '=', row.milestone)
      .execute(),
    ctx.db
      .selectFrom('money.account')
      .select('held')
      .where('agreement_id', '=', agreement)
      .executeTakeFirstOrThrow(),
  ]);
  const ended = (stage: string) => stages.find((s) => s.stage === stage)?.ended_at.getTime() ?? null;
  return {
    row,
    amount,
    scale,
    held: BigInt(account.held) / scale,
    standing: standingOf(
      {
        disputedAt: row.disputed_at.getTime(),
        end: row.ends_at.getTime(),
        amount,
        open: row.open,
        talkEndedAt: ended('talk'),
        mediationEndedAt: ended('mediation'),
        panel: row.phase && {
          phase: row.phase,
          round: row.round,
          deadline: row.deadline?.getTime() ?? 0,
          refundBps: row.refund_bps,
        },
      },
      ctx.clock.now(),
    ),
  };
}

export async function readDispute(ctx: MoneyContext, agreement: Hex, you: View['you']): Promise<View> {
  const { row, amount, held, scale, standing: s } = await standing(ctx, agreement);
  const currency = await ctx.disputes.currency(agreement);
  if (!currency) throw new AppError('DISPUTE_UNKNOWN');
  const splits = await ctx.db
    .selectFrom('money.dispute_split')
    .selectAll()
    .where('agreement_id', '=', agreement)
    .where('milestone', '=', row.milestone)
    .execute();
  const iso = (ms: number) => new Date(ms).toISOString();
  return {
    agreementId: agreement,
    milestone: row.milestone,
    you,
    stage: s.stage,
    disputedAt: row.disputed_at.toISOString(),
    until: s.until === null ? null : iso(s.until),
    panelBy: iso(s.panelBy),
    endsAt: row.ends_at.toISOString(),
    // what a panel costs is paid in the closed loop's unit, which nobody has where money is a coin
    mayCallPanel: s.mayCallPanel && scale === 1n,
    mayAppeal: s.mayAppeal && scale === 1n,
    amount: amount.toString(),
    held: held.toString(),
    currency,
    cost: s.cost.toString(),
    appealCost: s.appealCost.toString(),
    subsidised: amount <= SUBSIDISED,
    refunded: row.open || row.refunded === null ? null : (BigInt(row.refunded) / scale).toString(),
    splits: splits.map(({ by, refund, signature, at }) => ({
      by,
      refund,
      signed: signature !== null,
      at: at.toISOString(),
    })),
    panel: row.panel_id && row.phase && row.beacon ? await panelView(ctx, row, you) : null,
  };
}

/** The panel of a case of either kind, as one side sees it. */
export async function panelView(
  ctx: MoneyContext,
  row: Pick<DisputeRow, 'panel_id' | 'round' | 'phase' | 'beacon' | 'refund_bps'>,
  you: View['you'],
): Promise<View['panel']> {
  const id = row.panel_id!;
  const [secrets, seats, keys, papers] = await Promise.all([
    ctx.db
      .selectFrom('money.dispute_secret')
      .selectAll()
      .where('panel_id', '=', id)
      .where('round', '=', row.round)
      .execute(),
    ctx.db
      .selectFrom('money.dispute_seat')
      .selectAll()
      .where('panel_id', '=', id)
      .where('round', '=', row.round)
      .orderBy('place')
      .execute(),
    ctx.db.selectFrom('money.assessor_key').selectAll().execute(),
    ctx.db
      .selectFrom('money.dispute_paper')
      .select(['assessor', 'by', 'sealed_for'])
      .where('panel_id', '=', id)
      .where('round', '=', row.round)
      .execute(),
  ]);
  return {
    id,
    phase: row.phase!,
    round: row.round,
    beacon: row.beacon!,
    refundBps: row.refund_bps,
    committed: secrets.map(({ side }) => side),
    opened: secrets.filter(({ secret }) => secret !== null).map(({ side }) => side),
    seats: seats.map(({ assessor, committed, revealed }) => {
      const sealKey = keys.find((key) => key.assessor === assessor)?.seal_key ?? null;
      const mine = papers.find((paper) => paper.assessor === assessor && paper.by === you);
      const sealed = mine !== undefined && (mine.sealed_for === null || mine.sealed_for === sealKey);
      return { assessor, committed, revealed, sealKey, sealed };
    }),
  };
}
