/** The register as its issuer sees it. */
import { toIso } from '@zhenmei/kernel';
import type { RegisterState } from '../../adapters/schema.ts';
import { nameOf } from '../../core/catalogue.ts';
import type { IdentityContext } from '../context.ts';
import { practitioners } from '../directory.ts';
import { ownIssuer } from './own-issuer.ts';
import { mustBeRegulator } from './owners.ts';

export interface RegisterFilter {
  readonly state?: RegisterState | undefined;
  readonly subject?: string | undefined;
  readonly query?: string | undefined;
}

const PAGE = 200;

/** The newest changes first. Throws NO_ISSUER. */
export async function readRegister(ctx: IdentityContext, organisationId: string, filter: RegisterFilter) {
  const issuer = await ownIssuer(ctx, organisationId);
  let select = ctx.db.selectFrom('identity.register_entry').selectAll().where('issuer_id', '=', issuer.id);
  if (filter.state) select = select.where('state', '=', filter.state);
  if (filter.subject) select = select.where('subject_id', '=', filter.subject);
  const rows = await select.orderBy('changed_at', 'desc').orderBy('id', 'desc').limit(5_000).execute();
  const wanted = filter.query?.toLowerCase();
  const entries = rows
    .filter(({ claims }) => !wanted || JSON.stringify(claims).toLowerCase().includes(wanted))
    .slice(0, PAGE)
    .map((row) => ({
      id: row.id,
      kind: nameOf(row.vct),
      subject: row.subject_id,
      claims: row.claims ?? {},
      state: row.state,
      reason: row.reason,
      issuedAt: toIso(row.issued_at.getTime()),
      expiresAt: toIso(row.expires_at.getTime()),
      renewedBy: row.renewed_by,
      hasStatus: row.list_uri !== null,
    }));
  return { issuer: issuer.id, entries };
}

/** Organisations with their doctors, for whoever enters them. Throws NOT_THE_REGULATOR. */
export async function listOrganisations(ctx: IdentityContext, organisationId: string) {
  await mustBeRegulator(ctx, organisationId);
  const rows = await ctx.db.selectFrom('identity.organisation').selectAll().orderBy('created_at').execute();
  const doctors = await practitioners(ctx, {});
  return {
    organisations: rows.map(({ id, kind, name, gln, closed_at }) => ({
      id,
      kind,
      name,
      gln,
      closedAt: closed_at && toIso(closed_at.getTime()),
      doctors: doctors
        .filter(({ clinicId }) => clinicId === id)
        .map((doctor) => ({ id: doctor.id, name: doctor.name })),
    })),
  };
}
