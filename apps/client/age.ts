/** What the patient's device shows of her age at a booking: "this age was reached", for this booking only. */
import { AGE_AUDIENCE, type AgeAbout, ageNonce } from '@zhenmei/care/core/age.ts';
import { presentSdJwt } from '@zhenmei/identity/core/sd-jwt.ts';
import { toSeconds } from '@zhenmei/kernel';
import type { WalletCredential } from './wallet.ts';

/** How the booking asks for the showing, once number and fresh key of the visit are known. */
export type AgeAsked = (about: AgeAbout) => Promise<string>;

/**
 * @param copies certificates of one kind, each with a key of its own: another one for every booking, so that two
 *   bookings are not linked by it for as long as there are unused ones
 * @param index the visit's index in the vault
 * @param now milliseconds since the epoch
 */
export const showAge =
  (copies: readonly Pick<WalletCredential, 'token' | 'key'>[], index: number, now: number): AgeAsked =>
  (about) => {
    const { token, key } = copies[index % copies.length]!;
    const binding = { audience: AGE_AUDIENCE, nonce: ageNonce(about), at: toSeconds(now) };
    return presentSdJwt(token, ['age'], binding, key.sign);
  };
