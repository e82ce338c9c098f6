/** Ciphertext that nothing points to any more goes away with the row that did. */
import { sql } from 'kysely';
import type { VaultContext } from './context.ts';

/** Deletes blobs that no object, delivery or upload holds. Call it after the change is committed. */
export async function forgetBlobs({ db, blobs }: VaultContext, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  const { rows } = await sql<{ key: string }>`
    SELECT g.key FROM unnest(${[...new Set(keys)]}::text[]) AS g (key)
    WHERE NOT EXISTS (SELECT 1 FROM vault.object WHERE blob_key = g.key)
      AND NOT EXISTS (SELECT 1 FROM vault.mailbox WHERE blob_key = g.key)
      AND NOT EXISTS (SELECT 1 FROM vault.permission_inbox WHERE blob_key = g.key)
      AND NOT EXISTS (SELECT 1 FROM vault.upload_piece WHERE blob_key = g.key)`.execute(db);
  for (const { key } of rows) await blobs.delete(key);
}
