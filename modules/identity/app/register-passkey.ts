/** A new passkey is checked; with it a patient's account is made: nothing is asked, nothing is known. */
import { type RegistrationResponseJSON, verifyRegistrationResponse } from '@simplewebauthn/server';
import { AppError, newId } from '@zhenmei/kernel';
import '../core/account-errors.ts';
import { type Purpose, useChallenge } from './challenge.ts';
import type { IdentityContext } from './context.ts';

export interface NewPasskey {
  readonly credentialId: string;
  /** COSE key. */
  readonly publicKey: Uint8Array;
  readonly counter: number;
}

/** ES256 (RFC 9053): the one algorithm whose signatures are also checked on chain. */
const ES256 = -7;

/** Checks a registration: our challenge, origin and host, the person verified. Throws PASSKEY_REFUSED, CHALLENGE_EXPIRED. */
export async function checkRegistration(
  ctx: IdentityContext,
  response: RegistrationResponseJSON,
  purpose: Purpose,
): Promise<NewPasskey> {
  const challenge = await useChallenge(ctx, response.response.clientDataJSON, purpose);
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: ctx.origin,
      expectedRPID: ctx.rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: [ES256],
    });
    if (!verified || !registrationInfo) throw new Error('not verified');
    const { id, publicKey, counter } = registrationInfo.credential;
    const known = await ctx.db
      .selectFrom('identity.passkey')
      .select('credential_id')
      .where('credential_id', '=', id)
      .executeTakeFirst();
    if (known) throw new Error('already registered');
    return { credentialId: id, publicKey, counter };
  } catch (cause) {
    throw new AppError('PASSKEY_REFUSED', {}, { cause });
  }
}

/** Makes a patient's account and opens a session. Throws PASSKEY_REFUSED, CHALLENGE_EXPIRED. */
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
