/** Captures an event together with the signature of the device that states it: both are kept, or neither. */
import { AppError, type Hex } from '@zhenmei/kernel';
import '../../core/errors.ts';
import { signsEvent } from '../../core/event-signature.ts';
import { type Captured, captureEvent } from '../capture-event.ts';
import type { ProvenanceContext } from '../context.ts';

export interface SignedStatement {
  readonly event: unknown;
  /** ES256 by a device of the organisation over `eventStatement(digest)`. */
  readonly signature: Hex;
}

/**
 * The same statement again changes nothing.
 * @param tx a transaction to take part in; without one it makes its own
 * Throws EVENT_SIGNATURE_WRONG, and as `captureEvent`.
 */
export async function captureSigned(
  ctx: ProvenanceContext,
  organisationId: string,
  { event, signature }: SignedStatement,
  tx: ProvenanceContext['db'] | null = null,
): Promise<Captured> {
  const keys = (await ctx.parties.byId(organisationId))?.keys ?? [];
  const save = async (db: ProvenanceContext['db']) => {
    const captured = await captureEvent(ctx, organisationId, event, db);
    const key = keys.find((one) => signsEvent({ event: captured.digest, key: one, signature }));
    if (!key) throw new AppError('EVENT_SIGNATURE_WRONG');
    await db
      .insertInto('provenance.event_signature')
      .values({
        digest: captured.digest,
        key,
        signature,
        organisation_id: organisationId,
        signed_at: new Date(ctx.clock.now()),
      })
      .onConflict((c) => c.doNothing())
      .execute();
    return captured;
  };
  return tx ? save(tx) : ctx.db.transaction().execute(save);
}
