/** Handlers of who stands behind promises, by the names of their contract. */
import { AppError, type Handlers, type Hex } from '@zhenmei/kernel';
import type { MoneyContext } from '../app/context.ts';
import { declinePolicy, signPolicy } from '../app/guarantee/answer-policy.ts';
import { licenseInsurer, licensePool, readBackers } from '../app/guarantee/license-backer.ts';
import { orderBond } from '../app/guarantee/order-bond.ts';
import { priceCover } from '../app/guarantee/price-cover.ts';
import { assertProfile } from '../app/guarantee/profiles.ts';
import { readInsurerDesk } from '../app/guarantee/read-insurer.ts';
import { orderPoolCapital, readPoolDesk } from '../app/guarantee/read-pool.ts';
import type { BackingApi } from '../backing-api.ts';
import type { SeatOf } from './guarantee-http.ts';

const DONE = { done: true } as const;

/** @param seatOf kind and account of a signed-in organisation */
export function backingHandlers(ctx: MoneyContext, seatOf: SeatOf): Handlers<BackingApi> {
  const seat = async (caller: { organisationId?: string | null } | null, kind: string): Promise<Hex> => {
    const found = caller?.organisationId ? await seatOf(caller.organisationId) : null;
    if (found?.kind !== kind || !found.account) throw new AppError('GUARANTEE_SEAT_WRONG');
    return found.account;
  };
  return {
    readBackers: () => readBackers(ctx),
    licenseInsurer: async ({ body }) => {
      await licenseInsurer(ctx, body.organisationId, body.licensed);
      return DONE;
    },
    licensePool: async ({ body }) => {
      await licensePool(ctx, body.licensed);
      return DONE;
    },
    readInsurer: async ({ caller, query }) => readInsurerDesk(ctx, await seat(caller, 'insurer'), query),
    orderInsurerBond: async ({ caller, body }) => {
      const insurer = await seat(caller, 'insurer');
      await assertProfile(ctx, 'insurer', insurer);
      return orderBond(ctx, insurer, BigInt(body.amount));
    },
    signPolicy: async ({ caller, params, body }) => {
      await signPolicy(ctx, await seat(caller, 'insurer'), params.id, body);
      return DONE;
    },
    declinePolicy: async ({ caller, params }) => {
      await declinePolicy(ctx, await seat(caller, 'insurer'), params.id);
      return DONE;
    },
    readPool: async ({ caller }) => readPoolDesk(ctx, await seat(caller, 'lender')),
    orderPoolCapital: async ({ caller, body }) =>
      orderPoolCapital(ctx, await seat(caller, 'lender'), BigInt(body.amount)),
    priceCover: async ({ caller, params }) => priceCover(ctx, await seat(caller, 'clinic'), params.id),
  };
}
