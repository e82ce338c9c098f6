/** The register's handlers, by the names of its contract. */
import { AppError, fromIso, type Handlers, type RouteContract, type RouteInput, utf8 } from '@zhenmei/kernel';
import type { IdentityContext } from '../app/context.ts';
import { makeOffer } from '../app/openid/issue.ts';
import { openRequest, readAnswer, readPurposes, registerVerifier } from '../app/openid/present.ts';
import { publishDid, readDidLog, readDidWeb } from '../app/publish-did.ts';
import { changeEntry, renewEntry } from '../app/register/change-entry.ts';
import { collectCertificates } from '../app/register/collect.ts';
import { enter } from '../app/register/enter.ts';
import { importEntries, previewImport } from '../app/register/import-entries.ts';
import { makeCertificate } from '../app/register/make-certificate.ts';
import { openIssuer, ownIssuer } from '../app/register/own-issuer.ts';
import { closeOrganisation, stateOwner } from '../app/register/owners.ts';
import { listOrganisations, readRegister } from '../app/register/read-register.ts';
import { CREDENTIAL_TYPES } from '../core/catalogue.ts';
import { parseJwk } from '../core/jwk.ts';
import { typeMetadata } from '../core/type-metadata.ts';
import type { RegisterApi } from '../register-api.ts';

function organisation(input: Pick<RouteInput<RouteContract>, 'caller'>): string {
  if (!input.caller?.organisationId) throw new AppError('ORGANISATION_UNKNOWN');
  return input.caller.organisationId;
}

const until = (text: string | undefined) => (text === undefined ? undefined : fromIso(text));

export function registerHandlers(ctx: IdentityContext): Handlers<RegisterApi> {
  return {
    openIssuer: (input) => openIssuer(ctx, organisation(input), input.body.id),
    readRegister: (input) => {
      const { state, subject, q } = input.query;
      return readRegister(ctx, organisation(input), { state, subject, query: q });
    },
    enter: (input) => {
      const { kind, claims, expires } = input.body;
      return enter(ctx, organisation(input), { kind, claims: claims as never, expires: until(expires) });
    },
    changeEntry: (input) => changeEntry(ctx, organisation(input), input.params.id, input.body),
    renewEntry: (input) => renewEntry(ctx, organisation(input), input.params.id, until(input.body.expires)),
    previewImport: async (input) => {
      const { kind, csv } = input.body;
      const { columns, rows, faults } = await previewImport(ctx, organisation(input), kind, utf8(csv));
      return {
        columns: [...columns],
        rows: rows.map(({ line, claims }) => ({ line, claims })),
        faults: [...faults],
      } as never;
    },
    importEntries: (input) => importEntries(ctx, organisation(input), input.body.kind, utf8(input.body.csv)),
    makeCertificate: async (input) => {
      const issuer = await ownIssuer(ctx, organisation(input));
      const entry = await ctx.db
        .selectFrom('identity.register_entry')
        .select('id')
        .where('id', '=', input.params.id)
        .where('issuer_id', '=', issuer.id)
        .executeTakeFirst();
      if (!entry) throw new AppError('ENTRY_UNKNOWN');
      const { holder } = input.body;
      return { token: await makeCertificate(ctx, entry.id, holder && parseJwk(holder)) };
    },
    makeOffer: (input) => makeOffer(ctx, organisation(input), input.params.id, input.body.withCode),
    registerVerifier: (input) =>
      registerVerifier(ctx, organisation(input), input.params.id, input.body.purposes),
    readPurposes: (input) => readPurposes(ctx, organisation(input)),
    openRequest: (input) => openRequest(ctx, organisation(input), input.body.purpose, input.body.query),
    readAnswer: (input) => readAnswer(ctx, organisation(input), input.params.id),
    collectCertificates: async ({ caller }) => ({
      certificates: await collectCertificates(ctx, caller?.accountId ?? ''),
    }),
    stateOwner: (input) => stateOwner(ctx, organisation(input), input.params.id, input.body.registeredNumber),
    closeOrganisation: (input) =>
      closeOrganisation(ctx, organisation(input), input.params.id, input.body.reason),
    listOrganisations: (input) => listOrganisations(ctx, organisation(input)),
    publishDid: (input) => publishDid(ctx, organisation(input)),
    readDidLog: ({ params }) => readDidLog(ctx, params.id),
    readDidWeb: async ({ params }) => (await readDidWeb(ctx, params.id)) as never,
    readTypeMetadata: async ({ params }) => typeMetadata(CREDENTIAL_TYPES[params.name]) as never,
  };
}
