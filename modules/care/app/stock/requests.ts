/** Waste, release, loss and return: asked for by one person; done once a second one agrees on another device. */
import { AppError, type Hex } from '@zhenmei/kernel';
import type { Selectable } from 'kysely';
import type { CareDatabase } from '../../adapters/schema.ts';
import { losing, returning, wasting } from '../../core/custody-statements.ts';
import { assertTime } from '../../core/statement.ts';
import '../../core/stock-errors.ts';
import { isSecondPerson, REQUESTS, type RequestKind } from '../../core/stock-requests.ts';
import type { Site } from '../../ports.ts';
import type { CareContext, CareTx, StockRow } from '../context.ts';
import { clinicSite, deviceThatSigned } from './clinic.ts';
import { lockUnits } from './project.ts';
import { releaseUnit } from './release-unit.ts';

export interface Asked {
  readonly id: string;
  readonly kind: RequestKind;
  readonly unit: string;
  /** Of waste: how much of what is left. */
  readonly amount: number | null;
  readonly reason: string;
  readonly note: string;
  readonly person: string;
  readonly at: string;
  readonly signature: Hex;
}

export interface Agreed {
  readonly id: string;
  readonly person: string;
  readonly at: string;
  readonly signature: Hex;
}

export type RequestRow = Selectable<CareDatabase['care.stock_request']>;

/** Idempotent by its number. Throws UNIT_NOT_IN_STOCK, REQUEST_NOT_POSSIBLE, REQUEST_OPEN, WASTE_AMOUNT, STEP_DATA_WRONG. */
export async function askFor(ctx: CareContext, clinicId: string, asked: Asked): Promise<RequestRow> {
  const clinic = await clinicSite(ctx, clinicId);
  const { signature, ...said } = asked;
  const device = deviceThatSigned(clinic, 'request', said, signature);
  assertTime(asked.at, ctx.clock.now());
  const rule = REQUESTS[asked.kind];
  if (!rule.reasons.includes(asked.reason)) throw new AppError('STEP_DATA_WRONG', { field: 'reason' });
  return ctx.db.transaction().execute(async (tx) => {
    await lockUnits(tx, [{ clinic, unit: asked.unit }]);
    const known = await find(tx, clinicId, asked.id);
    if (known) return known;
    const unit = await possible(tx, clinicId, asked);
    const added = await tx
      .insertInto('care.stock_request')
      .values({
        id: asked.id,
        clinic_id: clinicId,
        kind: asked.kind,
        unit: asked.unit,
        amount: asked.amount,
        reason: asked.reason,
        note: asked.note,
        person: asked.person,
        device_key: device,
        signature,
        asked_at: new Date(asked.at),
        second_person: null,
        second_key: null,
        second_signature: null,
        done_at: null,
        withdrawn_at: null,
        events: '[]',
      })
      .onConflict((c) => c.doNothing())
      .returningAll()
      .executeTakeFirst();
    if (!added) throw new AppError('REQUEST_OPEN');
    return rule.second ? added : finish(ctx, tx, clinic, added, unit, asked);
  });
}

/** Throws REQUEST_UNKNOWN, SECOND_PERSON_NEEDED, and whatever now speaks against it. */
export async function confirmRequest(
  ctx: CareContext,
  clinicId: string,
  agreed: Agreed,
): Promise<RequestRow> {
  const clinic = await clinicSite(ctx, clinicId);
  const { signature, ...said } = agreed;
  const device = deviceThatSigned(clinic, 'confirm', said, signature);
  assertTime(agreed.at, ctx.clock.now());
  return ctx.db.transaction().execute(async (tx) => {
    const seen = await find(tx, clinicId, agreed.id);
    if (!seen) throw new AppError('REQUEST_UNKNOWN');
    await lockUnits(tx, [{ clinic, unit: seen.unit }]);
    const request = (await find(tx, clinicId, agreed.id))!;
    if (request.done_at) return request;
    if (request.withdrawn_at) throw new AppError('REQUEST_UNKNOWN');
    const first = { person: request.person, device: request.device_key };
    if (!isSecondPerson(first, { person: agreed.person, device })) throw new AppError('SECOND_PERSON_NEEDED');
    const unit = await possible(tx, clinicId, request);
    return finish(ctx, tx, clinic, request, unit, agreed, device);
  });
}

