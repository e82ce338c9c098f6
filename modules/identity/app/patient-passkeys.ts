/** The passkeys of a patient's account. Who may change them is decided where the vault's owner key is known. */
import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import type { IdentityContext } from './context.ts';
import { checkRegistration } from './register-passkey.ts';

/** Another device of a known patient. Throws PASSKEY_REFUSED, CHALLENGE_EXPIRED. */
export async function addPatientPasskey(
  ctx: IdentityContext,
  patientId: string,
  response: RegistrationResponseJSON,
): Promise<void> {
  const passkey = await checkRegistration(ctx, response, 'patient');
  await ctx.db
    .insertInto('identity.passkey')
    .values({
      credential_id: passkey.credentialId,
      patient_id: patientId,
      device_id: null,
      public_key: passkey.publicKey,
      counter: BigInt(passkey.counter),
      created_at: new Date(ctx.clock.now()),
    })
    .execute();
}

export async function patientPasskeys(
  ctx: IdentityContext,
  patientId: string,
): Promise<{ credential: string; addedAt: Date }[]> {
  return ctx.db
    .selectFrom('identity.passkey')
    .select(['credential_id as credential', 'created_at as addedAt'])
    .where('patient_id', '=', patientId)
    .orderBy('created_at')
    .execute();
}

export async function removePatientPasskeys(
  ctx: IdentityContext,
  patientId: string,
  credentials: readonly string[],
): Promise<void> {
  await ctx.db
    .deleteFrom('identity.passkey')
    .where('patient_id', '=', patientId)
    .where('credential_id', 'in', [...credentials])
    .execute();
}

/** The account ends: no passkey, and no row that says when it began. Doing it twice changes nothing. */
export async function closePatient(ctx: IdentityContext, patientId: string): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    await tx.deleteFrom('identity.passkey').where('patient_id', '=', patientId).execute();
    await tx.deleteFrom('identity.patient').where('id', '=', patientId).execute();
  });
}
