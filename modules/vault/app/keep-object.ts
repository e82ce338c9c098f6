/** Keeps a patient's encrypted objects under names that the patient's device chooses. */
import { AppError, type ByteRange } from '@zhenmei/kernel';
import { forgetBlobs } from './blobs.ts';
import { fromWire, toWire } from './ciphertext.ts';
import type { VaultContext, VaultTx } from './context.ts';
import { assertRoom } from './quota.ts';

export interface ObjectBody {
  readonly revision: number;
  /** base64url. */
  readonly cipher: string;
  readonly compartment?: string | undefined;
  readonly wrappedKey?: string | undefined;
}

async function rowOf({ db }: Pick<VaultContext, 'db'>, patientId: string, name: string) {
  const row = await db
    .selectFrom('vault.object')
    .selectAll()
    .where('patient_id', '=', patientId)
    .where('name', '=', name)
    .executeTakeFirst();
  if (!row) throw new AppError('OBJECT_UNKNOWN');
  return row;
}

/** Throws OBJECT_UNKNOWN. */
export async function readObject(
  ctx: VaultContext,
  patientId: string,
  name: string,
): Promise<Required<ObjectBody>> {
  const row = await rowOf(ctx, patientId, name);
  const cipher = toWire(await ctx.blobs.get(row.blob_key));
  return { revision: row.revision, cipher, compartment: row.compartment, wrappedKey: row.wrapped_key };
}

export interface Part {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly total: number;
}

/** Throws OBJECT_RANGE if the range begins behind the end. */
export async function readPart(
  { blobs }: Pick<VaultContext, 'blobs'>,
  key: string,
  total: number,
  range: ByteRange | null,
): Promise<Part> {
  const [from, to] = [range?.from ?? 0, Math.min(range?.to ?? total, total)];
  if (from >= to && total > 0) throw new AppError('OBJECT_RANGE');
  return { bytes: await blobs.read(key, from, to), from, total };
}

/** Throws OBJECT_UNKNOWN, OBJECT_RANGE. */
export async function readBytes(
  ctx: VaultContext,
  patientId: string,
  name: string,
  range: ByteRange | null,
): Promise<Part> {
  const { blob_key, size } = await rowOf(ctx, patientId, name);
  return readPart(ctx, blob_key, Number(size), range);
}

/** Compare and swap, as for the keyset: two devices cannot overwrite each other. Throws OBJECT_CONFLICT, QUOTA_EXCEEDED. */
export async function writeObject(
  ctx: VaultContext,
  patientId: string,
  name: string,
  body: ObjectBody,
): Promise<void> {
  const bytes = fromWire(body.cipher);
  const key = await ctx.blobs.put(bytes);
  await swapObject(ctx, patientId, name, {
    revision: body.revision,
    compartment: body.compartment ?? '',
    wrapped_key: body.wrappedKey ?? '',
    blob_key: key,
    size: bytes.length,
  });
}

export interface NewVersion {
  readonly revision: number;
  readonly compartment: string;
  readonly wrapped_key: string;
  /** Of a blob that is stored already. */
  readonly blob_key: string;
  readonly size: number;
}
const FIELDS = ['revision', 'blob_key', 'wrapped_key', 'compartment'] as const;

/** Puts a version in place of the one before, whose ciphertext is forgotten. Repeating is no error. Throws OBJECT_CONFLICT, QUOTA_EXCEEDED. */
export async function swapObject(
  ctx: VaultContext,
  patientId: string,
  name: string,
  next: NewVersion,
  also: (tx: VaultTx) => Promise<unknown> = async () => undefined,
): Promise<void> {
  const values = { ...next, size: BigInt(next.size), updated_at: new Date(ctx.clock.now()) };
  try {
    const before = await ctx.db.transaction().execute(async (tx) => {
      await assertRoom(tx, patientId, name, next.size, ctx.quota);
      const held = await tx
        .selectFrom('vault.object')
        .selectAll()
        .where('patient_id', '=', patientId)
        .where('name', '=', name)
        .forUpdate()
        .executeTakeFirst();
      if (held && FIELDS.every((f) => held[f] === next[f])) return null;
      if (next.revision !== (held?.revision ?? 0) + 1) throw new AppError('OBJECT_CONFLICT');
      await tx
        .insertInto('vault.object')
        .values({ patient_id: patientId, name, ...values })
        .onConflict((c) => c.columns(['patient_id', 'name']).doUpdateSet(values))
        .execute();
      await also(tx);
      return held?.blob_key ?? null;
    });
    if (before) await forgetBlobs(ctx, [before]);
  } catch (error) {
    await forgetBlobs(ctx, [next.blob_key]);
    throw error;
  }
}

/** Throws OBJECT_UNKNOWN, OBJECT_CONFLICT if another version is there by now. */
export async function deleteObject(
  ctx: VaultContext,
  patientId: string,
  name: string,
  revision: number,
): Promise<void> {
  const { blob_key } = await rowOf(ctx, patientId, name);
  const { numDeletedRows } = await ctx.db
    .deleteFrom('vault.object')
    .where('patient_id', '=', patientId)
    .where('name', '=', name)
    .where('revision', '=', revision)
    .executeTakeFirst();
  if (numDeletedRows !== 1n) throw new AppError('OBJECT_CONFLICT');
  await forgetBlobs(ctx, [blob_key]);
}

export interface Rewrapped {
  readonly name: string;
  readonly revision: number;
  readonly compartment: string;
  readonly wrappedKey: string;
}

/** New wraps of content keys that stay the same. @returns names of objects that changed meanwhile and were left alone */
export async function rewrapObjects(
  { db }: VaultContext,
  patientId: string,
  items: readonly Rewrapped[],
): Promise<{ left: string[] }> {
  const left = await db.transaction().execute(async (tx) => {
    const missed: string[] = [];
    for (const { name, revision, compartment, wrappedKey } of items) {
      const { numUpdatedRows } = await tx
        .updateTable('vault.object')
        .set({ wrapped_key: wrappedKey, compartment })
        .where('patient_id', '=', patientId)
        .where('name', '=', name)
        .where('revision', '=', revision)
        .executeTakeFirst();
      if (numUpdatedRows !== 1n) missed.push(name);
    }
    return missed;
  });
  return { left };
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