/** Throws REQUEST_UNKNOWN once it is done. */
export async function withdrawRequest(ctx: CareContext, clinicId: string, id: string): Promise<void> {
  const gone = await ctx.db
    .updateTable('care.stock_request')
    .set({ withdrawn_at: new Date(ctx.clock.now()) })
    .where('id', '=', id)
    .where('clinic_id', '=', clinicId)
    .where('done_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  if (!gone) throw new AppError('REQUEST_UNKNOWN');
}

const find = (tx: CareTx, clinicId: string, id: string): Promise<RequestRow | undefined> =>
  tx
    .selectFrom('care.stock_request')
    .selectAll()
    .where('id', '=', id)
    .where('clinic_id', '=', clinicId)
    .executeTakeFirst();

async function possible(
  tx: CareTx,
  clinicId: string,
  { kind, unit: address, amount }: { kind: RequestKind; unit: string; amount: number | null },
): Promise<StockRow> {
  const unit = await tx
    .selectFrom('care.stock_unit')
    .selectAll()
    .where('clinic_id', '=', clinicId)
    .where('unit', '=', address)
    .executeTakeFirst();
  if (!unit) throw new AppError('UNIT_NOT_IN_STOCK');
  if (!REQUESTS[kind].from.includes(unit.state))
    throw new AppError('REQUEST_NOT_POSSIBLE', { state: unit.state });
  if (kind === 'waste' && (amount === null || amount < 1 || amount > unit.remaining))
    throw new AppError('WASTE_AMOUNT', { left: unit.remaining, unit: unit.amount_unit });
  return unit;
}

async function finish(
  ctx: CareContext,
  tx: CareTx,
  clinic: Site,
  request: RequestRow,
  unit: StockRow,
  agreed: { person: string; at: string; signature: Hex },
  device?: Hex,
): Promise<RequestRow> {
  // never before what happened last
  const at = new Date(Math.max(Date.parse(agreed.at), unit.moved_at.getTime() + 1)).toISOString();
  const events = await state(ctx, tx, clinic, request, unit, at);
  await tx
    .updateTable('care.stock_case')
    .set({
      closed_at: new Date(ctx.clock.now()),
      outcome: request.kind,
      note: request.note,
      person: request.person,
    })
    .where('clinic_id', '=', clinic.id)
    .where('unit', '=', request.unit)
    .where('closed_at', 'is', null)
    .execute();
  return tx
    .updateTable('care.stock_request')
    .set({
      done_at: new Date(ctx.clock.now()),
      events: JSON.stringify(events),
      ...(device
        ? { second_person: agreed.person, second_key: device, second_signature: agreed.signature }
        : {}),
    })
    .where('id', '=', request.id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

async function state(
  ctx: CareContext,
  tx: CareTx,
  clinic: Site,
  request: RequestRow,
  unit: StockRow,
  at: string,
): Promise<Hex[]> {
  const where = { site: clinic.gln, at };
  const capture = (event: object) => ctx.custody.capture(tx, event, clinic.id);
  switch (request.kind) {
    case 'waste':
      return [
        await capture(
          wasting(where, unit.unit, {
            amount: request.amount!,
            remaining: unit.remaining,
            amountUnit: unit.amount_unit,
            reason: request.reason,
          }),
        ),
      ];
    case 'release':
      return releaseUnit(ctx, tx, clinic, unit, request.reason, at);
    case 'loss':
      return [await capture(losing(where, unit.unit, request.reason))];
    case 'return': {
      if (unit.supplier === null) throw new AppError('RETURN_TO_NOBODY');
      return [await capture(returning(where, unit.unit, unit.supplier, request.reason))];
    }
  }
}
