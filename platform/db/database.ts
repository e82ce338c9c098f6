/** A pool of connections and the query builder on it. */
import { AppError } from '@zhenmei/kernel';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import './errors.ts';

export interface DatabaseOptions {
  /** Connections kept at most; 20 by default. */
  readonly max?: number;
  /** Longest statement in milliseconds; 15 000 by default. */
  readonly statementTimeoutMs?: number;
  /** Shown in `pg_stat_activity`. */
  readonly name?: string;
  /** Told when an idle connection breaks; the pool replaces it. */
  readonly onConnectionLost?: (reason: string) => void;
}

export interface Database {
  readonly db: Kysely<unknown>;
  readonly pool: pg.Pool;
  readonly url: string;
  /** The same connection pool, seen through a module's table types. */
  as<Schema>(): Kysely<Schema>;
  /** One round trip; throws DATABASE_UNREACHABLE. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

const INT8 = 20;
const INT8_ARRAY = 1016;
const DATE = 1082;
const TEXT_ARRAY = 1009;

/** int8 → bigint, date → text (a day has no time zone), everything else as `pg` reads it (timestamptz → Date). */
const types: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === INT8) return BigInt;
    if (oid === DATE) return String;
    if (oid === INT8_ARRAY) {
      const parse = pg.types.getTypeParser(TEXT_ARRAY as number as 20) as (text: string) => (string | null)[];
      return (text: string) => parse(text).map((each) => (each === null ? null : BigInt(each)));
    }
    return pg.types.getTypeParser(oid, format as 'text');
  },
};

/**
 * Connects and checks that this is a PostgreSQL we can use.
 * Throws DATABASE_URL_WRONG, DATABASE_UNREACHABLE, DATABASE_REFUSED, DATABASE_TOO_OLD, DATABASE_ENCODING.
 */
export async function createDatabase(url: string, options: DatabaseOptions = {}): Promise<Database> {
  const host = hostOf(url);
  const pool = new pg.Pool({
    connectionString: url,
    types,
    max: options.max ?? 20,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 10_000,
    statement_timeout: options.statementTimeoutMs ?? 15_000,
    idle_in_transaction_session_timeout: 30_000,
    application_name: options.name ?? 'zhenmei',
    keepAlive: true,
  });
  pool.on('error', (e) => options.onConnectionLost?.(e.message));
  // a connection that breaks between two statements of a transaction tells nobody else; the next statement fails
  pool.on('connect', (client) => client.on('error', (e) => options.onConnectionLost?.(e.message)));
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  const ping = async (): Promise<void> => {
    await sql`select 1`.execute(db).catch((e: unknown) => {
      throw nameConnectError(e, host);
    });
  };
  try {
    await checkServer(db, host);
  } catch (e) {
    await db.destroy();
    throw e;
  }
  let closed: Promise<void> | undefined;
  return {
    db,
    pool,
    url,
    as: <Schema>() => db as unknown as Kysely<Schema>,
    ping,
    close: () => {
      closed ??= db.destroy();
      return closed;
    },
  };
}

function hostOf(url: string): string {
  try {
    const parsed = new URL(url);
    if (!/^postgres(ql)?:$/.test(parsed.protocol)) throw new Error('not postgres');
    return parsed.host || 'localhost';
  } catch {
    // The address holds a password: neither it nor the cause may travel further.
    throw new AppError('DATABASE_URL_WRONG');
  }
}

async function checkServer(db: Kysely<unknown>, host: string): Promise<void> {
  const { rows } = await sql<{ number: string; version: string; encoding: string }>`
    select current_setting('server_version_num') as number, current_setting('server_version') as version,
           current_setting('server_encoding') as encoding`
    .execute(db)
    .catch((e: unknown) => {
      throw nameConnectError(e, host);
    });
  const { number, version, encoding } = rows[0]!;
  if (Number(number) < 150_000) throw new AppError('DATABASE_TOO_OLD', { version });
  if (encoding !== 'UTF8') throw new AppError('DATABASE_ENCODING', { encoding });
}

/** SQLSTATE class 28 and 3D000 are refusals; everything else before the first answer is a network fact. */
function nameConnectError(e: unknown, host: string): AppError {
  const { code = '', message } = e as { code?: string; message: string };
  const refused = code.startsWith('28') || code === '3D000' || /password must be a string|SASL/.test(message);
  return new AppError(refused ? 'DATABASE_REFUSED' : 'DATABASE_UNREACHABLE', {
    host,
    reason: message || code,
  });
}
