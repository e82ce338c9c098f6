/**
 * What an organisation's device does with grants: see them, have files released, read them. A part of the key leaves
 * only after the reading is committed, in the access log and for the transparency log; nothing of it is computed before.
 */
import { AppError, type ByteRange, MINUTE, newId, toBase64Url, toIso } from '@zhenmei/kernel';
import { sql } from 'kysely';
import type { Acknowledgement } from '../adapters/schema.ts';
import type { Reason } from '../core/access/entry.ts';
import { type Action, assertWithin, type Grant, type Purpose } from '../core/grants/grant.ts';
import { type GivenFile, LIST } from '../core/grants/release.ts';
import { record } from './access-log.ts';
import { fromWire } from './ciphertext.ts';
import { assertConsent } from './consents.ts';
import type { VaultContext, VaultTx } from './context.ts';
import { assertNotClosing } from './erase.ts';
import { type Part, readPart } from './keep-object.ts';

export interface Desk {
  /** The device, and the organisation it acts for. */
  readonly device: string;
  readonly organisation: string;
}

/** Grants to this organisation that are in force, newest first. */
export async function deskGrants({ db, clock }: VaultContext, { organisation }: Desk) {
  const rows = await db
    .selectFrom('vault.permission')
    .selectAll()
    .where('organisation_id', '=', organisation)
    .where('revoked_at', 'is', null)
    .where('ends_at', '>', new Date(clock.now()))
    .orderBy('made_at', 'desc')
    .limit(500)
    .execute();
  const grants = rows.map(({ body, signature, sealed, used }) => ({ grant: body, signature, sealed, used }));
  return { grants };
}

export interface Release {
  /** Name of a file, or `list` for the list of everything given. */
  readonly object: string;
  readonly action: Action;
  readonly purpose: Purpose;
  readonly reason: Reason;
  readonly person: string | null;
  readonly acknowledgement?: Omit<Acknowledgement, 'at'> | undefined;
}

/** How long a released file may be read without asking again. */
const LIFE = 10 * MINUTE;

export interface Released {
  /** The gatekeeper's part, base64url. */
  readonly part: string;
  /** Under which its bytes are read; null for the list. */
  readonly reading: string | null;
  readonly files: GivenFile[];
  /** Number of the entry in the patient's log. */
  readonly seq: number;
}

/** Throws the GRANT codes and ACCESS_LOG_CLOSED. */
export async function release(ctx: VaultContext, desk: Desk, id: string, asked: Release): Promise<Released> {
  if (asked.person && !(await ctx.organisations.employs(desk.organisation, asked.person)))
    throw new AppError('GRANT_PERSON');
  const committed = await ctx.db.transaction().execute((tx) => commitReading(ctx, tx, desk, id, asked));
  // from here on the reading stands in the log, whatever happens to the answer
  const { share, version, ...rest } = committed;
  const part = await ctx.gatekeeper.part(share, asked.object, version);
  return { part: toBase64Url(part), ...rest };
}

async function commitReading(ctx: VaultContext, tx: VaultTx, desk: Desk, id: string, asked: Release) {
  const row = await inForce(ctx, tx, desk, id, asked);
  const isList = asked.object === LIST;
  const given = await filesOf(tx, row.patient_id, id, isList ? undefined : asked.object);
  const files = given.flatMap(({ restricted_at, ...file }) => (restricted_at ? [] : [file]));
  if (files.length === 0 && !isList && given.length > 0) throw new AppError('OBJECT_RESTRICTED');
  if (!isList && files.length === 0) throw new AppError('GRANT_OBJECT');
  const now = ctx.clock.now();
  const { seq } = await record(ctx, tx, row.patient_id, isList ? 'list' : asked.action, {
    grant: id,
    organisation: desk.organisation,
    device: desk.device,
    person: asked.person,
    purpose: asked.purpose,
    reason: asked.reason,
    object: isList ? null : asked.object,
  });
  const acknowledged =
    asked.acknowledgement && !row.acknowledgement
      ? { acknowledgement: JSON.stringify({ ...asked.acknowledgement, at: toIso(now) }) }
      : {};
  await tx
    .updateTable('vault.permission')
    .set({ used: row.used + (isList ? 0 : 1), ...acknowledged })
    .where('id', '=', id)
    .execute();
  const version = isList ? 1 : files[0]!.version;
  const reading = isList ? null : newId(now, ctx.random.bytes(10));
  if (reading)
    await tx
      .insertInto('vault.reading')
      .values({
        id: reading,
        permission_id: id,
        object: asked.object,
        version,
        device_id: desk.device,
        ends_at: new Date(now + LIFE),
      })
      .execute();
  return { share: new Uint8Array(row.share), version, reading, files, seq };
}

/** The grant, locked, if this use is within it. Throws GRANT_UNKNOWN, GRANT_REVOKED, VAULT_CLOSING and what `assertConsent` and `assertWithin` throw. */
async function inForce(
  { clock }: VaultContext,
  tx: VaultTx,
  desk: Desk,
  id: string,
  use: { readonly action: Action; readonly purpose: Purpose; readonly person: string | null },
) {
  const row = await tx
    .selectFrom('vault.permission')
    .selectAll()
    .where('id', '=', id)
    .where('organisation_id', '=', desk.organisation)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw new AppError('GRANT_UNKNOWN');
  if (row.revoked_at || !row.share) throw new AppError('GRANT_REVOKED');
  await assertNotClosing(tx, row.patient_id);
  const { action, purpose, person } = use;
  assertWithin(row.body, {
    organisation: desk.organisation,
    person,
    purpose,
    action,
    used: row.used,
    at: clock.now(),
  });
  await assertConsent({ clock }, tx, row.patient_id, row.body);
  return { ...row, share: row.share };
}

