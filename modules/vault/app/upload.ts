/** An object that comes in pieces: whoever was interrupted asks which are missing, and sends those. */
import { AppError, DAY, newId } from '@zhenmei/kernel';
import type { Selectable } from 'kysely';
import type { VaultDatabase } from '../adapters/schema.ts';
import { forgetBlobs } from './blobs.ts';
import type { VaultContext } from './context.ts';
import { swapObject } from './keep-object.ts';
import { assertRoom } from './quota.ts';

export const PIECE = 1_048_576;
/** Largest object; the blob store's own limit is 64 MiB. */
export const MOST = 60_000_000;
const LIFE = 7 * DAY;

type Row = Selectable<VaultDatabase['vault.upload']>;

export interface UploadRequest {
  readonly name: string;
  readonly revision: number;
  readonly compartment: string;
  readonly wrappedKey: string;
  /** Bytes of ciphertext. */
  readonly size: number;
  /** SHA-256 of the ciphertext, in hex: its address in the blob store. */
  readonly digest: string;
}

const piecesOf = (size: number) => Math.ceil(size / PIECE);

/** The same object again is the same upload. Throws OBJECT_TOO_LARGE, QUOTA_EXCEEDED. */
export async function startUpload(ctx: VaultContext, patientId: string, request: UploadRequest) {
  if (request.size > MOST) throw new AppError('OBJECT_TOO_LARGE', { most: MOST / 1_000_000 });
  await forgetOld(ctx, patientId);
  const { wrappedKey: wrapped_key, size, ...rest } = request;
  const row = await ctx.db.transaction().execute(async (tx) => {
    await assertRoom(tx, patientId, request.name, size, ctx.quota);
    const expires_at = new Date(ctx.clock.now() + LIFE);
    return tx
      .insertInto('vault.upload')
      .values({
        id: newId(ctx.clock.now(), ctx.random.bytes(10)),
        patient_id: patientId,
        wrapped_key,
        size: BigInt(size),
        expires_at,
        ...rest,
      })
      .onConflict((c) =>
        c
          .columns(['patient_id', 'name', 'revision', 'digest'])
          .doUpdateSet({ wrapped_key, compartment: rest.compartment, expires_at }),
      )
      .returningAll()
      .executeTakeFirstOrThrow();
  });
  return state(ctx, row);
}

async function rowOf({ db }: VaultContext, patientId: string, id: string): Promise<Row> {
  const row = await db
    .selectFrom('vault.upload')
    .selectAll()
    .where('id', '=', id)
    .where('patient_id', '=', patientId)
    .executeTakeFirst();
  if (!row) throw new AppError('UPLOAD_UNKNOWN');
  return row;
}

const held = ({ db }: VaultContext, id: string) =>
  db.selectFrom('vault.upload_piece').select(['n', 'blob_key']).where('id', '=', id).orderBy('n').execute();

async function state(ctx: VaultContext, row: Row) {
  const have = new Set((await held(ctx, row.id)).map(({ n }) => n));
  const missing = Array.from({ length: piecesOf(Number(row.size)) }, (_, n) => n).filter((n) => !have.has(n));
  return { id: row.id, piece: PIECE, missing };
}

/** Throws UPLOAD_UNKNOWN. */
export async function readUpload(ctx: VaultContext, patientId: string, id: string) {
  return state(ctx, await rowOf(ctx, patientId, id));
}

/** Throws UPLOAD_UNKNOWN, UPLOAD_PIECE_WRONG. The same piece again changes nothing. */
export async function putPiece(
  ctx: VaultContext,
  patientId: string,
  id: string,
  n: number,
  bytes: Uint8Array,
): Promise<void> {
  const row = await rowOf(ctx, patientId, id);
  const expected = Math.min(PIECE, Number(row.size) - n * PIECE);
  if (expected <= 0 || bytes.length !== expected)
    throw new AppError('UPLOAD_PIECE_WRONG', { n, bytes: Math.max(0, expected) });
  const blob_key = await ctx.blobs.put(bytes);
  const before = (await held(ctx, id)).find((piece) => piece.n === n);
  await ctx.db
    .insertInto('vault.upload_piece')
    .values({ id, n, blob_key })
    .onConflict((c) => c.columns(['id', 'n']).doUpdateSet({ blob_key }))
    .execute();
  if (before) await forgetBlobs(ctx, [before.blob_key]);
}

/** Puts the pieces together. Throws UPLOAD_UNKNOWN, UPLOAD_INCOMPLETE, UPLOAD_DAMAGED, OBJECT_CONFLICT, QUOTA_EXCEEDED. */
export async function completeUpload(ctx: VaultContext, patientId: string, id: string): Promise<void> {
  const row = await rowOf(ctx, patientId, id);
  const { missing } = await state(ctx, row);
  if (missing.length > 0) throw new AppError('UPLOAD_INCOMPLETE', { missing: missing[0]! });
  const pieces = await held(ctx, id);
  const key = await ctx.blobs.put(joined(ctx, pieces));
  const keys = pieces.map(({ blob_key }) => blob_key);
  if (key !== row.digest) {
    await ctx.db.deleteFrom('vault.upload').where('id', '=', id).execute();
    await forgetBlobs(ctx, [key, ...keys]);
    throw new AppError('UPLOAD_DAMAGED');
  }
  const { name, revision, compartment, wrapped_key } = row;
  const next = { revision, compartment, wrapped_key, blob_key: key, size: Number(row.size) };
  await swapObject(ctx, patientId, name, next, (tx) =>
    tx.deleteFrom('vault.upload').where('id', '=', id).execute(),
  );
  await forgetBlobs(ctx, keys);
}

async function* joined(
  { blobs }: VaultContext,
  pieces: readonly { blob_key: string }[],
): AsyncGenerator<Uint8Array> {
  for (const { blob_key } of pieces) yield await blobs.get(blob_key);
}

async function forgetOld(ctx: VaultContext, patientId: string): Promise<void> {
  const old = await ctx.db
    .selectFrom('vault.upload')
    .select('id')
    .where('patient_id', '=', patientId)
    .where('expires_at', '<', new Date(ctx.clock.now()))
    .execute();
  for (const { id } of old) {
    const keys = (await held(ctx, id)).map(({ blob_key }) => blob_key);
    await ctx.db.deleteFrom('vault.upload').where('id', '=', id).execute();
    await forgetBlobs(ctx, keys);
  }
}
