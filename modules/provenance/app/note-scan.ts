/** Notes that a unit was asked about: a count by region and hour, and a case where something cannot be or is unusual. */
import { type Hex, HOUR, type Json, newId, type Random, sha256, toHex0x, utf8 } from '@zhenmei/kernel';
import { sql } from 'kysely';
import { invariantSignals, isUnusual, likelihoodAfter, OPENS_AT } from '../core/clone-signals.ts';
import type { ProvenanceContext } from './context.ts';
import type { Answer, Question } from './judge-unit.ts';

export interface SignalContext extends ProvenanceContext {
  readonly random: Random;
}

export interface Scan {
  readonly answer: Answer;
  readonly purpose: Question['purpose'];
  /** Region code of where it was asked from; nothing finer is ever kept. */
  readonly region: string | null;
  /** The place is what a stranger says: their word is noted as such. */
  readonly claimed?: boolean;
}

const DAY_HOURS = 24;

/** Nothing about the person who asks is kept, and nothing that is kept changes what a person reads. */
export async function noteScan(
  ctx: SignalContext,
  { answer, purpose, region, claimed = false }: Scan,
): Promise<void> {
  const { unit, product } = answer.view;
  if (unit === null || product === null) return;
  const codes = answer.verdict.reasons.map(({ code }) => code);
  if (codes.includes('UNKNOWN_SERIAL')) return;
  const uses = answer.events.filter(
    (event) => event.bizStep === 'dispensing' && event.epcList?.includes(unit),
  ).length;
  for (const signal of invariantSignals({ codes, purpose, openings: answer.openings, uses }))
    await openCase(ctx, product.gtin, claimed ? `REPORTED_${signal}` : signal, unit, {
      openings: answer.openings ?? null,
      uses,
    });
  if (purpose === 'public' && region !== null) await count(ctx, unit, product.gtin, region);
}

async function count(ctx: SignalContext, unit: string, gtin: string, region: string): Promise<void> {
  const now = ctx.clock.now();
  const key: Hex = toHex0x(sha256(utf8(unit)));
  const hour = new Date(Math.floor(now / HOUR) * HOUR);
  await ctx.db
    .insertInto('provenance.scan_count')
    .values({ unit: key, gtin, region, hour, scans: 1 })
    .onConflict((c) =>
      c.columns(['unit', 'region', 'hour']).doUpdateSet({ scans: sql`provenance.scan_count.scans + 1` }),
    )
    .execute();
  const { scans, regions } = await ctx.db
    .selectFrom('provenance.scan_count')
    .select((eb) => [
      eb.fn.sum<bigint>('scans').as('scans'),
      eb.fn.count<bigint>('region').distinct().as('regions'),
    ])
    .where('unit', '=', key)
    .where('hour', '>', new Date(now - DAY_HOURS * HOUR))
    .executeTakeFirstOrThrow();
  const unusual = isUnusual({ scans: Number(scans), regions: Number(regions) });
  await ctx.db.transaction().execute(async (tx) => {
    await tx
      .insertInto('provenance.likelihood')
      .values({ gtin, region, ratio: 0 })
      .onConflict((c) => c.doNothing())
      .execute();
    const { ratio } = await tx
      .selectFrom('provenance.likelihood')
      .select('ratio')
      .where('gtin', '=', gtin)
      .where('region', '=', region)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const next = likelihoodAfter(ratio, unusual);
    if (next >= OPENS_AT) await openCase({ ...ctx, db: tx }, gtin, 'UNUSUAL_SCANS', region, { ratio: next });
    await tx
      .updateTable('provenance.likelihood')
      .set({ ratio: next >= OPENS_AT ? 0 : next })
      .where('gtin', '=', gtin)
      .where('region', '=', region)
      .execute();
  });
}

/** One open case about one thing. */
async function openCase(
  ctx: SignalContext,
  gtin: string,
  signal: string,
  subject: string,
  evidence: Record<string, Json>,
): Promise<void> {
  await ctx.db
    .insertInto('provenance.investigation')
    .values({
      id: newId(ctx.clock.now(), ctx.random.bytes(10)),
      gtin,
      signal,
      subject,
      evidence: JSON.stringify(evidence),
      opened_at: new Date(ctx.clock.now()),
      closed_at: null,
      closed_by: null,
      outcome: null,
    })
    .onConflict((c) => c.columns(['gtin', 'signal', 'subject']).where('closed_at', 'is', null).doNothing())
    .execute();
}

/** Counts older than 90 days serve nothing. */
export async function forgetScans(ctx: Pick<SignalContext, 'db' | 'clock'>): Promise<void> {
  const before = new Date(ctx.clock.now() - 90 * DAY_HOURS * HOUR);
  await ctx.db.deleteFrom('provenance.scan_count').where('hour', '<', before).execute();
}
