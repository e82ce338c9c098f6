/**
 * An emergency doctor opens a card: a valid licence shown for this very opening, a reason, an entry in the patient's
 * log, a case for review and a notice, all committed before the gatekeeper's part leaves.
 */
import { AppError, equalBytes, toBase64Url } from '@zhenmei/kernel';
import { sql } from 'kysely';
import {
  EMERGENCY_AUDIENCE,
  type EmergencyReason,
  emergencyNonce,
  proofHash,
} from '../../core/emergency/card.ts';
import { assertMayOpen } from '../../core/emergency/limits.ts';
import { record } from '../access-log.ts';
import type { VaultContext, VaultTx } from '../context.ts';
import { assertNotClosing } from '../erase.ts';
import { tell } from '../notices.ts';
import type { Desk } from '../read-grant.ts';

export interface Opening {
  /** Made by the device, so that asking again after a lost answer is no second opening. */
  readonly request: string;
  readonly card: string;
  readonly proof: string;
  readonly reason: EmergencyReason;
  readonly presentation: string;
}

export interface OpenedCard {
  /** The gatekeeper's part, base64url. */
  readonly part: string;
  readonly of: number;
  readonly sheet: string;
}

/** Throws EMERGENCY_LICENCE, EMERGENCY_CARD_UNKNOWN, EMERGENCY_CARD_ENDED, EMERGENCY_CARD_PAUSED, VAULT_CLOSING and what `assertMayOpen` throws. */
export async function openCard(ctx: VaultContext, desk: Desk, opening: Opening): Promise<OpenedCard> {
  const { request, card, reason } = opening;
  const shown = await ctx.organisations.judgeDoctor(opening.presentation, {
    audience: EMERGENCY_AUDIENCE,
    nonce: emergencyNonce(request, card, reason),
  });
  if (!shown.proven || !shown.person) throw new AppError('EMERGENCY_LICENCE', { code: shown.code });
  const { person } = shown;
  if (!(await ctx.organisations.employs(desk.organisation, person)))
    throw new AppError('EMERGENCY_LICENCE', { code: 'OTHER_SUBJECT' });
  const { share, of, sheet } = await ctx.db
    .transaction()
    .execute((tx) => commitOpening(ctx, tx, desk, person, opening));
  // from here on the opening stands in the log, whatever happens to the answer
  return { part: toBase64Url(await ctx.gatekeeper.part(share, card, of)), of, sheet };
}

async function commitOpening(ctx: VaultContext, tx: VaultTx, desk: Desk, person: string, opening: Opening) {
  const now = ctx.clock.now();
  // one doctor's openings are counted one after the other, of whatever cards
  await sql`select pg_advisory_xact_lock(hashtextextended(${`vault.emergency/${person}`}, 0))`.execute(tx);
  const row = await tx
    .selectFrom('vault.emergency_card')
    .selectAll()
    .where('name', '=', opening.card)
    .forUpdate()
    .executeTakeFirst();
  if (!row || !equalBytes(row.proof_hash, proofHash(opening.proof)))
    throw new AppError('EMERGENCY_CARD_UNKNOWN');
  const { share, sheet, of } = row;
  if (row.paused_at && !row.ended_at && row.ends_at.getTime() > now)
    throw new AppError('EMERGENCY_CARD_PAUSED');
  if (row.ended_at || !share || !sheet || row.ends_at.getTime() <= now)
    throw new AppError('EMERGENCY_CARD_ENDED');
  await assertNotClosing(tx, row.patient_id);
  const released = { share: new Uint8Array(share), of, sheet };
  const known = await tx
    .selectFrom('vault.emergency_case')
    .select(['card', 'device_id', 'person_id'])
    .where('id', '=', opening.request)
    .executeTakeFirst();
  if (known) {
    const same = known.card === opening.card && known.device_id === desk.device && known.person_id === person;
    if (same) return released;
    throw new AppError('EMERGENCY_CARD_UNKNOWN');
  }
  const [byCard, byDoctor] = await Promise.all([
    timesOf(tx, 'card', opening.card),
    timesOf(tx, 'person_id', person),
  ]);
  assertMayOpen(byCard, byDoctor, now);
  await record(ctx, tx, row.patient_id, 'emergency', {
    organisation: desk.organisation,
    device: desk.device,
    person,
    purpose: 'ETREAT',
    reason: opening.reason,
  });
  await tx
    .insertInto('vault.emergency_case')
    .values({
      id: opening.request,
      card: opening.card,
      patient_id: row.patient_id,
      person_id: person,
      organisation_id: desk.organisation,
      device_id: desk.device,
      reason: opening.reason,
      opened_at: new Date(now),
    })
    .execute();
  await tell(ctx, tx, row.patient_id, 'emergency-opened', { case: opening.request });
  if (row.guardians) await tellGuardians(ctx, tx, row.patient_id);
  return released;
}

async function timesOf(tx: VaultTx, column: 'card' | 'person_id', value: string): Promise<number[]> {
  const rows = await tx
    .selectFrom('vault.emergency_case')
    .select('opened_at')
    .where(column, '=', value)
    .orderBy('opened_at', 'desc')
    .limit(200)
    .execute();
  return rows.map(({ opened_at }) => opened_at.getTime());
}

/** They learn that it happened; not where, by whom or why. */
async function tellGuardians(ctx: VaultContext, tx: VaultTx, patientId: string): Promise<void> {
  const guardians = await tx
    .selectFrom('vault.guardianship as s')
    .innerJoin('vault.guardian_share as h', 'h.recovery', 's.recovery')
    .innerJoin('vault.guardian as g', 'g.code', 'h.code')
    .select('g.patient_id')
    .distinct()
    .where('s.patient_id', '=', patientId)
    .execute();
  for (const { patient_id } of guardians) await tell(ctx, tx, patient_id, 'ward-emergency');
}
