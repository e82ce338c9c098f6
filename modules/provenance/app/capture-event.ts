/** Captures an event: validated, allowed for this party, stored once, and a leaf of the log (type 01). */
import { siteLink } from '@zhenmei/gs1';
import { AppError, type Hex } from '@zhenmei/kernel';
import '../core/errors.ts';
import { EpcisEvent, eventDigest, eventLeafText } from '../core/events.ts';
import type { ProvenanceContext } from './context.ts';

/** Key of an event's leaf in the log. */
export function eventLeafKey(digest: Hex): string {
  return `event/${digest}`;
}

/** Throws EVENT_INVALID, EVENT_NOT_YOURS. The same event again changes nothing. */
export async function captureEvent(ctx: ProvenanceContext, organisationId: string, input: unknown, tx: ProvenanceContext['db'] | null = null): Promise<{ digest: Hex }> {
  const parsed = EpcisEvent.safeParse(input);
  if (!parsed.success) throw new AppError('EVENT_INVALID', { path: `/${parsed.error.issues[0]?.path.join('/') ?? ''}` });
  const event = parsed.data;
  const party = await ctx.parties.byId(organisationId);
  const site = event.bizLocation?.id ?? event.readPoint?.id ?? null;
  if (!party || (site !== null && site !== siteLink(party.gln))) throw new AppError('EVENT_NOT_YOURS');
  const digest = eventDigest(event);
  const save = async (db: ProvenanceContext['db']) => {
    const added = await db
      .insertInto('provenance.event')
      .values({ digest, body: JSON.stringify(event), biz_step: event.bizStep, event_time: new Date(event.eventTime), site, captured_by: organisationId, captured_at: new Date(ctx.clock.now()) })
      .onConflict((c) => c.doNothing())
      .returning('digest')
      .executeTakeFirst();
    if (!added) return;
    const epcs = [...new Set([...(event.epcList ?? []), ...(event.quantityList ?? []).map((q) => q.epcClass)])];
    if (epcs.length > 0) await db.insertInto('provenance.event_epc').values(epcs.map((epc) => ({ epc, digest }))).execute();
    await ctx.log.append(db, 0x01, eventLeafText(event), eventLeafKey(digest));
  };
  if (tx) await save(tx);
  else await ctx.db.transaction().execute(save);
  return { digest };
}
