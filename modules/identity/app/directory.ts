/** Clinics and doctors as others see them, with licences judged just now. */
import { type Hex, type Json, toIso } from '@zhenmei/kernel';
import type { Selectable } from 'kysely';
import type { Bilingual, IdentityDatabase } from '../adapters/schema.ts';
import { CREDENTIAL_TYPES } from '../core/catalogue.ts';
import type { IdentityContext } from './context.ts';
import { type LicenceRead, licencesOf, statedClaims } from './credentials.ts';

export interface LicenceSummary {
  readonly verdict: 'proven' | 'false' | 'cannot-judge';
  readonly code: string;
  readonly message: Bilingual;
  readonly type: string;
  readonly issuer: string;
  readonly issuerName: Bilingual;
  readonly checkedAt: string;
  readonly claims: Record<string, Json>;
}

export interface OrganisationView {
  readonly id: string;
  readonly kind: string;
  readonly name: Bilingual;
  readonly city: Bilingual;
  readonly address: Bilingual;
  readonly region: string;
  readonly gln: string;
  readonly account: Hex | null;
  readonly licensedForToxin: boolean;
  readonly deviceKeys: readonly Hex[];
}

function view(
  row: Selectable<IdentityDatabase['identity.organisation']>,
  deviceKeys: readonly Hex[],
): OrganisationView {
  const { id, kind, name, city, address, region, gln, account, licensed_for_toxin } = row;
  return {
    id,
    kind,
    name,
    city,
    address,
    region,
    gln,
    account,
    licensedForToxin: licensed_for_toxin,
    deviceKeys,
  };
}

export async function organisations(
  ctx: IdentityContext,
  filter: { kind?: string; id?: string; query?: string | undefined } = {},
): Promise<OrganisationView[]> {
  let select = ctx.db.selectFrom('identity.organisation').selectAll();
  if (filter.kind) select = select.where('kind', '=', filter.kind as never);
  if (filter.id) select = select.where('id', '=', filter.id);
  const rows = await select.orderBy('created_at').execute();
  const devices = await ctx.db
    .selectFrom('identity.device')
    .select(['organisation_id', 'holder_key'])
    .execute();
  const wanted = filter.query?.toLowerCase();
  return rows
    .filter(
      (row) =>
        !wanted ||
        [row.name.zh, row.name.en, row.city.zh, row.city.en].some((text) =>
          text.toLowerCase().includes(wanted),
        ),
    )
    .map((row) =>
      view(
        row,
        devices.filter((d) => d.organisation_id === row.id).map((d) => d.holder_key),
      ),
    );
}

export interface PractitionerView {
  readonly id: string;
  readonly clinicId: string;
  readonly name: Bilingual;
  readonly title: Bilingual;
}

export async function practitioners(
  ctx: IdentityContext,
  filter: { id?: string; clinicId?: string },
): Promise<PractitionerView[]> {
  let select = ctx.db.selectFrom('identity.practitioner').selectAll();
  if (filter.id) select = select.where('id', '=', filter.id);
  if (filter.clinicId) select = select.where('clinic_id', '=', filter.clinicId);
  const rows = await select.orderBy('created_at').execute();
  return rows.map((row) => ({ id: row.id, clinicId: row.clinic_id, name: row.name, title: row.title }));
}

/** Public licences of a subject and what they say; null where nothing can be judged. */
export async function licenceFacts(ctx: IdentityContext, subjectId: string) {
  const read = await licencesOf(ctx, subjectId);
  const issuers = await ctx.db
    .selectFrom('identity.issuer as i')
    .innerJoin('identity.organisation as o', 'o.id', 'i.organisation_id')
    .select(['i.id', 'o.name'])
    .execute();
  const summaries = read.map((licence): LicenceSummary => {
    const stated = statedClaims(licence.token);
    const { name: _, licenceNumber: __, cnf: ___, status: ____, ...open } = stated as Record<string, Json>;
    return {
      verdict: licence.verdict,
      code: licence.code,
      message: licence.message,
      type: licence.type ?? '',
      issuer: licence.issuer ?? '',
      issuerName: issuers.find((i) => i.id === licence.issuer)?.name ?? { zh: '', en: '' },
      checkedAt: toIso(ctx.clock.now()),
      claims: open,
    };
  });
  const facility = read.find((l) => l.type === CREDENTIAL_TYPES.facilityLicence);
  const physician = read.find((l) => l.type === CREDENTIAL_TYPES.physicianLicence);
  return { summaries, facility: facts(facility), physician: facts(physician) };
}

function facts(licence: LicenceRead | undefined): {
  valid: boolean | null;
  claims: Readonly<Record<string, Json>> | null;
} {
  if (!licence) return { valid: false, claims: null };
  if (licence.verdict === 'cannot-judge') return { valid: null, claims: null };
  return {
    valid: licence.verdict === 'proven',
    claims: licence.verdict === 'proven' ? licence.claims : null,
  };
}
