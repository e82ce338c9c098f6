/** Answers a simple event query (EPCIS 2.0, section 8.2.7.1), page by page. */
import { canonicalLink } from '@zhenmei/gs1';
import { AppError, canonicalJson, sha256, toHex, utf8 } from '@zhenmei/kernel';
import { type RawBuilder, sql } from 'kysely';
import type { Executor } from '../adapters/event-store.ts';
import { type After, ordered, orderKey, selectEvents } from '../adapters/query-sql.ts';
import { type Prefixes, withContext } from '../core/context.ts';
import { HOUSE } from '../core/document.ts';
import '../core/errors.ts';
import { eventHash } from '../core/event-hash.ts';
import { isDateTime } from '../core/event-time.ts';
import type { EpcisEvent } from '../core/events.ts';
import type { JsonObject } from '../core/normalise.ts';
import type { StoredEvent } from '../core/present.ts';
import { type PageToken, readToken, TOKEN_LIFE, writeToken } from '../core/query/page-token.ts';
import { type Parameters, readQuery } from '../core/query/parameters.ts';
import type { EventQuery } from '../core/query/query.ts';
import { count } from '../core/query/values.ts';
import { hashUri } from '../core/record.ts';
import type { ProvenanceContext } from './context.ts';
import { mustNotBeEnded } from './page-tokens.ts';

const PER_PAGE = 30;
/** More are given on further pages, whatever was asked for. */
const MOST_PER_PAGE = 1_000;
const SECONDS = 10;

export interface EventPage {
  readonly events: readonly StoredEvent[];
  readonly next: { readonly token: string; readonly until: number } | null;
}

/**
 * Without an order: by event time, the earliest first. Events captured meanwhile may come on later pages, none comes twice.
 * @param parameters by their names; values from an address (`a|b`) or from JSON
 * @param extensions prefixes declared beside the query
 * Throws QUERY_PARAMETER_UNKNOWN, QUERY_INVALID, QUERY_TOO_LARGE, QUERY_TOO_COMPLEX.
 */
export async function queryEvents(
  ctx: ProvenanceContext,
  parameters: Parameters,
  extensions: Prefixes = {},
): Promise<EventPage> {
  const { perPage, nextPageToken, '@context': context, ...own } = parameters;
  const query = understand(own, context, extensions);
  const fingerprint = toHex(sha256(utf8(canonicalJson({ own, context, extensions })))).slice(0, 32);
  const token = await tokenOf(ctx, nextPageToken, fingerprint, query);
  const size = Math.min(
    perPage === undefined ? PER_PAGE : count({ name: 'perPage', value: perPage }, 1),
    MOST_PER_PAGE,
    token?.left ?? query.eventCountLimit ?? MOST_PER_PAGE,
  );
  const rows = await patiently(ctx.db, async (tx) => {
    if (!token && query.maxEventCount !== null) await mustBeFew(tx, query, query.maxEventCount);
    return readEvents(tx, query, token, size + 1);
  });
  const left = token?.left ?? query.eventCountLimit;
  return {
    events: rows.slice(0, size).map(storedEvent),
    next: nextOf(rows, size, left, fingerprint, ctx.clock.now()),
  };
}

/** What the parameters mean. Throws QUERY_PARAMETER_UNKNOWN, QUERY_INVALID. */
export function understand(parameters: Parameters, context?: unknown, extensions: Prefixes = {}): EventQuery {
  const prefixes = { ...withContext(HOUSE, context), ...extensions };
  return readQuery(parameters, { prefixes, canonical: canonicalLink });
}

export interface FoundRow {
  readonly no: bigint;
  readonly key: string;
  readonly captured_at: Date;
  readonly hash: Buffer | null;
  readonly event_id: string | null;
  readonly body: EpcisEvent;
  readonly written: Record<string, string> | null;
}

/** The next rows of a query in its order. */
export async function readEvents(
  tx: Executor,
  query: EventQuery,
  after: After | null,
  limit: number,
  more: readonly RawBuilder<unknown>[] = [],
): Promise<FoundRow[]> {
  const key = query.orderBy;
  const text =
    typeof key === 'string'
      ? sql`to_char(${orderKey(key)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
      : orderKey(key);
  const columns = sql`e.no, ${text} as key, e.captured_at, e.hash, e.event_id, e.body, e.written`;
  const { rows } = await sql<FoundRow>`
    ${selectEvents(columns, query, after, more)} ${ordered(query)} limit ${limit}`.execute(tx);
  return rows;
}

export function storedEvent(row: Omit<FoundRow, 'no' | 'key'>): StoredEvent {
  const hash = row.hash ? hashUri(row.hash.toString('hex')) : eventHash(row.body as unknown as JsonObject);
  return {
    event: row.body,
    eventID: row.event_id ?? hash,
    recordTime: row.captured_at.toISOString(),
    written: row.written,
  };
}

/** Runs queries for a limited time, without the compiler that costs more than it gains over many partitions. */
export async function patiently<T>(db: Executor, work: (tx: Executor) => Promise<T>): Promise<T> {
  try {
    return await db.transaction().execute(async (tx) => {
      await sql`select set_config('statement_timeout', ${`${SECONDS}s`}, true), set_config('jit', 'off', true)`.execute(
        tx,
      );
      return work(tx);
    });
  } catch (error) {
    if ((error as { code?: string }).code !== '57014') throw error;
    throw new AppError('QUERY_TOO_COMPLEX', { seconds: SECONDS }, { cause: error });
  }
}

async function mustBeFew(tx: Executor, query: EventQuery, most: number): Promise<void> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (${selectEvents(sql`1`, query, null)} limit ${most + 1}) as found`.execute(
    tx,
  );
  if (rows[0]!.n > most) throw new AppError('QUERY_TOO_LARGE', { limit: most });
}

async function tokenOf(
  ctx: ProvenanceContext,
  given: unknown,
  fingerprint: string,
  query: EventQuery,
): Promise<PageToken | null> {
  if (given === undefined) return null;
  const token = readToken(typeof given === 'string' ? given : '', ctx.clock.now());
  const timed = typeof query.orderBy === 'string';
  const right = !timed || (isDateTime(token.key) && !token.key.startsWith('0000'));
  await mustNotBeEnded(ctx, given as string);
  if (token.query !== fingerprint || !right) throw new AppError('QUERY_INVALID', { name: 'nextPageToken' });
  return token;
}

function nextOf(
  rows: readonly FoundRow[],
  size: number,
  left: number | null,
  query: string,
  now: number,
): EventPage['next'] {
  const last = rows[size - 1];
  const remaining = left === null ? null : left - size;
  if (rows.length <= size || !last || remaining === 0) return null;
  const until = now + TOKEN_LIFE;
  const token = writeToken({ query, key: last.key, no: String(last.no), left: remaining, until });
  return { token, until };
}
