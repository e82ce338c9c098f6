/** What a patient's device does with grants: give, add to, take back, look at. */
import { AppError, fromBase64Url, fromIso, toIso } from '@zhenmei/kernel';
import type { SealedHalf } from '../adapters/schema.ts';
import { assertGrantSigned, covers, type Grant, readGrant } from '../core/grants/grant.ts';
import type { GivenFile } from '../core/grants/release.ts';
import { record } from './access-log.ts';
import { keepConsent, markWithdrawn } from './consents.ts';
import type { VaultContext, VaultTx } from './context.ts';

export interface GrantGiven {
  readonly grant: unknown;
  readonly signature: string;
  /** The gatekeeper's half, base64url. */
  readonly share: string;
  readonly sealed: readonly SealedHalf[];
  readonly files: readonly GivenFile[];
  /** A grant that this one renews or narrows: it ends in the same moment. */
  readonly replaces?: string | undefined;
}

/** Throws GRANT_INVALID, GRANT_SIGNATURE_WRONG, GRANT_OBJECT, GRANT_UNKNOWN, ACCESS_LOG_CLOSED and the codes of `keepConsent`. Giving it twice changes nothing. */
export async function giveGrant(ctx: VaultContext, patientId: string, given: GrantGiven): Promise<void> {
  const grant = readGrant(given.grant);
  assertGrantSigned(grant, given.signature);
  const sealedTo = given.sealed.map(({ key }) => key).sort();
  if (sealedTo.join() !== [...grant.grantee.keys].sort().join())
    throw new AppError('GRANT_INVALID', { field: 'sealed' });
  await assertRegistered(ctx, grant);
  await ctx.db.transaction().execute(async (tx) => {
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('vault.permission')
      .values({
        id: grant.id,
        patient_id: patientId,
        organisation_id: grant.grantee.organisation,
        body: JSON.stringify(grant),
        signature: given.signature,
        sealed: JSON.stringify(given.sealed),
        share: fromBase64Url(given.share),
        made_at: new Date(ctx.clock.now()),
        ends_at: new Date(fromIso(grant.notAfter)),
      })
      .onConflict((c) => c.doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows !== 1n) {
      await mine(tx, patientId, grant.id);
      return;
    }
    await keepConsent(ctx, tx, patientId, grant);
    await addFiles(tx, patientId, grant, given.files);
    const { id, purpose } = grant;
    await record(ctx, tx, patientId, 'granted', {
      grant: id,
      organisation: grant.grantee.organisation,
      purpose,
    });
    if (given.replaces) await endGrant(ctx, tx, patientId, given.replaces);
    await ctx.signals.send(tx, `organisation/${grant.grantee.organisation}`);
  });
}

/** The keys must be this organisation's registered ones. Throws GRANTEE_UNKNOWN. */
async function assertRegistered({ db }: VaultContext, { grantee }: Grant): Promise<void> {
  const known = await db
    .selectFrom('vault.grantee_key')
    .select('thumb')
    .where('organisation_id', '=', grantee.organisation)
    .where('thumb', 'in', grantee.keys)
    .execute();
  if (known.length !== grantee.keys.length) throw new AppError('GRANTEE_UNKNOWN');
}

async function mine(tx: VaultTx, patientId: string, id: string) {
  const row = await tx
    .selectFrom('vault.permission')
    .selectAll()
    .where('id', '=', id)
    .where('patient_id', '=', patientId)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw new AppError('GRANT_UNKNOWN');
  return row;
}

/** Only objects of this vault, in the versions that are there, within what the grant covers. Throws GRANT_OBJECT. */
async function addFiles(
  tx: VaultTx,
  patientId: string,
  grant: Grant,
  files: readonly GivenFile[],
): Promise<void> {
  if (files.length === 0) return;
  const held = await tx
    .selectFrom('vault.object')
    .select(['name', 'revision', 'compartment'])
    .where('patient_id', '=', patientId)
    .where(
      'name',
      'in',
      files.map(({ object }) => object),
    )
    .execute();
  for (const { object, version } of files) {
    const found = held.find(({ name, revision }) => name === object && revision === version);
    if (!found || !covers(grant, object, found.compartment)) throw new AppError('GRANT_OBJECT');
  }
  const values = files.map(({ object, version, wrapped, listed }) => ({
    permission_id: grant.id,
    object,
    version,
    wrapped,
    listed,
  }));
  await tx
    .insertInto('vault.permission_file')
    .values(values)
    .onConflict((c) =>
      c.columns(['permission_id', 'object']).doUpdateSet((eb) => ({
        version: eb.ref('excluded.version'),
        wrapped: eb.ref('excluded.wrapped'),
        listed: eb.ref('excluded.listed'),
      })),
    )
    .execute();
}

/** What came into a granted compartment later, or a new version. Throws GRANT_UNKNOWN, GRANT_REVOKED, GRANT_OBJECT. */
export async function addToGrant(
  ctx: VaultContext,
  patientId: string,
  id: string,
  files: readonly GivenFile[],
): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    const row = await mine(tx, patientId, id);
    if (row.revoked_at) throw new AppError('GRANT_REVOKED');
    await addFiles(tx, patientId, row.body, files);
    await ctx.signals.send(tx, `grant/${id}`);
  });
}

/** Ends it within a transaction; doing it twice changes nothing. Throws GRANT_UNKNOWN. */
export async function endGrant(ctx: VaultContext, tx: VaultTx, patientId: string, id: string): Promise<void> {
  const row = await mine(tx, patientId, id);
  if (row.revoked_at) return;
  await tx
    .updateTable('vault.permission')
    .set({ revoked_at: new Date(ctx.clock.now()), share: null, sealed: '[]' })
    .where('id', '=', id)
    .execute();
  await tx.deleteFrom('vault.permission_file').where('permission_id', '=', id).execute();
  await tx.deleteFrom('vault.reading').where('permission_id', '=', id).execute();
  await markWithdrawn(ctx, tx, row.body.receipt);
  await record(ctx, tx, patientId, 'revoked', {
    grant: id,
    organisation: row.organisation_id,
    purpose: row.body.purpose,
  });
  await ctx.signals.send(tx, `grant/${id}`);
}

/** The gatekeeper's half is destroyed; nothing more opens from this moment. Doing it twice changes nothing. Throws GRANT_UNKNOWN. */
export async function revokeGrant(ctx: VaultContext, patientId: string, id: string): Promise<void> {
  await ctx.db.transaction().execute((tx) => endGrant(ctx, tx, patientId, id));
}

export async function listGrants({ db }: VaultContext, patientId: string) {
  const rows = await db
    .selectFrom('vault.permission')
    .selectAll()
    .where('patient_id', '=', patientId)
    .orderBy('made_at', 'desc')
    .limit(500)
    .execute();
  const grants = rows.map((row) => ({
    grant: row.body,
    used: row.used,
    madeAt: toIso(row.made_at.getTime()),
    revokedAt: row.revoked_at && toIso(row.revoked_at.getTime()),
    acknowledgement: row.acknowledgement,
  }));
  return { grants };
}
