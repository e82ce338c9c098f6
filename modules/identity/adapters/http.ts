/** Identity's handlers, by the names of its contract. */
import { AppError, type Handlers, type RouteContract, type RouteInput } from '@zhenmei/kernel';
import type { IdentityApi } from '../api.ts';
import type { IdentityContext } from '../app/context.ts';
import { publishStatusList, registerCredential, registerIssuer } from '../app/credentials.ts';
import { addPractitioner, createOrganisation, inviteDevice, joinDevice } from '../app/organisations.ts';
import { newChallenge, registerPatient, signIn } from '../app/passkeys.ts';

function organisation(input: Pick<RouteInput<RouteContract>, 'caller'>): string {
  if (!input.caller?.organisationId) throw new AppError('ORGANISATION_UNKNOWN');
  return input.caller.organisationId;
}

export function identityHandlers(ctx: IdentityContext): Handlers<IdentityApi> {
  return {
    challenge: ({ body }) => newChallenge(ctx, body.purpose),
    registerPatient: ({ body }) => registerPatient(ctx, body.registration as never),
    signIn: ({ body }) => signIn(ctx, body.assertion as never),
    signOut: async () => {
      await ctx.sessions.close();
      return { ok: true };
    },
    me: async ({ caller }) => {
      if (!caller) throw new AppError('ORGANISATION_UNKNOWN');
      const row = caller.organisationId
        ? await ctx.db
            .selectFrom('identity.organisation')
            .selectAll()
            .where('id', '=', caller.organisationId)
            .executeTakeFirst()
        : undefined;
      const device = caller.organisationId
        ? await ctx.db
            .selectFrom('identity.device')
            .selectAll()
            .where('id', '=', caller.accountId)
            .executeTakeFirst()
        : undefined;
      return {
        seat: caller.seat,
        accountId: caller.accountId,
        organisation: row
          ? {
              id: row.id,
              kind: row.kind,
              name: row.name,
              gln: row.gln,
              account: row.account,
              region: row.region,
            }
          : null,
        signer: device?.signer ?? null,
        holderKey: device?.holder_key ?? null,
      };
    },
    createOrganisation: ({ body }) => createOrganisation(ctx, body),
    inviteDevice: async (input) => ({ invitation: await inviteDevice(ctx, organisation(input)) }),
    joinDevice: ({ body }) => joinDevice(ctx, { ...body, registration: body.registration as never }),
    addPractitioner: (input) => addPractitioner(ctx, organisation(input), input.body),
    registerIssuer: async (input) => {
      await registerIssuer(ctx, organisation(input), input.body);
      return { ok: true };
    },
    registerCredential: ({ body }) => registerCredential(ctx, body.token),
    publishStatusList: ({ body }) => publishStatusList(ctx, body.token),
  };
}
