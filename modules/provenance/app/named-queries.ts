/** Queries that an organisation keeps under a name of its own. */
import { AppError } from '@zhenmei/kernel';
import '../core/errors.ts';
import type { Parameters } from '../core/query/parameters.ts';
import type { ProvenanceContext } from './context.ts';
import { understand } from './query-events.ts';

/** Queries of one organisation, and subscriptions to all of them, at most. */
export const MOST_KEPT = 200;

export interface NamedQuery {
  readonly name: string;
  readonly query: Parameters;
}

/** Throws QUERY_PARAMETER_UNKNOWN, QUERY_INVALID, NAMED_QUERY_EXISTS, NAMED_QUERIES_TOO_MANY. */
export async function createQuery(
  ctx: ProvenanceContext,
  organisationId: string,
  { name, query }: NamedQuery,
): Promise<void> {
  const { '@context': context, ...parameters } = query;
  for (const own of ['perPage', 'nextPageToken'])
    if (parameters[own] !== undefined) throw new AppError('QUERY_INVALID', { name: own });
  understand(parameters, context);
  const { n } = await ctx.db
    .selectFrom('provenance.named_query')
    .select((eb) => eb.fn.countAll<bigint>().as('n'))
    .where('organisation_id', '=', organisationId)
    .executeTakeFirstOrThrow();
  if (n >= MOST_KEPT) throw new AppError('NAMED_QUERIES_TOO_MANY', { limit: MOST_KEPT });
  const { numInsertedOrUpdatedRows } = await ctx.db
    .insertInto('provenance.named_query')
    .values({
      organisation_id: organisationId,
      name,
      query: JSON.stringify(query),
      created_at: new Date(ctx.clock.now()),
    })
    .onConflict((c) => c.doNothing())
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows !== 1n) throw new AppError('NAMED_QUERY_EXISTS', { name });
}

/** Throws NAMED_QUERY_UNKNOWN. */
export async function readNamedQuery(
  ctx: ProvenanceContext,
  organisationId: string,
  name: string,
): Promise<NamedQuery> {
  const found = await ctx.db
    .selectFrom('provenance.named_query')
    .select(['name', 'query'])
    .where('organisation_id', '=', organisationId)
    .where('name', '=', name)
    .executeTakeFirst();
  if (!found) throw new AppError('NAMED_QUERY_UNKNOWN', { name });
  return found;
}

/** By name. */
export async function namedQueries(
  ctx: ProvenanceContext,
  organisationId: string,
  after: string,
  limit: number,
): Promise<NamedQuery[]> {
  return ctx.db
    .selectFrom('provenance.named_query')
    .select(['name', 'query'])
    .where('organisation_id', '=', organisationId)
    .where('name', '>', after)
    .orderBy('name')
    .limit(limit)
    .execute();
}

/** With its subscriptions. Throws NAMED_QUERY_UNKNOWN. */
export async function deleteQuery(
  ctx: ProvenanceContext,
  organisationId: string,
  name: string,
): Promise<null> {
  const { numDeletedRows } = await ctx.db
    .deleteFrom('provenance.named_query')
    .where('organisation_id', '=', organisationId)
    .where('name', '=', name)
    .executeTakeFirst();
  if (numDeletedRows !== 1n) throw new AppError('NAMED_QUERY_UNKNOWN', { name });
  return null;
}
