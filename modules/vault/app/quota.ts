/** How much one vault may hold. */
import { AppError } from '@zhenmei/kernel';
import { sql } from 'kysely';
import type { Quota, VaultTx } from './context.ts';

const MB = 1_000_000;
export const QUOTA: Quota = { bytes: 5_000 * MB, objects: 20_000 };

/** Within the transaction that adds; two at the same time are counted one after the other. Throws QUOTA_EXCEEDED. */
export async function assertRoom(
  tx: VaultTx,
  patientId: string,
  name: string,
  size: number,
  quota: Quota = QUOTA,
): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`vault.quota/${patientId}`}, 0))`.execute(tx);
  const { rows } = await sql<{ bytes: string; objects: number }>`
    SELECT coalesce(sum(size), 0) AS bytes, count(*)::int AS objects FROM vault.object
    WHERE patient_id = ${patientId} AND name <> ${name}`.execute(tx);
  const { bytes, objects } = rows[0]!;
  if (Number(bytes) + size > quota.bytes || objects + 1 > quota.objects)
    throw new AppError('QUOTA_EXCEEDED', {
      used: Math.round(Number(bytes) / MB),
      most: Math.round(quota.bytes / MB),
      count: quota.objects,
    });
}
