/** What must not go on: units of an open case that locks, and of lots that are concerned as a whole. */
import { sql } from 'kysely';
import { EXCEPTION_KINDS, EXCEPTIONS, type ExceptionKind } from '../../core/exceptions.ts';
import type { ProvenanceContext } from '../context.ts';

export const LOCKING: readonly ExceptionKind[] = EXCEPTION_KINDS.filter((kind) => EXCEPTIONS[kind].locks);

/** Why each of these is locked; what is free is not among them. */
export async function locksOf(
  ctx: Pick<ProvenanceContext, 'db'>,
  epcs: readonly string[],
): Promise<Map<string, ExceptionKind>> {
  if (epcs.length === 0) return new Map();
  const { rows } = await sql<{ epc: string; kind: ExceptionKind }>`
    SELECT x.epc, min(e.kind) AS kind
    FROM provenance.exception_item x JOIN provenance.exception e ON e.id = x.exception_id
    WHERE x.epc = any(${sql.val([...epcs])}::text[]) AND ${lockingCase}
    GROUP BY x.epc`.execute(ctx.db);
  return new Map(rows.map(({ epc, kind }) => [epc, kind]));
}

/** Of `provenance.exception e`: it is not over, and its kind or its state locks. */
export const lockingCase = sql<boolean>`e.state <> 'resolved' AND (e.state = 'quarantined' OR e.kind = any(${sql.val(
  [...LOCKING],
)}::text[]))`;
