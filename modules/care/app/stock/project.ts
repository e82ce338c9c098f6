/** Keeps the tables of stock as they follow from custody events: whatever an event concerns is folded anew. */
import { lotLink } from '@zhenmei/gs1';
import { sql } from 'kysely';
import { foldStock, type StockUnit } from '../../core/stock.ts';
import { destinationsOf, isUnit, type StockEvent, siteOf, unitParts } from '../../core/stock-event.ts';
import type { Site, StockProduct, UnitStory } from '../../ports.ts';
import type { CareContext, CareTx } from '../context.ts';

export interface Kept {
  readonly clinic: Site;
  readonly unit: string;
}

/** Follows one event, in the transaction that captured it. */
export async function onCustodyEvent(ctx: CareContext, tx: CareTx, event: StockEvent): Promise<void> {
  await refreshUnits(ctx, tx, await concerned(ctx, tx, event));
}

/** Every unit at every clinic that the event may change. */
export async function concerned(ctx: CareContext, tx: CareTx, event: StockEvent): Promise<Kept[]> {
  const clinics = (await ctx.custody.sites(tx)).filter(({ kind }) => kind === 'clinic');
  const named = [...(event.epcList ?? []), ...(event.childEPCs ?? [])];
  // a packing record may come after the box was sent
  const sentTo = event.type === 'AggregationEvent' && event.parentID !== undefined;
  const bound = sentTo ? await ctx.custody.destinations(tx, event.parentID!) : destinationsOf(event);
  const here = clinics.filter(({ gln }) => gln === siteOf(event) || bound.includes(gln));
  const boxes = [...named.filter((epc) => !isUnit(epc)), ...(event.parentID ? [event.parentID] : [])];
  const units = new Set(named.filter(isUnit));
  if (here.length > 0)
    for (const box of boxes) for (const unit of await ctx.custody.contents(tx, box)) units.add(unit);
  const pairs = new Map<string, Kept>();
  const add = (clinic: Site | undefined, unit: string) => {
    if (clinic) pairs.set(`${clinic.id} ${unit}`, { clinic, unit });
  };
  for (const unit of units) for (const clinic of here) add(clinic, unit);
  for (const row of await known(tx, [...units], event))
    add(
      clinics.find(({ id }) => id === row.clinic_id),
      row.unit,
    );
  return [...pairs.values()];
}

/** Rows that are there already, by unit, box, or the lot or product that the event speaks of. */
async function known(tx: CareTx, units: readonly string[], event: StockEvent) {
  const classes = (event.quantityList ?? []).map(({ epcClass }) => epcClass);
  const box = event.type === 'AggregationEvent' ? (event.parentID ?? null) : null;
  if (units.length === 0 && classes.length === 0 && box === null) return [];
  const products = classes.flatMap((one) => /^https:\/\/id\.gs1\.org\/01\/(\d{14})$/.exec(one)?.[1] ?? []);
  return tx
    .selectFrom('care.stock_unit')
    .select(['clinic_id', 'unit'])
    .where((eb) =>
      eb.or([
        ...(units.length > 0 ? [eb('unit', 'in', [...units])] : []),
        ...(classes.length > 0 ? [eb('lot', 'in', classes)] : []),
        ...(products.length > 0 ? [eb('gtin', 'in', products)] : []),
        ...(box === null ? [] : [eb('container', '=', box)]),
      ]),
    )
    .execute();
}

/** One writer at a time for a unit at a clinic, until the transaction ends. */
export async function lockUnits(tx: CareTx, pairs: readonly Kept[]): Promise<void> {
  // one after another, in an order that everybody keeps
  const keys = pairs.map(({ clinic, unit }) => `stock/${clinic.id}/${unit}`).sort();
  await sql`
    select pg_advisory_xact_lock(hashtextextended(key, 0)) from unnest(${keys}::text[]) as key
  `.execute(tx);
}

/** Folds these units anew and stores what they are now. */
export async function refreshUnits(ctx: CareContext, tx: CareTx, pairs: readonly Kept[]): Promise<void> {
  await lockUnits(tx, pairs);
  const products = new Map<string, StockProduct | null>();
  const inStock: Folded[] = [];
  for (const { clinic, unit } of pairs) {
    const parts = unitParts(unit);
    if (!parts) continue;
    const { gtin } = parts;
    if (!products.has(gtin)) products.set(gtin, await ctx.custody.product(gtin, tx));
    const product = products.get(gtin);
    if (!product) continue;
    const story = await ctx.custody.story(tx, unit);
    const folded = foldStock(unit, clinic.gln, story, product);
    if (folded) inStock.push({ clinicId: clinic.id, unit: folded, product, story });
  }
  await sql`
    delete from care.stock_unit s
    using unnest(${pairs.map(({ clinic }) => clinic.id)}::uuid[], ${pairs.map(({ unit }) => unit)}::text[]) as g (clinic_id, unit)
    where s.clinic_id = g.clinic_id and s.unit = g.unit
  `.execute(tx);
  for (const units of inParts(inStock))
    await tx.insertInto('care.stock_unit').values(units.map(unitRow)).execute();
  for (const movements of inParts(inStock.flatMap(movementRows)))
    await tx.insertInto('care.stock_movement').values(movements).execute();
}

interface Folded {
  readonly clinicId: string;
  readonly unit: StockUnit;
  readonly product: StockProduct;
  readonly story: UnitStory;
}

/** A statement takes 65,535 values. */
const ROWS = 1_000;

function* inParts<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += ROWS) yield all.slice(from, from + ROWS);
}

const date = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

function unitRow({ clinicId, unit, product, story }: Folded) {
  const last = unit.movements.at(-1)!;
  const { gtin, serial } = unitParts(unit.unit)!;
  return {
    clinic_id: clinicId,
    unit: unit.unit,
    gtin,
    serial,
    lot: story.lot === null ? null : lotLink(gtin, story.lot),
    expiry: story.expiry?.slice(0, 10) ?? null,
    state: unit.state,
    hold: unit.hold,
    toxin: product.isToxin,
    single_use: unit.singleUse,
    amount_unit: unit.amountUnit,
    amount: unit.amount,
    used: unit.used,
    wasted: unit.wasted,
    remaining: unit.remaining,
    uses: unit.uses,
    shipment: unit.shipment,
    supplier: unit.supplier,
    container: unit.container,
    announced_at: date(unit.announcedAt),
    received_at: date(unit.receivedAt),
    opened_at: date(unit.openedAt),
    use_by: date(unit.useBy),
    moved_by: last.digest,
    moved_at: new Date(last.at),
  };
}

const movementRows = ({ clinicId, unit }: Folded) =>
  unit.movements.map((movement, sequence) => ({
    clinic_id: clinicId,
    unit: unit.unit,
    sequence,
    kind: movement.kind,
    event: movement.digest,
    at: new Date(movement.at),
    amount: movement.amount,
    remaining: movement.remaining,
    commitment: movement.commitment,
    reason: movement.reason,
  }));
