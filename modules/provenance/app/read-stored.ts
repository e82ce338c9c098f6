import { AppError, type Hex } from '@zhenmei/kernel';
import '../core/errors.ts';
import type { StoredEvent } from '../core/present.ts';
import type { ProvenanceContext } from './context.ts';
import { storedEvent } from './query-events.ts';

/** A captured event by its digest. Throws EVENT_UNKNOWN. */
export async function readStored(ctx: ProvenanceContext, digest: Hex): Promise<StoredEvent> {
  const row = await ctx.db
    .selectFrom('provenance.event')
    .select(['captured_at', 'hash', 'event_id', 'body', 'written'])
    .where('digest', '=', digest)
    .executeTakeFirst();
  if (!row) throw new AppError('EVENT_UNKNOWN');
  return storedEvent(row as never);
}
