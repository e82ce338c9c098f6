/** Disputes as the events of escrow and panel tell them. A pure function of the events. */
import type { Hex } from '@zhenmei/kernel';
import type { Kysely } from 'kysely';
import type { MoneyDatabase } from '../../adapters/schema.ts';
import { PHASES } from '../../core/dispute.ts';
import { panelNamed } from '../../core/panel-words.ts';
import type { MoneyEvent } from '../projection.ts';
import { applyRegister, resetRegister } from './project-assessors.ts';

type Db = Kysely<MoneyDatabase>;
const SIDES = ['patient', 'clinic', 'house'] as const;

export async function resetDisputes(tx: Db): Promise<void> {
  await resetRegister(tx);
  await tx.deleteFrom('money.claim_case').execute();
  await tx.deleteFrom('money.dispute_seat').execute();
  await tx.deleteFrom('money.dispute_secret').execute();
  await tx.deleteFrom('money.dispute').execute();
}

export async function applyDisputes(tx: Db, event: MoneyEvent): Promise<void> {
  if (event.contract === 'CareEscrow') return applyEscrow(tx, event);
  if (event.contract === 'AssessorPool') return applyRegister(tx, event);
  if (event.contract === 'AssessorPanel' || event.contract === 'GuaranteePanel') return applyPanel(tx, event);
}

async function applyEscrow(tx: Db, { name, args, time }: MoneyEvent): Promise<void> {
  const id = args.id as Hex;
  if (name === 'MilestoneDisputed') {
    await tx
      .insertInto('money.dispute')
      .values({
        agreement_id: id,
        milestone: Number(args.milestone),
        disputed_at: new Date(time),
        disputed_by: args.by as Hex,
        ends_at: new Date(Number(args.deadline) * 1000),
        open: true,
        refunded: null,
        panel_id: null,
        beacon: null,
        fee: null,
        phase: null,
        deadline: null,
        refund_bps: null,
      })
      .execute();
  } else if (name === 'MilestoneRuled') {
    await tx
      .updateTable('money.dispute')
      .set({ open: false, refunded: String(args.refunded) })
      .where('agreement_id', '=', id)
      .where('milestone', '=', Number(args.milestone))
      .execute();
  } else if (name === 'AgreementClosed') {
    await tx.updateTable('money.dispute').set({ open: false }).where('agreement_id', '=', id).execute();
  }
}

async function applyPanel(tx: Db, { contract, name, args }: MoneyEvent): Promise<void> {
  const claims = contract === 'GuaranteePanel';
  const id = panelNamed(String(args.id), claims);
  const round = Number(args.round ?? 0);
  const seat = (set: object, which = round) =>
    tx
      .updateTable('money.dispute_seat')
      .set(set)
      .where('panel_id', '=', id)
      .where('round', '=', which)
      .where('assessor', '=', String(args.assessor).toLowerCase() as Hex)
      .execute();
  const dispute = (set: object) =>
    tx
      .updateTable(claims ? 'money.claim_case' : 'money.dispute')
      .set(set)
      .where('panel_id', '=', id)
      .execute();
  switch (name) {
    case 'Opened':
      if (claims)
        await tx
          .insertInto('money.claim_case')
          .values({
            panel_id: id,
            cover_id: args.agreement as Hex,
            asked: Number(args.milestone),
            beacon: args.beacon as Hex,
            fee: String(args.fee),
            phase: null,
            deadline: null,
            refund_bps: null,
          })
          .execute();
      else
        await tx
          .updateTable('money.dispute')
          .set({ panel_id: id, beacon: args.beacon as Hex, fee: String(args.fee) })
          .where('agreement_id', '=', args.agreement as Hex)
          .where('milestone', '=', Number(args.milestone))
          .execute();
      return;
    case 'PhaseChanged':
      await dispute({
        phase: PHASES[Number(args.phase)],
        round,
        deadline: Number(args.deadline) === 0 ? null : new Date(Number(args.deadline) * 1000),
      });
      return;
    case 'SecretCommitted':
      await tx
        .insertInto('money.dispute_secret')
        .values({
          panel_id: id,
          round,
          side: SIDES[Number(args.side)]!,
          commitment: args.commitment as Hex,
          secret: null,
        })
        .execute();
      return;
    case 'SecretOpened':
      await tx
        .updateTable('money.dispute_secret')
        .set({ secret: args.secret as Hex })
        .where('panel_id', '=', id)
        .where('round', '=', round)
        .where('side', '=', SIDES[Number(args.side)]!)
        .execute();
      return;
    case 'Drawn': {
      // a list in an event is kept as JSON
      const members = JSON.parse(String(args.assessors)) as string[];
      await tx
        .insertInto('money.dispute_seat')
        .values(
          members.map((assessor, place) => ({
            panel_id: id,
            round,
            assessor: assessor.toLowerCase() as Hex,
            place,
            finding: null,
            counted: null,
          })),
        )
        .execute();
      return;
    }
    case 'VoteCommitted':
      await seat({ committed: true });
      return;
    case 'VoteRevealed':
      await seat({ revealed: true, finding: Number(args.finding), scores: Number(args.scores) });
      return;
    case 'Assessed':
      await seat({ counted: Boolean(args.counted) });
      return;
    case 'Tallied':
      await dispute({ refund_bps: Number(args.refundBps) });
      return;
    case 'Earned':
      for (const which of [0, 1]) await seat({ earned: String(args.amount) }, which);
      return;
    case 'Slashed':
      for (const which of [0, 1]) await seat({ slashed: String(args.amount) }, which);
      return;
    case 'CaseClosed':
      await dispute({ phase: PHASES[Number(args.phase)], deadline: null });
      await tx.deleteFrom('money.dispute_paper').where('panel_id', '=', id).execute();
      await tx.deleteFrom('money.picture_parcel').where('panel_id', '=', id).execute();
  }
}
