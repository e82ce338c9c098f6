/**
 * Goods-in: one scan, of a unit or a whole box, is decided and recorded in one transaction with the events it states.
 * The same scan sent again gets the same answer.
 */
import { AppError, type Hex, newId } from '@zhenmei/kernel';
import { type Insertable, type Selectable, sql } from 'kysely';
import type { CareDatabase } from '../../adapters/schema.ts';
import { holding, type LoggerReading, receiving, unpacking } from '../../core/custody-statements.ts';
import { type Decision, decideArrival, decideCode, type ScannedCode } from '../../core/goods-in.ts';
import type { GoodsInReason, Outcome } from '../../core/goods-in-reasons.ts';
import { assertTime } from '../../core/statement.ts';
import type { StockState } from '../../core/stock.ts';
import { unitParts } from '../../core/stock-event.ts';
import type { CareContext, CareTx } from '../context.ts';
import { raiseAlert } from './alerts.ts';
import { type Door, deviceThatSigned, judgeStock, openDoor } from './clinic.ts';
import { lockUnits } from './project.ts';
import { scanned } from './scanned.ts';

export interface Scan {
  /** Made by the device; the same scan has the same number however often it is sent. */
  readonly id: string;
  readonly code: string;
  /** RFC 3339. */
  readonly at: string;
  readonly person: string;
  readonly reading: LoggerReading | null;
  /** By a device of the clinic, over all of the above. */
  readonly signature: Hex;
}

export type GoodsInRow = Selectable<CareDatabase['care.goods_in']>;
type NewRow = Insertable<CareDatabase['care.goods_in']>;

