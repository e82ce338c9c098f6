import type { Transaction } from 'kysely';
import type { Executor } from './event-store.ts';
import type { ProvenanceDatabase } from './schema.ts';

const AGAIN = new Set(['40001', '40P01']);
const ATTEMPTS = 6;

/** One transaction, begun anew where two captures stood in each other's way (SQLSTATE 40001, 40P01). */
export async function transact<T>(
  db: Executor,
  work: (tx: Transaction<ProvenanceDatabase>) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++)
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (attempt === ATTEMPTS || !AGAIN.has((error as { code?: string }).code ?? '')) throw error;
    }
}
