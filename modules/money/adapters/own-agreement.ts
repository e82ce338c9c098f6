/** Whose payment it is. */
import { AppError, type Hex } from '@zhenmei/kernel';
import type { MoneyContext } from '../app/context.ts';

/**
 * An agreement's number is no secret, what its patient pays with is: whoever else asks learns not even that there is one.
 * @returns the agreement, asked about by its patient with her visit's read secret. Throws PAYMENT_UNKNOWN.
 */
export const ownAgreement =
  (ctx: MoneyContext) =>
  async ({ params, bearer }: { params: { id: Hex }; bearer: string | null }): Promise<Hex> => {
    const side = await ctx.disputes.side(params.id, { token: bearer, organisationId: null });
    if (side !== 'patient') throw new AppError('PAYMENT_UNKNOWN');
    return params.id;
  };
