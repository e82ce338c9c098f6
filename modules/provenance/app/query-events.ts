/** Reads captured events back, as an EPCIS query document (simple event query). */
import { canonicalLink } from '@zhenmei/gs1';
import { AppError, type Hex } from '@zhenmei/kernel';
import '../core/errors.ts';
import type { EpcisEvent } from '../core/events.ts';
import { BIZ_STEP, termOf, webForm } from '../core/vocabulary.ts';
import type { ProvenanceContext } from './context.ts';

export interface EventQuery {
  /** An identifier in any writing: matches what names it itself, as parent or child. */
  readonly epc?: string | undefined;
  readonly bizStep?: string | undefined;
  /** Event time from (inclusive) and before, RFC 3339. */
  readonly from?: string | undefined;
  readonly before?: string | undefined;
  readonly perPage?: number | undefined;
  readonly nextPageToken?: string | undefined;
}

export interface EventPage {
  readonly events: readonly (EpcisEvent & { readonly eventID: string; readonly recordTime: string })[];
  readonly nextPageToken: string | null;
}

/** In order of capture. Throws QUERY_INVALID for a page token that was not given out. */
export async function queryEvents(ctx: ProvenanceContext, query: EventQuery): Promise<EventPage> {
  const perPage = query.perPage ?? 30;
  let rows = ctx.db
    .selectFrom('provenance.event as e')
    .select(['e.body', 'e.hash', 'e.event_id', 'e.captured_at', 'e.digest']);
  if (query.epc !== undefined) {
    const epc = canonicalLink(query.epc) ?? query.epc;
    rows = rows.where(
      'e.digest',
      'in',
      ctx.db.selectFrom('provenance.event_epc as x').select('x.digest').where('x.epc', '=', epc),
    );
  }
  if (query.bizStep !== undefined)
    rows = rows.where(
      'e.biz_step',
      '=',
      termOf(BIZ_STEP, webForm(query.bizStep).replace(/^cbv:/, 'https://ref.gs1.org/cbv/')),
    );
  if (query.from !== undefined) rows = rows.where('e.event_time', '>=', new Date(query.from));
  if (query.before !== undefined) rows = rows.where('e.event_time', '<', new Date(query.before));
  if (query.nextPageToken !== undefined) {
    const { at, digest } = readToken(query.nextPageToken);
    rows = rows.where((eb) =>
      eb.or([
        eb('e.captured_at', '>', at),
        eb.and([eb('e.captured_at', '=', at), eb('e.digest', '>', digest)]),
      ]),
    );
  }
  const found = await rows
    .orderBy('e.captured_at')
    .orderBy('e.digest')
    .limit(perPage + 1)
    .execute();
  const page = found.slice(0, perPage);
  const last = page.at(-1);
  return {
    events: page.map((row) => ({
      ...row.body,
      eventID: row.event_id ?? row.hash ?? '',
      recordTime: row.captured_at.toISOString(),
    })),
    nextPageToken: found.length > perPage && last ? `${last.captured_at.getTime()}.${last.digest}` : null,
  };
}

function readToken(token: string): { at: Date; digest: Hex } {
  const match = /^(\d{1,15})\.(0x[0-9a-f]{64})$/.exec(token);
  if (!match) throw new AppError('QUERY_INVALID', { name: 'nextPageToken' });
  return { at: new Date(Number(match[1])), digest: match[2] as Hex };
}