function filesOf(tx: VaultTx, patientId: string, id: string, object?: string) {
  return tx
    .selectFrom('vault.permission_file as f')
    .innerJoin('vault.object as o', (join) =>
      join
        .onRef('o.name', '=', 'f.object')
        .onRef('o.revision', '=', 'f.version')
        .on('o.patient_id', '=', patientId),
    )
    .select(['f.object', 'f.version', 'f.wrapped', 'f.listed', 'o.restricted_at'])
    .where('f.permission_id', '=', id)
    .$if(object !== undefined, (q) => q.where('f.object', '=', object!))
    .orderBy('f.object')
    .execute();
}

/** Bytes of a released file. Every range asks again whether the grant is in force. Throws READ_UNKNOWN, GRANT_REVOKED, GRANT_EXPIRED, OBJECT_RESTRICTED, VAULT_CLOSING, OBJECT_RANGE. */
export async function readReleased(
  ctx: VaultContext,
  desk: Desk,
  reading: string,
  range: ByteRange | null,
): Promise<Part> {
  const row = await ctx.db
    .selectFrom('vault.reading as r')
    .innerJoin('vault.permission as p', 'p.id', 'r.permission_id')
    .innerJoin('vault.object as o', (join) =>
      join
        .onRef('o.name', '=', 'r.object')
        .onRef('o.revision', '=', 'r.version')
        .onRef('o.patient_id', '=', 'p.patient_id'),
    )
    .select(['o.blob_key', 'o.size', 'o.restricted_at', 'p.patient_id', 'p.revoked_at', 'p.ends_at'])
    .select('r.ends_at as readable_until')
    .where('r.id', '=', reading)
    .where('r.device_id', '=', desk.device)
    .executeTakeFirst();
  const now = ctx.clock.now();
  if (!row || row.readable_until.getTime() <= now) throw new AppError('READ_UNKNOWN');
  if (row.revoked_at) throw new AppError('GRANT_REVOKED');
  if (row.ends_at.getTime() <= now)
    throw new AppError('GRANT_EXPIRED', { until: toIso(row.ends_at.getTime()) });
  if (row.restricted_at) throw new AppError('OBJECT_RESTRICTED');
  await assertNotClosing(ctx.db, row.patient_id);
  return readPart(ctx, row.blob_key, Number(row.size), range);
}

/** A file for the patient, sealed to the key that the grant's details name. Throws the GRANT codes, MAILBOX_FULL. */
export async function leaveUnder(
  ctx: VaultContext,
  desk: Desk,
  id: string,
  { sealed, ...use }: { sealed: string; purpose: Purpose; reason: Reason; person: string | null },
): Promise<void> {
  const bytes = fromWire(sealed);
  const blobKey = await ctx.blobs.put(bytes);
  await ctx.db.transaction().execute(async (tx) => {
    const row = await inForce(ctx, tx, desk, id, { ...use, action: 'write' });
    const { n } = await tx
      .selectFrom('vault.permission_inbox')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('permission_id', '=', id)
      .executeTakeFirstOrThrow();
    if (Number(n) >= MOST_LEFT) throw new AppError('MAILBOX_FULL', { most: MOST_LEFT });
    await tx
      .insertInto('vault.permission_inbox')
      .values({
        permission_id: id,
        n: Number(n) + 1,
        blob_key: blobKey,
        size: BigInt(bytes.length),
        left_on: toIso(ctx.clock.now()).slice(0, 10),
      })
      .execute();
    const { organisation, device } = desk;
    const facts = { grant: id, organisation, device, ...use, object: null };
    await record(ctx, tx, row.patient_id, 'write', facts);
  });
}
const MOST_LEFT = 50;

/** For the patient: what was left under one of her grants. */
export async function collectLeft({ db, blobs }: VaultContext, patientId: string, id: string) {
  const rows = await db
    .selectFrom('vault.permission_inbox as i')
    .innerJoin('vault.permission as p', 'p.id', 'i.permission_id')
    .select(['i.n', 'i.blob_key'])
    .where('i.permission_id', '=', id)
    .where('p.patient_id', '=', patientId)
    .orderBy('i.n')
    .execute();
  const files = await Promise.all(
    rows.map(async ({ n, blob_key }) => ({ n, sealed: toBase64Url(await blobs.get(blob_key)) })),
  );
  return { files };
}

/** Tells a reading device as soon as its grant changes, and at the end of it. */
export async function* watchGrant(
  ctx: VaultContext,
  desk: Desk,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<{ state: 'in-force' | 'ended' }> {
  let wake: () => void = () => undefined;
  const stop = await ctx.signals.listen((topic) => {
    if (topic === `grant/${id}` || topic === '') wake();
  });
  try {
    while (!signal.aborted) {
      const changed = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const state = await stateOf(ctx, desk, id);
      yield { state: state.ended ? 'ended' : 'in-force' };
      if (state.ended) return;
      await Promise.race([changed, aborted(signal), state.expiry]);
    }
  } finally {
    stop();
  }
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

async function stateOf({ db, clock }: VaultContext, { organisation }: Desk, id: string) {
  const { rows } = await sql<{ ends_at: Date; revoked_at: Date | null; body: Grant }>`
    SELECT ends_at, revoked_at, body FROM vault.permission
    WHERE id = ${id} AND organisation_id = ${organisation}`.execute(db);
  const left = rows[0] && !rows[0].revoked_at ? rows[0].ends_at.getTime() - clock.now() : 0;
  const expiry = new Promise<void>((resolve) => {
    setTimeout(resolve, Math.min(Math.max(left, 0), 60_000)).unref();
  });
  return { ended: left <= 0, expiry };
}
