/** Identity's handlers, by the names of its contract. */
import { AppError, type Handlers, type RouteContract, type RouteInput } from '@zhenmei/kernel';
import type { IdentityApi } from '../api.ts';
import { addPractitioner } from '../app/add-practitioner.ts';
import { apiKeys, revokeApiKey } from '../app/api-keys.ts';
import { newChallenge } from '../app/challenge.ts';
import type { IdentityContext } from '../app/context.ts';
import { createOrganisation } from '../app/create-organisation.ts';
import { inviteDevice } from '../app/invite-device.ts';
import { joinDevice } from '../app/join-device.ts';
import { listDevices } from '../app/list-devices.ts';
import { makeApiKey } from '../app/make-api-key.ts';
import { nameDevice } from '../app/name-device.ts';
import { publishStatusList, readPublishedList } from '../app/publish-status-list.ts';
import { readProfile } from '../app/read-profile.ts';
import { registerCredential } from '../app/register-credential.ts';
import { registerIssuer } from '../app/register-issuer.ts';
import { registerPatient } from '../app/register-passkey.ts';
import { retireDevice } from '../app/retire-device.ts';
import { signIn } from '../app/sign-in.ts';
import { signOut } from '../app/sign-out.ts';

function organisation(input: Pick<RouteInput<RouteContract>, 'caller'>): string {
  if (!input.caller?.organisationId) throw new AppError('ORGANISATION_UNKNOWN');
  return input.caller.organisationId;
}

function desk(input: Pick<RouteInput<RouteContract>, 'caller'>) {
  return { organisationId: organisation(input), deviceId: input.caller!.accountId };
}

export function identityHandlers(ctx: IdentityContext): Handlers<IdentityApi> {
  return {
    challenge: ({ body }) => newChallenge(ctx, body.purpose),
    registerPatient: ({ body }) => registerPatient(ctx, body.registration as never),
    signIn: ({ body }) => signIn(ctx, body.assertion as never),
    signOut: () => signOut(ctx),
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
    makeApiKey: (input) => makeApiKey(ctx, desk(input), input.body),
    listApiKeys: async (input) => ({ keys: await apiKeys(ctx, organisation(input)) }) as never,
    revokeApiKey: (input) => revokeApiKey(ctx, desk(input), input.params.id),
    joinDevice: ({ body }) => joinDevice(ctx, { ...body, registration: body.registration as never }),
    listDevices: (input) => listDevices(ctx, desk(input)),
    nameDevice: (input) => nameDevice(ctx, organisation(input), input.params.id, input.body.name),
    retireDevice: (input) => retireDevice(ctx, desk(input), input.params.id, input.body),
    addPractitioner: (input) => addPractitioner(ctx, organisation(input), input.body),
    registerIssuer: (input) => registerIssuer(ctx, organisation(input), input.body),
    registerCredential: (input) => registerCredential(ctx, organisation(input), input.body.token),
    publishStatusList: ({ body }) => publishStatusList(ctx, body.token),
    readStatusList: ({ params }) => readPublishedList(ctx, params.issuer, params.name),
    readProfile: ({ params }) => readProfile(ctx, params.subject) as never,
  };
}
