/** Passkeys: one prompt makes an account, one prompt opens it. Challenges are used once and live five minutes. */

import {
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { AppError, MINUTE, newId, toBase64Url } from '@zhenmei/kernel';
import '../core/account-errors.ts';
import type { IdentityContext } from './context.ts';

export async function newChallenge(
  ctx: IdentityContext,
  purpose: string,
): Promise<{ challenge: string; rpId: string }> {
  const challenge = toBase64Url(ctx.random.bytes(32));
  const now = ctx.clock.now();
  await ctx.db
    .insertInto('identity.challenge')
    .values({ challenge, purpose, expires_at: new Date(now + 5 * MINUTE) })
    .execute();
  await ctx.db.deleteFrom('identity.challenge').where('expires_at', '<', new Date(now)).execute();
  return { challenge, rpId: ctx.rpId };
}

/** Takes the challenge out of use. Throws CHALLENGE_EXPIRED. */
export async function useChallenge(
  ctx: IdentityContext,
  clientDataJSON: string,
  purpose: string,
): Promise<string> {
  let challenge = '';
  try {
    challenge = String(
      (JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString('utf8')) as { challenge?: unknown })
        .challenge,
    );
  } catch (cause) {
    throw new AppError('PASSKEY_REFUSED', {}, { cause });
  }
  const row = await ctx.db
    .deleteFrom('identity.challenge')
    .where('challenge', '=', challenge)
    .where('purpose', '=', purpose)
    .returning('expires_at')
    .executeTakeFirst();
  if (!row || row.expires_at.getTime() < ctx.clock.now()) throw new AppError('CHALLENGE_EXPIRED');
  return challenge;
}

export interface NewPasskey {
  readonly credentialId: string;
  /** COSE key. */
  readonly publicKey: Uint8Array;
  readonly counter: number;
}

/** Checks a registration. Throws PASSKEY_REFUSED or CHALLENGE_EXPIRED. */
export async function checkRegistration(
  ctx: IdentityContext,
  response: RegistrationResponseJSON,
  purpose: string,
): Promise<NewPasskey> {
  const challenge = await useChallenge(ctx, response.response.clientDataJSON, purpose);
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: ctx.origin,
      expectedRPID: ctx.rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: [-7],
    });
    if (!verified || !registrationInfo) throw new Error('not verified');
    const { id, publicKey, counter } = registrationInfo.credential;
    return { credentialId: id, publicKey, counter };
  } catch (cause) {
    throw new AppError('PASSKEY_REFUSED', {}, { cause });
  }
}

/** A new patient: nothing is asked, nothing is known. */
export async function registerPatient(
  ctx: IdentityContext,
  response: RegistrationResponseJSON,
): Promise<{ id: string }> {
  const passkey = await checkRegistration(ctx, response, 'patient');
  const now = new Date(ctx.clock.now());
  const id = newId(now.getTime(), ctx.random.bytes(10));
  await ctx.db.transaction().execute(async (tx) => {
    await tx.insertInto('identity.patient').values({ id, created_at: now }).execute();
    await tx
      .insertInto('identity.passkey')
      .values({
        credential_id: passkey.credentialId,
        patient_id: id,
        device_id: null,
        public_key: passkey.publicKey,
        counter: BigInt(passkey.counter),
        created_at: now,
      })
      .execute();
  });
  await ctx.sessions.open({ seat: 'patient', accountId: id });
  return { id };
}

/** Throws PASSKEY_UNKNOWN, PASSKEY_REFUSED, CHALLENGE_EXPIRED. */
export async function signIn(
  ctx: IdentityContext,
  response: AuthenticationResponseJSON,
): Promise<{ id: string; seat: 'patient' | 'desk' }> {
  const challenge = await useChallenge(ctx, response.response.clientDataJSON, 'sign-in');
  const row = await ctx.db
    .selectFrom('identity.passkey')
    .selectAll()
    .where('credential_id', '=', response.id)
    .executeTakeFirst();
  if (!row) throw new AppError('PASSKEY_UNKNOWN');
  let counter: number;
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: ctx.origin,
      expectedRPID: ctx.rpId,
      requireUserVerification: true,
      credential: {
        id: row.credential_id,
        publicKey: new Uint8Array(row.public_key),
        counter: Number(row.counter),
      },
    });
    if (!verified) throw new Error('not verified');
    counter = authenticationInfo.newCounter;
  } catch (cause) {
    throw new AppError('PASSKEY_REFUSED', {}, { cause });
  }
  await ctx.db
    .updateTable('identity.passkey')
    .set({ counter: BigInt(counter) })
    .where('credential_id', '=', row.credential_id)
    .execute();
  if (row.patient_id) {
    await ctx.sessions.open({ seat: 'patient', accountId: row.patient_id });
    return { id: row.patient_id, seat: 'patient' };
  }
  const device = await ctx.db
    .selectFrom('identity.device')
    .selectAll()
    .where('id', '=', row.device_id ?? '')
    .executeTakeFirst();
  if (!device) throw new AppError('PASSKEY_UNKNOWN');
  await ctx.sessions.open({ seat: 'desk', accountId: device.id, organisationId: device.organisation_id });
  return { id: device.id, seat: 'desk' };
}
