/** Shipments and receipts of a site, and one of them with everything on board. */
import { AppError, type Hex } from '@zhenmei/kernel';
import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import { itemsOf } from '../../adapters/items.ts';
import type { SupplyDatabase } from '../../adapters/supply-schema.ts';
import type { EpcisEvent } from '../../core/events.ts';
import type { Site } from '../../ports.ts';
import type { SupplyContext } from './context.ts';
import { readEvents } from './found.ts';
import { type GivenSignature, signaturesOf } from './signatures-of.ts';

type Row = Selectable<SupplyDatabase['provenance.handover']>;

export interface HandoverLine {
  readonly row: Row;
  readonly from: Site | null;
  readonly to: Site | null;
  /** Of a shipment: how many of its units have arrived. */
  readonly arrived: number;
  readonly signed: boolean;
}

const PAGE = 100;
/** Units of a shipment that another statement of the destination answers. */
const arrivedOf = sql<number>`(
  SELECT count(*)::int FROM provenance.movement s WHERE s.digest = h.digest AND EXISTS (
    SELECT FROM provenance.movement r WHERE r.epc = s.epc AND r.kind = 'receive'
      AND r.site = coalesce(h.to_gln, r.site) AND r.at >= s.at - interval '1 day'))`;
const signedOf = sql<boolean>`EXISTS (SELECT FROM provenance.event_signature x WHERE x.digest = h.digest)`;

/** `out`: what the site sent; `in`: what is or was on its way to it; `received`: what it stated to have received. */
export async function listHandovers(
  ctx: SupplyContext,
  gln: string,
  way: 'out' | 'in' | 'received',
): Promise<{ lines: HandoverLine[]; more: boolean }> {
  const rows = await ctx.db
    .selectFrom('provenance.handover as h')
    .selectAll('h')
    .select([arrivedOf.as('arrived'), signedOf.as('signed')])
    .where('h.kind', '=', way === 'received' ? 'receive' : 'ship')
    .where(way === 'out' ? 'h.from_gln' : 'h.to_gln', '=', gln)
    .where('h.void', '=', false)
    .orderBy('h.at', 'desc')
    .orderBy('h.digest')
    .limit(PAGE + 1)
    .execute();
  const sites = await ctx.parties.all();
  const by = (one: string | null) => sites.find((site) => site.gln === one) ?? null;
  return {
    more: rows.length > PAGE,
    lines: rows.slice(0, PAGE).map(({ arrived, signed, ...row }) => ({
      row,
      from: by(row.from_gln),
      to: by(row.to_gln),
      arrived,
      signed,
    })),
  };
}

export interface OnBoard {
  readonly epc: string;
  readonly container: string | null;
  readonly lot: string | null;
  readonly expiry: string | null;
  readonly arrived: boolean;
}

export interface HandoverDetail extends HandoverLine {
  readonly event: EpcisEvent;
  readonly units: readonly OnBoard[];
  readonly signatures: readonly GivenSignature[];
  /** Statements of receipt that answer it, by time. */
  readonly receipts: readonly {
    readonly digest: Hex;
    readonly at: Date;
    readonly units: number;
    readonly signed: boolean;
  }[];
}

/** For the two sides and a regulator. Throws HANDOVER_UNKNOWN, also for others. */
export async function readHandover(
  ctx: SupplyContext,
  organisationId: string,
  digest: Hex,
): Promise<HandoverDetail> {
  const site = await ctx.parties.byId(organisationId);
  const found = await ctx.db
    .selectFrom('provenance.handover as h')
    .selectAll('h')
    .select([arrivedOf.as('arrived'), signedOf.as('signed')])
    .where('h.digest', '=', digest)
    .executeTakeFirst();
  const event = (await readEvents(ctx.db, [digest])).get(digest);
  if (!found || !event || !site) throw new AppError('HANDOVER_UNKNOWN');
  const { arrived, signed, ...row } = found;
  if (site.kind !== 'regulator' && ![row.from_gln, row.to_gln].includes(site.gln))
    throw new AppError('HANDOVER_UNKNOWN');
  const { rows: moved } = await sql<{ epc: string; arrived: boolean }>`
    SELECT s.epc, EXISTS (
      SELECT FROM provenance.movement r WHERE r.epc = s.epc AND r.kind = 'receive' AND r.digest <> s.digest
        AND r.site = coalesce(${row.to_gln}, r.site) AND r.at >= s.at - interval '1 day') AS arrived
    FROM provenance.movement s WHERE s.digest = ${digest} ORDER BY s.epc`.execute(ctx.db);
  const { rows: receipts } = await sql<{ digest: Hex; at: Date; units: number; signed: boolean }>`
    SELECT r.digest, r.at, count(*)::int AS units,
           EXISTS (SELECT FROM provenance.event_signature x WHERE x.digest = r.digest) AS signed
    FROM provenance.movement r JOIN provenance.movement s ON s.epc = r.epc
    WHERE s.digest = ${digest} AND r.kind = 'receive' AND r.digest <> ${digest}
      AND r.site = coalesce(${row.to_gln}, r.site) AND r.at >= s.at - interval '1 day'
    GROUP BY r.digest, r.at ORDER BY r.at`.execute(ctx.db);
  const items = await itemsOf(
    ctx.db,
    moved.map(({ epc }) => epc),
  );
  const sites = await ctx.parties.all();
  const by = (one: string | null) => sites.find((s) => s.gln === one) ?? null;
  return {
    row,
    from: by(row.from_gln),
    to: by(row.to_gln),
    arrived,
    signed,
    event,
    receipts,
    signatures: await signaturesOf(ctx, [digest]),
    units: moved.map(({ epc, arrived: here }) => ({
      epc,
      container: items.get(epc)?.parent ?? null,
      lot: items.get(epc)?.lot ?? null,
      expiry: items.get(epc)?.expiry ?? null,
      arrived: here,
    })),
  };
}
