/** The guarantee's handlers, by the names of its contract. */
import { AppError, type Handlers, type Hex } from '@zhenmei/kernel';
import type { MoneyContext } from '../app/context.ts';
import { offerCover } from '../app/guarantee/offer-cover.ts';
import { orderBond } from '../app/guarantee/order-bond.ts';
import { readCover } from '../app/guarantee/read-cover.ts';
import { readGuaranteeBook, readGuaranteeDesk } from '../app/guarantee/read-desk.ts';
import type { GuaranteeApi } from '../guarantee-api.ts';

interface Seat {
  readonly kind: string;
  readonly account: Hex | null;
}

export type SeatOf = (organisationId: string) => Promise<Seat | null>;

/** @param seatOf kind and account of a signed-in organisation */
export function guaranteeHandlers(ctx: MoneyContext, seatOf: SeatOf): Handlers<GuaranteeApi> {
  const seat = async (caller: { organisationId?: string | null } | null, kind: string): Promise<Hex> => {
    const found = caller?.organisationId ? await seatOf(caller.organisationId) : null;
    if (found?.kind !== kind || !found.account) throw new AppError('GUARANTEE_SEAT_WRONG');
    return found.account;
  };
  return {
    readCover: ({ params }) => readCover(ctx, params.id),
    offerCover: async ({ caller, body }) => offerCover(ctx, await seat(caller, 'clinic'), body.cover),
    readDesk: async ({ caller }) => readGuaranteeDesk(ctx, await seat(caller, 'clinic')),
    orderBond: async ({ caller, body }) => orderBond(ctx, await seat(caller, 'clinic'), BigInt(body.amount)),
    readBook: async ({ caller }) => {
      await seat(caller, 'regulator');
      return readGuaranteeBook(ctx);
    },
  };
}
