/** One prompt opens an account: the passkey says which. */
import { type AuthenticationResponseJSON, verifyAuthenticationResponse } from '@simplewebauthn/server';
import { AppError } from '@zhenmei/kernel';
import '../core/account-errors.ts';
import '../core/device-errors.ts';
import { useChallenge } from './challenge.ts';
import type { IdentityContext } from './context.ts';

export interface SignedIn {
  readonly id: string;
  readonly seat: 'patient' | 'desk';
}

/** Throws PASSKEY_UNKNOWN, PASSKEY_REFUSED (also when the counter says that the passkey was copied), CHALLENGE_EXPIRED, DESK_DEVICE_RETIRED. */
export async function signIn(ctx: IdentityContext, response: AuthenticationResponseJSON): Promise<SignedIn> {
  const challenge = await useChallenge(ctx, response.response.clientDataJSON, 'sign-in');
  const row = await ctx.db
    .selectFrom('identity.passkey as p')
    .leftJoin('identity.device as d', 'd.id', 'p.device_id')
    .select(['p.credential_id', 'p.public_key', 'p.counter', 'p.patient_id', 'd.id', 'd.organisation_id'])
    .where('p.credential_id', '=', response.id)
    .executeTakeFirst();
  if (!row) throw new AppError('PASSKEY_UNKNOWN');
  const counter = await newCounter(ctx, response, challenge, row);
  await ctx.db
    .updateTable('identity.passkey')
    .set({ counter })
    .where('credential_id', '=', row.credential_id)
    .where('counter', '<=', counter)
    .execute();
  if (row.patient_id) {
    await ctx.sessions.open({ seat: 'patient', accountId: row.patient_id });
    return { id: row.patient_id, seat: 'patient' };
  }
  if (!row.id) throw new AppError('PASSKEY_UNKNOWN');
  await assertInUse(ctx, row.id);
  await ctx.sessions.open({ seat: 'desk', accountId: row.id, organisationId: row.organisation_id });
  // it may have ended while it signed in
  await assertInUse(ctx, row.id).catch(async (error: unknown) => {
    await ctx.sessions.closeAll(row.id!);
    throw error;
  });
  return { id: row.id, seat: 'desk' };
}

async function assertInUse(ctx: IdentityContext, deviceId: string): Promise<void> {
  const device = await ctx.db
    .selectFrom('identity.device')
    .select('retired_at')
    .where('id', '=', deviceId)
    .executeTakeFirst();
  if (!device || device.retired_at) throw new AppError('DESK_DEVICE_RETIRED');
}

async function newCounter(
  ctx: IdentityContext,
  response: AuthenticationResponseJSON,
  challenge: string,
  row: { credential_id: string; public_key: Uint8Array; counter: bigint | string | number },
): Promise<bigint> {
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
    return BigInt(authenticationInfo.newCounter);
  } catch (cause) {
    throw new AppError('PASSKEY_REFUSED', {}, { cause });
  }
}
