/**
 * The mailbox: somebody leaves a sealed file under a label that only the two who share the visit's secret can compute.
 * The row names neither the account nor the sender.
 */
import { AppError, toIso } from '@zhenmei/kernel';
import { sql } from 'kysely';
import { fromWire, toWire } from './ciphertext.ts';
import type { VaultContext } from './context.ts';

export const MOST_DELIVERIES = 50;

/** Adds a file; what was left before stays. The same file twice is one. Throws MAILBOX_FULL. */
export async function leave(
  { db, blobs, clock }: VaultContext,
  label: string,
  sealed: string,
): Promise<void> {
  const bytes = fromWire(sealed);
  const blobKey = await blobs.put(bytes);
  await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`vault.mailbox/${label}`}, 0))`.execute(tx);
    const held = await tx.selectFrom('vault.mailbox').select('blob_key').where('label', '=', label).execute();
    if (held.some((file) => file.blob_key === blobKey)) return;
    if (held.length >= MOST_DELIVERIES) throw new AppError('MAILBOX_FULL', { most: MOST_DELIVERIES });
    const row = {
      label,
      n: held.length + 1,
      blob_key: blobKey,
      size: BigInt(bytes.length),
      left_on: toIso(clock.now()).slice(0, 10),
    };
    await tx.insertInto('vault.mailbox').values(row).execute();
  });
}

export interface Delivery {
  /** base64url. */
  readonly sealed: string;
  /** Number of this file, from 1. */
  readonly n: number;
  /** How many files the mailbox holds. */
  readonly count: number;
}

/** @param n number of the file; the newest if left out. Throws OBJECT_UNKNOWN. */
export async function collect({ db, blobs }: VaultContext, label: string, n?: number): Promise<Delivery> {
  const held = await db
    .selectFrom('vault.mailbox')
    .select(['n', 'blob_key'])
    .where('label', '=', label)
    .orderBy('n')
    .execute();
  const file = n === undefined ? held.at(-1) : held.find((row) => row.n === n);
  if (!file) throw new AppError('OBJECT_UNKNOWN');
  return { sealed: toWire(await blobs.get(file.blob_key)), n: file.n, count: held.length };
}
