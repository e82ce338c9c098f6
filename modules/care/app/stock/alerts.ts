/** What a regulator has to know about a clinic: raised by the house itself, once for each cause, and read at its desk. */
import { AppError, type Hex, newId } from '@zhenmei/kernel';
import type { AlertKind } from '../../adapters/stock-schema.ts';
import { reuseAttempt } from '../../core/custody-statements.ts';
import '../../core/stock-errors.ts';
import type { Site } from '../../ports.ts';
import type { CareContext, CareTx, VisitRow } from '../context.ts';
import { clinicSite } from './clinic.ts';

export interface Raised {
  readonly clinic: Site;
  readonly kind: AlertKind;
  readonly unit: string | null;
  /** The same cause is told once. */
  readonly cause: string;
  readonly detail: object;
  readonly event: Hex | null;
}

export async function raiseAlert(ctx: CareContext, tx: CareTx, alert: Raised): Promise<void> {
  const now = ctx.clock.now();
  await tx
    .insertInto('care.alert')
    .values({
      id: newId(now, ctx.random.bytes(10)),
      clinic_id: alert.clinic.id,
      region: alert.clinic.region,
      kind: alert.kind,
      unit: alert.unit,
      cause: alert.cause,
      detail: JSON.stringify(alert.detail),
      event: alert.event,
      raised_at: new Date(now),
    })
    .onConflict((c) => c.columns(['kind', 'cause']).doNothing())
    .execute();
}

/**
 * A used unit was proposed for another visit: an event in the public log and a row for the regulator, in a transaction
 * of its own, for the refusal leaves nothing else behind.
 */
export async function reportReuse(ctx: CareContext, visit: VisitRow, unit: string): Promise<void> {
  const clinic = await clinicSite(ctx, visit.clinic_id);
  const cause = `${visit.id}/${unit}`;
  await ctx.db.transaction().execute(async (tx) => {
    const known = await tx
      .selectFrom('care.alert')
      .select('id')
      .where('kind', '=', 'reuse-attempt')
      .where('cause', '=', cause)
      .executeTakeFirst();
    if (known) return;
    const at = new Date(ctx.clock.now()).toISOString();
    const event = await ctx.custody.capture(tx, reuseAttempt({ site: clinic.gln, at }, unit), clinic.id);
    await raiseAlert(ctx, tx, {
      clinic,
      kind: 'reuse-attempt',
      unit,
      cause,
      detail: { doctor: visit.doctor_id },
      event,
    });
  });
}

/** Newest first, of the region that this regulator is of. Throws NOT_A_REGULATOR. */
export async function readAlerts(ctx: CareContext, organisationId: string) {
  const sites = await ctx.custody.sites();
  const own = sites.find(({ id }) => id === organisationId);
  if (own?.kind !== 'regulator') throw new AppError('NOT_A_REGULATOR');
  const rows = await ctx.db
    .selectFrom('care.alert')
    .selectAll()
    .where('region', '=', own.region)
    .orderBy('raised_at', 'desc')
    .limit(200)
    .execute();
  return rows.map((row) => {
    const clinic = sites.find(({ id }) => id === row.clinic_id);
    return {
      id: row.id,
      kind: row.kind,
      clinic: clinic ? { id: clinic.id, name: clinic.name, gln: clinic.gln } : null,
      unit: row.unit,
      event: row.event,
      at: row.raised_at.toISOString(),
    };
  });
}
