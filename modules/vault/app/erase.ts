/**
 * Erasing by destroying keys: some files at once, everything after a waiting period in which any device of the person can
 * undo it and nobody opens anything. The person signs for it with the open vault; a session alone is not enough.
 */
import { AppError, DAY, equalBytes, sha256, toBase64Url, toIso, utf8 } from '@zhenmei/kernel';
import type { Kysely } from 'kysely';
import type { VaultDatabase } from '../adapters/schema.ts';
import { certificateNote, certify, type KeptBefore } from '../core/erasure/certificate.ts';
import '../core/erasure/errors.ts';
import { assertOwner, ownerStatement } from '../core/owner.ts';
import { record } from './access-log.ts';
import { forgetBlobs } from './blobs.ts';
import type { VaultContext, VaultTx } from './context.ts';
import { tell } from './notices.ts';
import { ownerOf } from './remove-devices.ts';

/** Throws ERASURE_REGION if what must be kept there is not known. */
export function keptIn(
  { rules }: VaultContext,
  region: string,
  erased: 'objects' | 'everything',
): KeptBefore[] {
  const kept = rules.kept(region, erased);
  if (!kept) throw new AppError('ERASURE_REGION', { region });
  return [...kept];
}

/** Throws VAULT_CLOSING while an erasure of everything waits. */
export async function assertNotClosing(db: Kysely<VaultDatabase>, patientId: string): Promise<void> {
  const row = await waitingFor(db, patientId);
  if (row) throw new AppError('VAULT_CLOSING');
}

function waitingFor(db: Kysely<VaultDatabase>, patientId: string) {
  return db
    .selectFrom('vault.erasure')
    .selectAll()
    .where('patient_id', '=', patientId)
    .where('scope', '=', 'everything')
    .where('undone_at', 'is', null)
    .where('done_at', 'is', null)
    .executeTakeFirst();
}

export interface ObjectErasure {
  /** Made by the device: repeating is the same erasure. */
  readonly id: string;
  readonly region: string;
  readonly objects: readonly string[];
  /** Whether these are all files of a compartment. */
  readonly whole: boolean;
  readonly signature: string;
}

/**
 * Keys and ciphertext of these files go at once, from grants too.
 * Throws OWNER_UNKNOWN, OWNER_SIGNATURE_WRONG, ERASURE_REGION, ERASURE_NOTHING, ACCESS_LOG_CLOSED.
 */
export async function eraseObjects(
  ctx: VaultContext,
  patientId: string,
  { signature, ...asked }: ObjectErasure,
): Promise<{ certificate: string }> {
  assertOwner(await ownerOf(ctx, patientId), ownerStatement.erase(asked), signature);
  const kept = keptIn(ctx, asked.region, 'objects');
  const { id, region } = asked;
  const done = await doneBefore(ctx, patientId, id);
  if (done) return { certificate: done };
  const now = ctx.clock.now();
  const result = await ctx.db.transaction().execute(async (tx) => {
    const gone = await tx
      .deleteFrom('vault.object')
      .where('patient_id', '=', patientId)
      .where('name', 'in', asked.objects)
      .returning(['name', 'blob_key'])
      .execute();
    if (gone.length === 0) throw new AppError('ERASURE_NOTHING');
    const names = gone.map(({ name }) => name);
    const halves = await forgetGiven(ctx, tx, patientId, names);
    const blobs = gone.map(({ blob_key }) => blob_key);
    await letGo(tx, blobs);
    const scope = asked.whole ? 'compartment' : 'objects';
    const counts = { files: gone.length, keys: gone.length, permissions: halves };
    const facts = { id, scope, cause: 'owner', region } as const;
    const certificate = await signed(ctx, certify(facts, [now, now], counts, kept));
    await tx
      .insertInto('vault.erasure')
      .values({
        ...row(facts, patientId, ctx.random.bytes(32), now, now),
        started_at: new Date(now),
        done_at: new Date(now),
        certificate,
      })
      .execute();
    for (const object of names) await record(ctx, tx, patientId, 'erased', { object });
    await tell(ctx, tx, patientId, 'files-erased', { count: gone.length });
    return { certificate, blobs };
  });
  await sweepBlobs(ctx, result.blobs);
  return { certificate: result.certificate };
}

async function doneBefore({ db }: VaultContext, patientId: string, id: string): Promise<string | null> {
  const found = await db
    .selectFrom('vault.erasure')
    .select('certificate')
    .where('id', '=', id)
    .where('patient_id', '=', patientId)
    .executeTakeFirst();
  return found?.certificate ?? null;
}

export const signed = (ctx: VaultContext, certificate: Parameters<typeof certificateNote>[1]) =>
  ctx.seal.sign(certificateNote(ctx.seal.log, certificate));

/** What grants held of these files; readings end. @returns how many halves went */
async function forgetGiven(
  ctx: VaultContext,
  tx: VaultTx,
  patientId: string,
  names: readonly string[],
): Promise<number> {
  const mine = tx.selectFrom('vault.permission').select('id').where('patient_id', '=', patientId);
  const gone = await tx
    .deleteFrom('vault.permission_file')
    .where('permission_id', 'in', mine)
    .where('object', 'in', names)
    .returning('permission_id')
    .execute();
  await tx
    .deleteFrom('vault.reading')
    .where('permission_id', 'in', mine)
    .where('object', 'in', names)
    .execute();
  for (const id of new Set(gone.map((g) => g.permission_id))) await ctx.signals.send(tx, `grant/${id}`);
  return gone.length;
}

