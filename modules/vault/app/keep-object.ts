/** Keeps a patient's encrypted objects under names that the patient's device derives. */
import { AppError } from '@zhenmei/kernel';
import { fromWire, toWire } from './ciphertext.ts';
import type { VaultContext } from './context.ts';

export interface ObjectBody {
  readonly revision: number;
  /** base64url. */
  readonly cipher: string;
  readonly compartment?: string | undefined;
  readonly wrappedKey?: string | undefined;
}

/** Throws OBJECT_UNKNOWN. */
export async function readObject(
  { db, blobs }: VaultContext,
  patientId: string,
  name: string,
): Promise<Required<ObjectBody>> {
  const row = await db
    .selectFrom('vault.object')
    .selectAll()
    .where('patient_id', '=', patientId)
    .where('name', '=', name)
    .executeTakeFirst();
  if (!row) throw new AppError('OBJECT_UNKNOWN');
  const cipher = toWire(await blobs.get(row.blob_key));
  return { revision: row.revision, cipher, compartment: row.compartment, wrappedKey: row.wrapped_key };
}

const FIELDS = ['blob_key', 'wrapped_key', 'compartment'] as const;

/** Compare and swap, as for the keyset: two devices cannot overwrite each other. Throws OBJECT_CONFLICT. */
export async function writeObject(
  ctx: VaultContext,
  patientId: string,
  name: string,
  body: ObjectBody,
): Promise<void> {
  const bytes = fromWire(body.cipher);
  const values = {
    revision: body.revision,
    compartment: body.compartment ?? '',
    wrapped_key: body.wrappedKey ?? '',
    blob_key: await ctx.blobs.put(bytes),
    size: BigInt(bytes.length),
    updated_at: new Date(ctx.clock.now()),
  };
  const written =
    body.revision === 1
      ? await ctx.db
          .insertInto('vault.object')
          .values({ patient_id: patientId, name, ...values })
          .onConflict((c) => c.doNothing())
          .returning('revision')
          .executeTakeFirst()
      : await ctx.db
          .updateTable('vault.object')
          .set(values)
          .where('patient_id', '=', patientId)
          .where('name', '=', name)
          .where('revision', '=', body.revision - 1)
          .returning('revision')
          .executeTakeFirst();
  if (written) return;
  const stored = await ctx.db
    .selectFrom('vault.object')
    .select(['revision', 'blob_key', 'wrapped_key', 'compartment'])
    .where('patient_id', '=', patientId)
    .where('name', '=', name)
    .executeTakeFirst();
  if (stored?.revision !== body.revision || !FIELDS.every((f) => stored[f] === values[f]))
    throw new AppError('OBJECT_CONFLICT');
}

export interface ListedObject {
  readonly name: string;
  readonly revision: number;
  readonly compartment: string;
  readonly wrappedKey: string;
  /** Bytes of ciphertext. */
  readonly size: number;
}

export interface ListQuery {
  readonly compartment?: string | undefined;
  /** Name of the last object of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Objects by name, a page at a time. `next` is null on the last page. */
export async function listObjects(
  { db }: VaultContext,
  patientId: string,
  { compartment, after, limit }: ListQuery,
): Promise<{ objects: ListedObject[]; next: string | null }> {
  const rows = await db
    .selectFrom('vault.object')
    .select(['name', 'revision', 'compartment', 'wrapped_key', 'size'])
    .where('patient_id', '=', patientId)
    .$if(compartment !== undefined, (q) => q.where('compartment', '=', compartment!))
    .$if(after !== undefined, (q) => q.where('name', '>', after!))
    .orderBy('name')
    .limit(limit + 1)
    .execute();
  const objects = rows
    .slice(0, limit)
    .map(({ wrapped_key: wrappedKey, size, ...row }) => ({ ...row, wrappedKey, size: Number(size) }));
  return { objects, next: rows.length > limit ? objects.at(-1)!.name : null };
}
