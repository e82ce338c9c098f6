/** Organisations come by invitation: the operator registers them, a device joins with its passkey. */
import { p256 } from '@noble/curves/nist.js';
import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import { AppError, DAY, fromHex, type Hex, newId, sha256, toBase64Url, toHex0x, utf8 } from '@zhenmei/kernel';
import type { Bilingual, OrganisationKind } from '../adapters/schema.ts';
import '../core/account-errors.ts';
import { coseToPoint } from '../core/cose.ts';
import type { IdentityContext } from './context.ts';
import { checkRegistration } from './passkeys.ts';

export interface NewOrganisation {
  readonly kind: OrganisationKind;
  readonly name: Bilingual;
  readonly city: Bilingual;
  readonly address: Bilingual;
  readonly region: string;
  readonly gln: string;
  readonly licensedForToxin: boolean;
}

/** Throws ORGANISATION_EXISTS. @returns the invitation for its first device */
export async function createOrganisation(
  ctx: IdentityContext,
  input: NewOrganisation,
): Promise<{ id: string; invitation: string }> {
  const now = ctx.clock.now();
  const id = newId(now, ctx.random.bytes(10));
  const row = await ctx.db
    .insertInto('identity.organisation')
    .values({
      id,
      kind: input.kind,
      name: JSON.stringify(input.name),
      city: JSON.stringify(input.city),
      address: JSON.stringify(input.address),
      region: input.region,
      gln: input.gln,
      account: null,
      first_signer: null,
      licensed_for_toxin: input.licensedForToxin,
      created_at: new Date(now),
    })
    .onConflict((c) => c.column('gln').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!row) throw new AppError('ORGANISATION_EXISTS');
  return { id, invitation: await inviteDevice(ctx, id) };
}

/** A one-time code, valid for a week. */
export async function inviteDevice(ctx: IdentityContext, organisationId: string): Promise<string> {
  const code = toBase64Url(ctx.random.bytes(18));
  await ctx.db
    .insertInto('identity.invitation')
    .values({
      code_hash: codeHash(code),
      organisation_id: organisationId,
      expires_at: new Date(ctx.clock.now() + 7 * DAY),
      used_at: null,
    })
    .execute();
  return code;
}

const codeHash = (code: string) => toHex0x(sha256(utf8(code)));

export interface JoinInput {
  readonly invitation: string;
  readonly registration: RegistrationResponseJSON;
  /** Uncompressed P-256 point of the device's own key. */
  readonly holderKey: Hex;
}

export interface Joined {
  readonly deviceId: string;
  readonly organisationId: string;
  readonly account: Hex;
  /** Signers of the account on chain must still be told if this is not the first device. */
  readonly signer: Hex;
  readonly firstSigner: Hex;
}

/** Throws INVITATION_INVALID, PASSKEY_REFUSED, CHALLENGE_EXPIRED. */
export async function joinDevice(ctx: IdentityContext, input: JoinInput): Promise<Joined> {
  const passkey = await checkRegistration(ctx, input.registration, 'desk');
  try {
    p256.Point.fromBytes(fromHex(input.holderKey)).assertValidity();
  } catch (cause) {
    throw new AppError('PASSKEY_REFUSED', {}, { cause });
  }
  const signer = ctx.accounts.signer(coseToPoint(passkey.publicKey));
  const now = new Date(ctx.clock.now());
  const joined = await ctx.db.transaction().execute(async (tx) => {
    const invitation = await tx
      .updateTable('identity.invitation')
      .set({ used_at: now })
      .where('code_hash', '=', codeHash(input.invitation))
      .where('used_at', 'is', null)
      .where('expires_at', '>', now)
      .returning('organisation_id')
      .executeTakeFirst();
    if (!invitation) throw new AppError('INVITATION_INVALID');
    const organisation = await tx
      .selectFrom('identity.organisation')
      .selectAll()
      .where('id', '=', invitation.organisation_id)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const firstSigner = organisation.first_signer ?? signer;
    const account = organisation.account ?? (await ctx.accounts.address(firstSigner));
    await tx
      .updateTable('identity.organisation')
      .set({ account, first_signer: firstSigner })
      .where('id', '=', organisation.id)
      .execute();
    const deviceId = newId(now.getTime(), ctx.random.bytes(10));
    await tx
      .insertInto('identity.device')
      .values({
        id: deviceId,
        organisation_id: organisation.id,
        signer,
        holder_key: input.holderKey,
        joined_at: now,
      })
      .execute();
    await tx
      .insertInto('identity.passkey')
      .values({
        credential_id: passkey.credentialId,
        patient_id: null,
        device_id: deviceId,
        public_key: passkey.publicKey,
        counter: BigInt(passkey.counter),
        created_at: now,
      })
      .execute();
    return { deviceId, organisationId: organisation.id, account, signer, firstSigner };
  });
  await ctx.sessions.open({
    seat: 'desk',
    accountId: joined.deviceId,
    organisationId: joined.organisationId,
  });
  return joined;
}

/** A clinic names a doctor who practises there; what entitles the doctor is the certificate, not this row. */
export async function addPractitioner(
  ctx: IdentityContext,
  clinicId: string,
  input: { id: string; name: Bilingual; title: Bilingual },
): Promise<{ id: string }> {
  await ctx.db
    .insertInto('identity.practitioner')
    .values({
      id: input.id,
      clinic_id: clinicId,
      name: JSON.stringify(input.name),
      title: JSON.stringify(input.title),
      created_at: new Date(ctx.clock.now()),
    })
    .onConflict((c) => c.column('id').doNothing())
    .execute();
  return { id: input.id };
}
