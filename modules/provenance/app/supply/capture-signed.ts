/** Captures an event together with the signature of the device that states it: both are kept, or neither. */
import { AppError, type Hex } from '@zhenmei/kernel';
import '../../core/errors.ts';
import { signsEvent } from '../../core/event-signature.ts';
import { isMaker } from '../../core/facts.ts';
import { releasesOf } from '../../core/releases.ts';
import { type Captured, captureEvent } from '../capture-event.ts';
import type { ProvenanceContext } from '../context.ts';
import type { SupplyContext } from './context.ts';
import { RECONCILE } from './follow-goods.ts';
import { readEvents } from './found.ts';
import { assertMayMove } from './may-move.ts';
import { assertSensorsMatch } from './sensor-logs.ts';

export interface SignedStatement {
  readonly event: unknown;
  /** ES256 by a device of the organisation over `eventStatement(digest)`. */
  readonly signature: Hex;
}

/**
 * What is signed is also judged: whether the goods may go there, and whether a logger's file says what the event says.
 * The same statement again changes nothing.
 * @param tx a transaction to take part in; without one it makes its own
 * Throws EVENT_SIGNATURE_WRONG, GOODS_LOCKED, SUPPLY_REFUSED, RELEASE_NOT_YOURS, SENSOR_LOG_UNKNOWN,
 * SENSOR_LOG_DIFFERS, and as `captureEvent`.
 */
export async function captureSigned(
  ctx: SupplyContext,
  organisationId: string,
  { event, signature }: SignedStatement,
  tx: ProvenanceContext['db'] | null = null,
): Promise<Captured> {
  const site = await ctx.parties.byId(organisationId);
  const save = async (db: ProvenanceContext['db']) => {
    const captured = await captureEvent(ctx, organisationId, event, db);
    const key = site?.keys?.find((one) => signsEvent({ event: captured.digest, key: one, signature }));
    if (!key) throw new AppError('EVENT_SIGNATURE_WRONG');
    const added = await db
      .insertInto('provenance.event_signature')
      .values({
        digest: captured.digest,
        key,
        signature,
        organisation_id: organisationId,
        signed_at: new Date(ctx.clock.now()),
      })
      .onConflict((c) => c.doNothing())
      .returning('digest')
      .executeTakeFirst();
    if (!added) return captured;
    await judge({ ...ctx, db }, captured.digest, site!.kind);
    // what was stated before may count only now
    await ctx.deadlines.schedule(db, {
      kind: RECONCILE,
      key: `goods/${captured.digest}/signed`,
      payload: { digest: captured.digest },
      dueAt: ctx.clock.now(),
    });
    return captured;
  };
  return tx ? save(tx) : ctx.db.transaction().execute(save);
}

async function judge(ctx: SupplyContext, digest: Hex, kind: string): Promise<void> {
  const stated = (await readEvents(ctx.db, [digest])).get(digest);
  // an error that is declared takes something back; it moves nothing
  if (!stated || stated.errorDeclaration) return;
  if (releasesOf(stated).length > 0 && !isMaker(kind)) throw new AppError('RELEASE_NOT_YOURS');
  await assertMayMove(ctx, stated);
  await assertSensorsMatch(ctx, stated);
}
