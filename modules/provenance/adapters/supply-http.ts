/** Handlers of what moves goods, by the names of their contract. */
import {
  AppError,
  type Handlers,
  type RouteContract,
  type RouteInput,
  toHex0x,
  toIso,
} from '@zhenmei/kernel';
import type { SupplyApi } from '../api/supply.ts';
import type { ProvenanceContext } from '../app/context.ts';
import { captureSigned } from '../app/supply/capture-signed.ts';
import { signaturesOf } from '../app/supply/signatures-of.ts';
import { eventStatement } from '../core/event-signature.ts';

function organisation(input: Pick<RouteInput<RouteContract>, 'caller'>): string {
  if (!input.caller?.organisationId) throw new AppError('EVENT_NOT_YOURS');
  return input.caller.organisationId;
}

export function supplyHandlers(ctx: ProvenanceContext): Handlers<SupplyApi> {
  return {
    captureSigned: (input) => captureSigned(ctx, organisation(input), input.body),
    readSignatures: async ({ params: { digest } }) => {
      const [given, sites] = await Promise.all([signaturesOf(ctx, [digest]), ctx.parties.all()]);
      return {
        event: digest,
        statement: toHex0x(eventStatement(digest)),
        signatures: given.map(({ key, signature, organisation: id, signedAt }) => {
          const site = sites.find((one) => one.id === id);
          return {
            by: site?.name ?? { zh: '', en: '' },
            gln: site?.gln ?? '',
            key,
            signature,
            signedAt: toIso(signedAt.getTime()),
          };
        }),
      };
    },
  };
}
