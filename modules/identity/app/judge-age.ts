/** A certificate of age as it is shown for one booking. */
import { CREDENTIAL_TYPES, readClaims } from '../core/catalogue.ts';
import type { IdentityContext } from './context.ts';
import { judgeCredential } from './judge-credential.ts';

export interface AgeJudged {
  readonly proven: boolean;
  readonly code: string;
  /** Years that were reached; 0 if nothing is proven. */
  readonly age: number;
}

/** Never throws for what was shown: `code` says why it proves nothing. */
export async function judgeAge(
  ctx: IdentityContext,
  presentation: string,
  binding: { readonly audience: string; readonly nonce: string },
): Promise<AgeJudged> {
  const { verdict, code, type, claims, holder } = await judgeCredential(ctx, presentation, binding);
  const none = { proven: false, age: 0 };
  if (verdict !== 'proven' || !holder || !claims) return { ...none, code };
  if (type !== CREDENTIAL_TYPES.ageOver) return { ...none, code: 'CREDENTIAL_TYPE_OTHER' };
  const { age, reached } = readClaims(type, claims) ?? {};
  if (typeof age !== 'number' || reached !== true) return { ...none, code: 'AGE_NOT_SHOWN' };
  return { proven: true, code, age };
}