/** @returns what was recorded for the scan: one row, or one for each unit of a box */
export async function receiveScan(ctx: CareContext, clinicId: string, scan: Scan): Promise<GoodsInRow[]> {
  const door = await openDoor(ctx, clinicId);
  const { signature, ...said } = scan;
  const device = deviceThatSigned(door.clinic, 'goods-in', said, signature);
  assertTime(scan.at, ctx.clock.now());
  return ctx.db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`scan/${scan.id}`}, 0))`.execute(tx);
    const before = await rowsOf(tx, scan.id);
    if (before.length > 0) {
      if (before.some((row) => row.clinic_id !== clinicId || row.signature !== signature))
        throw new AppError('SCAN_NUMBER_USED');
      return before;
    }
    const { code, found } = scanned(scan.code, new Date(ctx.clock.now()).getUTCFullYear());
    const rows = await new GoodsIn(ctx, tx, door, scan, code).decide(found);
    await tx
      .insertInto('care.goods_in')
      .values(rows.map((row, position) => ({ ...row, position, device_key: device })))
      .execute();
    return rowsOf(tx, scan.id);
  });
}

const rowsOf = (tx: CareTx, scan: string): Promise<GoodsInRow[]> =>
  tx.selectFrom('care.goods_in').selectAll().where('scan', '=', scan).orderBy('position').execute();

/** A unit at the door, and what was decided about it. */
interface Arriving {
  readonly unit: string;
  readonly state: StockState | null;
  readonly supplier: string | null;
  readonly lot: string | null;
  readonly expiry: string | null;
  readonly decision: Decision;
}

class GoodsIn {
  private readonly ctx: CareContext;
  private readonly tx: CareTx;
  private readonly door: Door;
  private readonly scan: Scan;
  private readonly code: string;

  constructor(ctx: CareContext, tx: CareTx, door: Door, scan: Scan, code: string) {
    this.ctx = ctx;
    this.tx = tx;
    this.door = door;
    this.scan = scan;
    this.code = code;
  }

  async decide(found: ScannedCode): Promise<Omit<NewRow, 'position' | 'device_key'>[]> {
    const refused = decideCode(found);
    if (refused) return [this.row(null, refused, [])];
    if (found.kind === 'unit') {
      await this.lock([found.unit]);
      const arriving = await this.look(found.unit, { lot: found.lot, expiry: found.expiry });
      return this.record([arriving], null);
    }
    if (found.kind !== 'container') return [];
    const units = (await this.ctx.custody.contents(this.tx, found.container)).sort();
    if (units.length === 0) return [this.row(null, { outcome: 'refused', reason: 'container-unknown' }, [])];
    await this.lock(units);
    const all: Arriving[] = [];
    for (const unit of units) all.push(await this.look(unit, null));
    return this.record(all, found.container);
  }

  private lock(units: readonly string[]): Promise<void> {
    return lockUnits(
      this.tx,
      units.map((unit) => ({ clinic: this.door.clinic, unit })),
    );
  }

  /** @param label what the code on the unit itself says; null for a unit in a box that was not opened */
  private async look(
    unit: string,
    label: { readonly lot: string | null; readonly expiry: string | null } | null,
  ): Promise<Arriving> {
    const { ctx, tx, door } = this;
    const product = await ctx.custody.product(unitParts(unit)!.gtin, tx);
    const row = await tx
      .selectFrom('care.stock_unit')
      .select(['state', 'supplier', 'announced_at', 'expiry', 'lot'])
      .where('clinic_id', '=', door.clinic.id)
      .where('unit', '=', unit)
      .executeTakeFirst();
    const supplier = row?.state === 'announced' ? row.supplier : null;
    const said = {
      unit,
      state: row?.state ?? null,
      supplier,
      lot: row?.lot ?? label?.lot ?? null,
      expiry: row?.expiry ?? label?.expiry ?? null,
    };
    const policy = product && judgeStock(ctx, 'stock.receive', door, product, supplier);
    const { codes } = product
      ? await ctx.custody.judge(tx, {
          code: label ? this.code : unit,
          unit,
          region: door.clinic.region,
          place: door.clinic.gln,
          event: receiving(this.at(), [unit], supplier, this.scan.reading),
        })
      : { codes: [] };
    const decision = decideArrival({
      known: product !== null,
      state: said.state,
      policy: policy ?? { outcome: 'refuse', reasons: [] },
      codes,
      announced: row?.state === 'announced',
      expiry: said.expiry,
    });
    return { ...said, decision };
  }

  private at() {
    return { site: this.door.clinic.gln, at: this.scan.at };
  }

  /** States what follows from the decisions: received together, unpacked, and set apart by reason. */
  private async record(all: readonly Arriving[], box: string | null) {
    const events = new Map<string, Hex[]>(all.map(({ unit }) => [unit, []]));
    const state = async (event: object, units: readonly string[]) => {
      const digest = await this.ctx.custody.capture(this.tx, event, this.door.clinic.id);
      for (const unit of units) events.get(unit)!.push(digest);
    };
    const taken = all.filter(
      ({ decision: { outcome, reason } }) => outcome !== 'refused' && reason !== 'not-sent-here',
    );
    for (const [supplier, units] of grouped(taken, (one) => one.supplier))
      await state(receiving(this.at(), units, supplier, this.scan.reading), units);
    if (box !== null && taken.length > 0) {
      const units = taken.map(({ unit }) => unit);
      await state(unpacking(this.at(), box, units), units);
    }
    const held = all.filter(({ decision }) => decision.outcome === 'quarantined');
    for (const [reason, units] of grouped(held, (one) => one.decision.reason))
      await state(holding(this.at(), units, reason), units);
    for (const one of held) await this.openCase(one);
    for (const one of all) await this.tellRegulator(one);
    return all.map((one) => this.row(one, one.decision, events.get(one.unit)!));
  }

  private async openCase({ unit, decision }: Arriving): Promise<void> {
    const now = this.ctx.clock.now();
    await this.tx
      .insertInto('care.stock_case')
      .values({
        id: newId(now, this.ctx.random.bytes(10)),
        clinic_id: this.door.clinic.id,
        kind: decision.reason,
        unit,
        code: this.code,
        detail: JSON.stringify({}),
        opened_at: new Date(now),
        closed_at: null,
        outcome: null,
        note: null,
        person: null,
      })
      .onConflict((c) => c.columns(['clinic_id', 'kind', 'unit']).where('closed_at', 'is', null).doNothing())
      .execute();
  }

  private async tellRegulator({ unit, decision }: Arriving): Promise<void> {
    const kind = ALERTS[decision.reason] ?? (decision.rule?.startsWith('toxin-') ? 'toxin-channel' : null);
    if (kind === null || decision.outcome !== 'refused') return;
    await raiseAlert(this.ctx, this.tx, {
      clinic: this.door.clinic,
      kind,
      unit,
      cause: `${this.door.clinic.id}/${unit}`,
      detail: { rule: decision.rule ?? null, at: this.scan.at },
      event: null,
    });
  }

  private row(one: Arriving | null, decision: Decision, events: readonly Hex[]) {
    const { outcome, reason, rule, ...detail } = decision;
    return {
      scan: this.scan.id,
      clinic_id: this.door.clinic.id,
      code: this.code,
      unit: one?.unit ?? null,
      gtin: one ? unitParts(one.unit)!.gtin : null,
      lot: one?.lot ?? null,
      expiry: one?.expiry ?? null,
      outcome: outcome as Outcome,
      reason: reason as GoodsInReason,
      rule: rule ?? null,
      detail: JSON.stringify(detail),
      events: JSON.stringify(events),
      person: this.scan.person,
      signature: this.scan.signature,
      scanned_at: new Date(this.scan.at),
      recorded_at: new Date(this.ctx.clock.now()),
      undone_at: null,
    };
  }
}

const ALERTS: Partial<Record<GoodsInReason, 'unknown-serial'>> = { 'serial-unknown': 'unknown-serial' };

function grouped<K>(all: readonly Arriving[], by: (one: Arriving) => K): Map<K, string[]> {
  const groups = new Map<K, string[]>();
  for (const one of all) groups.set(by(one), [...(groups.get(by(one)) ?? []), one.unit]);
  return groups;
}
