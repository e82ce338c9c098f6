/** A certificate of age shown at a booking. */
import { AppError } from '@zhenmei/kernel';
import { largest, type PolicyPack } from '@zhenmei/policy';
import { AGE_AUDIENCE, type AgeAbout, ageNonce } from '../core/age.ts';
import type { CareContext } from './context.ts';

/**
 * Whether somebody of age is shown to be of age as the region counts it; false if nothing was shown.
 * What is shown and does not hold is refused, not passed over. Throws AGE_NOT_PROVEN.
 */
export async function ageProven(
  ctx: CareContext,
  packs: readonly PolicyPack[],
  presentation: string | undefined,
  about: AgeAbout,
): Promise<boolean> {
  if (presentation === undefined) return false;
  const binding = { audience: AGE_AUDIENCE, nonce: ageNonce(about) };
  const { proven, code, age } = await ctx.identity.age(presentation, binding);
  if (!proven) throw new AppError('AGE_NOT_PROVEN', { code });
  const needed = largest(packs, 'adultAge');
  if (needed === null || age < needed) throw new AppError('AGE_NOT_PROVEN', { code: 'AGE_BELOW' });
  return true;
}
