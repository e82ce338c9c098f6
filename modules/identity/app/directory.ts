/** Organisations and doctors as they registered; what entitles them is in `read-profile.ts`. */
import type { Hex } from '@zhenmei/kernel';
import type { Selectable } from 'kysely';
import type { Bilingual, IdentityDatabase } from '../adapters/schema.ts';
import type { IdentityContext } from './context.ts';

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
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const devices = await ctx.db
    .selectFrom('identity.device')
    .select(['organisation_id', 'holder_key'])
    .where('organisation_id', 'in', ids)
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
