/** The guardian's signatures on a visit of somebody under age, judged as the certificate stands now. */
import { AppError } from '@zhenmei/kernel';
import type { GuardianShown } from '../api.ts';
import { GUARDIAN_AUDIENCE, type GuardianUse, guardianNonce, isOfAge, type Minor } from '../core/guardian.ts';
import type { GuardianJudged } from '../ports.ts';
import type { CareContext } from './context.ts';

async function judged(
  ctx: CareContext,
  presentation: string,
  use: GuardianUse | 'view',
  about: Readonly<Record<string, string>>,
): Promise<GuardianJudged> {
  const nonce = guardianNonce(use, about);
  const found = await ctx.identity.guardian(presentation, { audience: GUARDIAN_AUDIENCE, nonce });
  if (!found.proven) throw new AppError('GUARDIAN_NOT_PROVEN', { code: found.code });
  if (isOfAge({ child: '', guardian: '', until: found.until }, ctx.clock.now()))
    throw new AppError('GUARDIAN_ENDED', { day: found.until });
  return found;
}

/** At the booking, where the child's key says that the visit is its own. Throws GUARDIAN_NOT_PROVEN, GUARDIAN_ENDED. */
export async function minorOf(
  ctx: CareContext,
  visit: string,
  about: { readonly service: string; readonly slot: string },
  shown: GuardianShown,
  statement: Uint8Array,
): Promise<Minor> {
  const { child, guardian, until } = await judged(ctx, shown.presentation, 'book', { visit, ...about });
  const signer = ctx.identity.signer(shown.childKey, shown.childSignature, statement);
  if (signer !== child) throw new AppError('GUARDIAN_NOT_PROVEN', { code: 'OTHER_CHILD' });
  return { child, guardian, until };
}

/** For a later step. Nothing is needed once the child is of age. Throws GUARDIAN_NEEDED, GUARDIAN_NOT_PROVEN. */
export async function assertGuardian(
  ctx: CareContext,
  minor: Minor | null,
  presentation: string | undefined,
  use: GuardianUse,
  about: Readonly<Record<string, string>>,
): Promise<void> {
  if (!minor || isOfAge(minor, ctx.clock.now())) return;
  if (!presentation) throw new AppError('GUARDIAN_NEEDED', { use });
  const { child } = await judged(ctx, presentation, use, about);
  if (child !== minor.child) throw new AppError('GUARDIAN_NOT_PROVEN', { code: 'OTHER_CHILD' });
}

/** For a look at a child's visits. Throws GUARDIAN_NOT_PROVEN, GUARDIAN_ENDED. */
export async function guardianLooks(ctx: CareContext, child: string, presentation: string): Promise<void> {
  const shown = await judged(ctx, presentation, 'view', { child });
  if (shown.child !== child) throw new AppError('GUARDIAN_NOT_PROVEN', { code: 'OTHER_CHILD' });
}
