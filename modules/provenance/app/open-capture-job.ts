/** Takes a document in for capture: accepted at once, done by a job that survives its server. */
import { AppError, type Json, newId } from '@zhenmei/kernel';
import { isObject, type JsonObject } from '../core/checks.ts';
import '../core/errors.ts';
import { CAPTURE_LIMIT } from '../core/limits.ts';
import { validateDocument } from '../core/validate.ts';
import type { EpcisContext } from './context.ts';

export type ErrorBehaviour = 'rollback' | 'proceed';

/**
 * Takes a document in. Its frame must be right; each event is judged by the job.
 * Throws EPCIS_NOT_A_DOCUMENT, EVENT_INVALID (with the pointer), CAPTURE_TOO_MANY.
 */
export async function openCaptureJob(
  ctx: EpcisContext,
  organisationId: string,
  document: Json,
  behaviour: ErrorBehaviour,
): Promise<string> {
  mustBeDocument(document);
  const events = listOf(document).length;
  if (events > CAPTURE_LIMIT) throw new AppError('CAPTURE_TOO_MANY', { limit: CAPTURE_LIMIT, count: events });
  const now = ctx.clock.now();
  const id = newId(now, ctx.random.bytes(10));
  await ctx.db.transaction().execute(async (tx) => {
    await tx
      .insertInto('provenance.capture_job')
      .values({
        id,
        organisation_id: organisationId,
        behaviour,
        document: JSON.stringify(document),
        events,
        errors: '[]',
        created_at: new Date(now),
        finished_at: null,
      })
      .execute();
    await ctx.jobs.captureLater(tx, id, now);
  });
  return id;
}

function mustBeDocument(document: Json): void {
  const body = isObject(document) ? document.epcisBody : undefined;
  if (!isObject(document) || !isObject(body)) throw new AppError('EPCIS_NOT_A_DOCUMENT');
  const empty: JsonObject = isObject(body.queryResults)
    ? { ...body, queryResults: { ...body.queryResults, resultsBody: { eventList: [] } } }
    : { ...body, eventList: [] };
  const issue = validateDocument({ ...document, epcisBody: empty })[0];
  if (issue) refuse(issue.pointer || '/', issue.en);
  const list = listOf(document);
  if (list.length === 0) refuse('/epcisBody', 'holds no events');
  const bare = list.findIndex((one) => !isObject(one));
  if (bare >= 0) refuse(`/epcisBody/eventList/${bare}`, 'must be an object');
}

function refuse(path: string, reason: string): never {
  throw new AppError('EVENT_INVALID', { path, reason });
}

function listOf(document: Json): readonly Json[] {
  const body = (document as JsonObject).epcisBody as JsonObject;
  const results = isObject(body.queryResults) ? (body.queryResults.resultsBody as Json) : body;
  const list = isObject(results) ? results.eventList : undefined;
  return Array.isArray(list) ? list : [];
}
