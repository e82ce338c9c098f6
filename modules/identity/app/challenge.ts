/** Challenges for passkeys: random, for one purpose, used once, five minutes long. */
import { AppError, fromBase64Url, fromUtf8, MINUTE, strictJson, toBase64Url } from '@zhenmei/kernel';
import '../core/account-errors.ts';
import type { IdentityContext } from './context.ts';

export type Purpose = 'patient' | 'desk' | 'sign-in';

const LIFE = 5 * MINUTE;

export async function newChallenge(
  ctx: IdentityContext,
  purpose: Purpose,
): Promise<{ challenge: string; rpId: string }> {
  const challenge = toBase64Url(ctx.random.bytes(32));
  const now = ctx.clock.now();
  await ctx.db.deleteFrom('identity.challenge').where('expires_at', '<', new Date(now)).execute();
  await ctx.db
    .insertInto('identity.challenge')
    .values({ challenge, purpose, expires_at: new Date(now + LIFE) })
    .execute();
  return { challenge, rpId: ctx.rpId };
}

/**
 * Takes the challenge of an authenticator's answer out of use, whatever becomes of the answer.
 * Throws PASSKEY_REFUSED if the answer cannot be read, CHALLENGE_EXPIRED if we did not give it, for this, just now.
 */
export async function useChallenge(
  ctx: IdentityContext,
  clientDataJSON: string,
  purpose: Purpose,
): Promise<string> {
  const challenge = challengeOf(clientDataJSON);
  const row = await ctx.db
    .deleteFrom('identity.challenge')
    .where('challenge', '=', challenge)
    .where('purpose', '=', purpose)
    .returning('expires_at')
    .executeTakeFirst();
  if (!row || row.expires_at.getTime() < ctx.clock.now()) throw new AppError('CHALLENGE_EXPIRED');
  return challenge;
}

function challengeOf(clientDataJSON: string): string {
  let data: unknown;
  try {
    data = strictJson(fromUtf8(fromBase64Url(clientDataJSON)));
  } catch (cause) {
    throw new AppError('PASSKEY_REFUSED', {}, { cause });
  }
  const challenge = typeof data === 'object' && data !== null && 'challenge' in data ? data.challenge : null;
  if (typeof challenge !== 'string') throw new AppError('PASSKEY_REFUSED');
  return challenge;
}
