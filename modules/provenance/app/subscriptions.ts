/** Subscriptions to named queries by webhook: made, shown and ended by the organisation whose query it is. */
import { AppError, isId, newId } from '@zhenmei/kernel';
import { type Selectable, sql } from 'kysely';
import type { ProvenanceDatabase } from '../adapters/schema.ts';
import '../core/errors.ts';
import type { EpcFormat } from '../core/present.ts';
import { nextRun, type Schedule } from '../core/schedule.ts';
import type { EpcisContext, ProvenanceContext } from './context.ts';
import { MOST_KEPT, readNamedQuery } from './named-queries.ts';

export interface NewSubscription {
  readonly dest: string;
  readonly signatureToken?: string | undefined;
  readonly stream?: true | undefined;
  readonly schedule?: Schedule | undefined;
  readonly reportIfEmpty?: boolean | undefined;
  /** RFC 3339; from now on unless told. */
  readonly initialRecordTime?: string | undefined;
  readonly epcFormat: EpcFormat;
}

export interface SubscriptionView {
  readonly subscriptionID: string;
  readonly queryName: string;
  readonly dest: string;
  readonly createdAt: string;
  readonly lastNotifiedAt?: string;
  readonly initialRecordTime?: string;
  readonly minRecordTime: string;
  readonly epcFormat: EpcFormat;
  readonly stream?: true;
  readonly schedule?: Schedule;
  readonly reportIfEmpty?: boolean;
  /** Why nothing is sent any more. */
  readonly 'zm:stopped'?: { readonly code: string; readonly at: string };
  readonly 'zm:failures'?: number;
}

/** Throws NAMED_QUERY_UNKNOWN, SUBSCRIPTION_INVALID, SUBSCRIPTION_NOT_BOUNDED, NAMED_QUERIES_TOO_MANY. */
export async function subscribe(
  ctx: EpcisContext,
  organisationId: string,
  queryName: string,
  given: NewSubscription,
): Promise<SubscriptionView> {
  const { query } = await readNamedQuery(ctx, organisationId, queryName);
  for (const name of ['orderBy', 'orderDirection', 'eventCountLimit', 'maxEventCount'])
    if (query[name] !== undefined) throw new AppError('SUBSCRIPTION_NOT_BOUNDED', { name });
  if ((given.stream === undefined) === (given.schedule === undefined))
    throw new AppError('SUBSCRIPTION_INVALID', { name: 'stream' });
  if (ctx.webhooks.objection(given.dest)) throw new AppError('SUBSCRIPTION_INVALID', { name: 'dest' });
  const now = ctx.clock.now();
  const initial = given.initialRecordTime === undefined ? null : Date.parse(given.initialRecordTime);
  const due = given.schedule ? nextRun(given.schedule, now) : Math.max(now, initial ?? now);
  const { n } = await ctx.db
    .selectFrom('provenance.subscription')
    .select((eb) => eb.fn.countAll<bigint>().as('n'))
    .where('organisation_id', '=', organisationId)
    .executeTakeFirstOrThrow();
  if (n >= MOST_KEPT) throw new AppError('NAMED_QUERIES_TOO_MANY', { limit: MOST_KEPT });
  const row = await ctx.db
    .insertInto('provenance.subscription')
    .values({
      id: newId(now, ctx.random.bytes(10)),
      organisation_id: organisationId,
      query_name: queryName,
      dest: given.dest,
      token: given.signatureToken === undefined ? null : ctx.seal.seal(given.signatureToken),
      schedule: given.schedule ? JSON.stringify(given.schedule) : null,
      report_if_empty: given.reportIfEmpty ?? false,
      epc_format: given.epcFormat,
      initial_record_time: initial === null ? null : new Date(initial),
      min_record_time: new Date(initial ?? now),
      created_at: new Date(now),
      last_notified_at: null,
      era: sql<number>`(select max(no) from provenance.era)`,
      // what is captured from now on, unless an earlier time was named
      delivered: initial === null ? sql<string>`pg_current_snapshot()::text` : null,
      window_era: null,
      window_until: null,
      due_at: new Date(due),
      locked_until: null,
      stopped_at: null,
      stopped_code: null,
      last_error: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return view(row);
}

type Row = Pick<
  Selectable<ProvenanceDatabase['provenance.subscription']>,
  | 'id'
  | 'query_name'
  | 'dest'
  | 'schedule'
  | 'report_if_empty'
  | 'epc_format'
  | 'initial_record_time'
  | 'min_record_time'
  | 'created_at'
  | 'last_notified_at'
  | 'attempts'
  | 'stopped_at'
  | 'stopped_code'
>;

function view(row: Row): SubscriptionView {
  return {
    subscriptionID: row.id,
    queryName: row.query_name,
    dest: row.dest,
    createdAt: row.created_at.toISOString(),
    ...(row.last_notified_at ? { lastNotifiedAt: row.last_notified_at.toISOString() } : {}),
    ...(row.initial_record_time ? { initialRecordTime: row.initial_record_time.toISOString() } : {}),
    minRecordTime: row.min_record_time.toISOString(),
    epcFormat: row.epc_format,
    ...(row.schedule
      ? { schedule: row.schedule, reportIfEmpty: row.report_if_empty }
      : { stream: true as const }),
    ...(row.stopped_at && row.stopped_code
      ? { 'zm:stopped': { code: row.stopped_code, at: row.stopped_at.toISOString() } }
      : {}),
    ...(row.attempts > 0 ? { 'zm:failures': row.attempts } : {}),
  };
}

/** In the order they were made. Throws NAMED_QUERY_UNKNOWN. */
export async function subscriptions(
  ctx: ProvenanceContext,
  organisationId: string,
  queryName: string,
  after: string,
  limit: number,
): Promise<SubscriptionView[]> {
  await readNamedQuery(ctx, organisationId, queryName);
  let rows = ctx.db
    .selectFrom('provenance.subscription')
    .selectAll()
    .where('organisation_id', '=', organisationId)
    .where('query_name', '=', queryName);
  if (after !== '') rows = rows.where('id', '>', after);
  return (await rows.orderBy('id').limit(limit).execute()).map(view);
}

/** Throws SUBSCRIPTION_UNKNOWN. */
export async function readSubscription(
  ctx: ProvenanceContext,
  organisationId: string,
  queryName: string,
  id: string,
): Promise<SubscriptionView> {
  const row = isId(id)
    ? await ctx.db
        .selectFrom('provenance.subscription')
        .selectAll()
        .where('id', '=', id)
        .where('organisation_id', '=', organisationId)
        .where('query_name', '=', queryName)
        .executeTakeFirst()
    : undefined;
  if (!row) throw new AppError('SUBSCRIPTION_UNKNOWN');
  return view(row);
}

/** What is just being sent may still arrive. Throws SUBSCRIPTION_UNKNOWN. */
export async function unsubscribe(
  ctx: ProvenanceContext,
  organisationId: string,
  queryName: string,
  id: string,
): Promise<null> {
  await readSubscription(ctx, organisationId, queryName, id);
  await ctx.db.deleteFrom('provenance.subscription').where('id', '=', id).execute();
  return null;
}
