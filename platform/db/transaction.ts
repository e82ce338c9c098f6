/** Transactions that are tried again when PostgreSQL asks for it. */
import type { Kysely, Transaction } from 'kysely';

const AGAIN = new Set(['40001', '40P01']);

export interface TransactionOptions {
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable';
  /** Tries in all; 6 by default. */
  readonly attempts?: number;
}

/**
 * Runs `fn` in one transaction (serializable by default). If PostgreSQL reports a serialization failure or a deadlock
 * (SQLSTATE 40001, 40P01) the whole `fn` runs again, so it must have no effect outside the database.
 */
export async function transaction<Schema, T>(
  db: Kysely<Schema>,
  fn: (tx: Transaction<Schema>) => Promise<T>,
  { isolation = 'serializable', attempts = 6 }: TransactionOptions = {},
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().setIsolationLevel(isolation).execute(fn);
    } catch (e) {
      if (attempt >= attempts || !isSerializationFailure(e)) throw e;
      const wait = Math.random() * 10 * 2 ** attempt;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

export function isSerializationFailure(e: unknown): boolean {
  for (let at = e; at instanceof Error; at = at.cause)
    if (AGAIN.has((at as { code?: string }).code ?? '')) return true;
  return false;
}