/** Ciphertext without an owner; whoever dies now leaves it to the next sweep. */
export async function letGo(tx: VaultTx, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await tx
    .insertInto('vault.going_blob')
    .values([...new Set(keys)].map((blob_key) => ({ blob_key })))
    .onConflict((c) => c.doNothing())
    .execute();
}

export async function sweepBlobs(ctx: VaultContext, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await forgetBlobs(ctx, keys);
  await ctx.db
    .deleteFrom('vault.going_blob')
    .where('blob_key', 'in', [...keys])
    .execute();
}

const hashOf = (token: string) => sha256(utf8(token));

export function row(
  facts: {
    readonly id: string;
    readonly scope: 'objects' | 'compartment' | 'everything';
    readonly cause: 'owner' | 'death';
    readonly region: string;
  },
  patientId: string,
  token: Uint8Array,
  asked: number,
  due: number,
) {
  return {
    ...facts,
    token_hash: hashOf(toBase64Url(token)),
    patient_id: patientId,
    asked_at: new Date(asked),
    due_at: new Date(due),
  };
}

/**
 * Begins the waiting period. @returns the token with which the certificate is read when no account is left to ask for it
 * Throws OWNER_UNKNOWN, OWNER_SIGNATURE_WRONG, ERASURE_REGION, ERASURE_WAITING.
 */
export async function eraseEverything(
  ctx: VaultContext,
  patientId: string,
  { id, region, signature }: { readonly id: string; readonly region: string; readonly signature: string },
): Promise<{ token: string; dueAt: string }> {
  assertOwner(await ownerOf(ctx, patientId), ownerStatement.eraseAll({ id, region }), signature);
  keptIn(ctx, region, 'everything');
  const now = ctx.clock.now();
  const due = now + ctx.rules.days(region, 'erasureWaitDays') * DAY;
  const token = ctx.random.bytes(32);
  return ctx.db.transaction().execute(async (tx) => {
    const waiting = await waitingFor(tx, patientId);
    if (waiting) throw new AppError('ERASURE_WAITING', { until: toIso(waiting.due_at.getTime()) });
    const facts = { id, scope: 'everything', cause: 'owner', region } as const;
    await tx
      .insertInto('vault.erasure')
      .values(row(facts, patientId, token, now, due))
      .execute();
    await endReadings(ctx, tx, patientId);
    await tell(ctx, tx, patientId, 'erasure-asked', { until: toIso(due) });
    return { token: toBase64Url(token), dueAt: toIso(due) };
  });
}

/** Whatever is open anywhere closes. */
export async function endReadings(ctx: VaultContext, tx: VaultTx, patientId: string): Promise<void> {
  const live = await tx
    .selectFrom('vault.permission')
    .select('id')
    .where('patient_id', '=', patientId)
    .where('revoked_at', 'is', null)
    .execute();
  for (const { id } of live) {
    await tx.deleteFrom('vault.reading').where('permission_id', '=', id).execute();
    await ctx.signals.send(tx, `grant/${id}`);
  }
}

/** By any signed-in device. Undoing twice changes nothing. Throws ERASURE_UNKNOWN, ERASURE_STARTED. */
export async function undoErasure(ctx: VaultContext, patientId: string, id: string): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    const found = await tx
      .selectFrom('vault.erasure')
      .selectAll()
      .where('id', '=', id)
      .where('patient_id', '=', patientId)
      .forUpdate()
      .executeTakeFirst();
    if (!found) throw new AppError('ERASURE_UNKNOWN');
    if (found.undone_at) return;
    if (found.started_at) throw new AppError('ERASURE_STARTED');
    await tx
      .updateTable('vault.erasure')
      .set({ undone_at: new Date(ctx.clock.now()) })
      .where('id', '=', id)
      .execute();
    await tell(ctx, tx, patientId, 'erasure-undone', {});
  });
}

export async function listErasures({ db }: VaultContext, patientId: string) {
  const rows = await db
    .selectFrom('vault.erasure')
    .selectAll()
    .where('patient_id', '=', patientId)
    .orderBy('asked_at', 'desc')
    .limit(200)
    .execute();
  return { erasures: rows.map(shown) };
}

type Row = Awaited<ReturnType<typeof waitingFor>> & object;

const shown = (found: Row) => ({
  id: found.id,
  scope: found.scope,
  state: found.done_at
    ? ('done' as const)
    : found.undone_at
      ? ('undone' as const)
      : found.started_at
        ? ('started' as const)
        : ('waiting' as const),
  askedAt: toIso(found.asked_at.getTime()),
  dueAt: toIso(found.due_at.getTime()),
  certificate: found.certificate,
});

/** For whoever has the link; there is no account left to sign in with. Throws ERASURE_UNKNOWN. */
export async function readErasure({ db }: VaultContext, id: string, token: string | null) {
  const found = await db.selectFrom('vault.erasure').selectAll().where('id', '=', id).executeTakeFirst();
  if (!found || !equalBytes(new Uint8Array(found.token_hash), hashOf(token ?? '')))
    throw new AppError('ERASURE_UNKNOWN');
  return shown(found);
}
