/** A device joins with its invitation, its passkey and its own key; the first one founds the organisation's account. */
import { p256 } from '@noble/curves/nist.js';
import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import { AppError, fromHex, type Hex, newId } from '@zhenmei/kernel';
import '../core/account-errors.ts';
import { coseToPoint } from '../core/cose.ts';
import type { IdentityContext } from './context.ts';
import { codeHash } from './invite-device.ts';
import { checkRegistration } from './register-passkey.ts';

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
