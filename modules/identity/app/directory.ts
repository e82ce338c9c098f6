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
  /** Keys of the devices in use. */
  readonly deviceKeys: readonly Hex[];
  /** Keys of devices that ended: what they signed before counts, and nothing since. */
  readonly pastKeys: readonly PastKey[];
}

export interface PastKey {
  readonly key: Hex;
  /** When it ended. */
  readonly until: Date;
}

function view(
  row: Selectable<IdentityDatabase['identity.organisation']>,
  keys: Pick<OrganisationView, 'deviceKeys' | 'pastKeys'>,
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
    ...keys,
  };
}

/** Keys that sign now, and keys that once did. */
export function splitKeys(
  devices: readonly { readonly holder_key: Hex; readonly retired_at: Date | null }[],
): Pick<OrganisationView, 'deviceKeys' | 'pastKeys'> {
  return {
    deviceKeys: devices.flatMap((d) => (d.retired_at ? [] : [d.holder_key])),
    pastKeys: devices.flatMap((d) => (d.retired_at ? [{ key: d.holder_key, until: d.retired_at }] : [])),
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
    .select(['organisation_id', 'holder_key', 'retired_at'])
    .where('organisation_id', 'in', ids)
    .orderBy('joined_at')
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
    .map((row) => view(row, splitKeys(devices.filter((d) => d.organisation_id === row.id))));
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
