/** What each side of a hand-over stated, unit by unit. */
import type { Hex } from '@zhenmei/kernel';
import { sql } from 'kysely';
import { type EpcisEvent, eventDigest, siteOf, timeOf } from '../../core/events.ts';
import { arrives, destinationOf, shipsFrom, sourceOf } from '../../core/item.ts';
import type { ProvenanceContext } from '../context.ts';
import type { SupplyContext } from './context.ts';

type Db = ProvenanceContext['db'];
const CHUNK = 5_000;

export const isMove = (event: EpcisEvent): boolean =>
  siteOf(event) !== undefined && (shipsFrom(event) || arrives(event));

/** @param leaves units, and containers of which no content is known */
export async function addMovement(
  ctx: SupplyContext,
  tx: Db,
  event: EpcisEvent,
  digest: Hex,
  leaves: readonly string[],
): Promise<void> {
  const site = siteOf(event)!;
  const kind = shipsFrom(event) ? 'ship' : 'receive';
  const other = kind === 'ship' ? destinationOf(event) : sourceOf(event);
  const at = new Date(timeOf(event));
  for (let i = 0; i < leaves.length; i += CHUNK)
    await sql`
      INSERT INTO provenance.movement (epc, digest, kind, site, other, at)
      SELECT epc, ${digest}, ${kind}, ${site}, ${other}, ${at} FROM unnest(${sql.val(leaves.slice(i, i + CHUNK))}::text[]) AS t (epc)
      ON CONFLICT DO NOTHING`.execute(tx);
  await tx
    .insertInto('provenance.handover')
    .values({
      digest,
      kind,
      from_gln: kind === 'ship' ? site : other,
      to_gln: kind === 'ship' ? other : site,
      at,
      units: leaves.length,
      carrier: textOf(event['zm:carrier']),
      reference: referenceOf(event),
      captured_at: new Date(ctx.clock.now()),
    })
    .onConflict((c) => c.doNothing())
    .execute();
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value.slice(0, 200) : null);

/** Number of the despatch advice as its sender wrote it. */
function referenceOf(event: EpcisEvent): string | null {
  const list = event.bizTransactionList as { type?: string; bizTransaction: string }[] | undefined;
  const advice = list?.find(({ type }) => type === 'desadv')?.bizTransaction;
  const number = advice && /^urn:epcglobal:cbv:bt:\d{13}:(.+)$/.exec(advice)?.[1];
  if (!number) return advice ?? null;
  try {
    return decodeURIComponent(number);
  } catch {
    // not written by our rule: as it stands
    return number;
  }
}

/** Moves of a story that took place: a shipment that was declared void is none. */
export function movesIn(own: readonly EpcisEvent[]): EpcisEvent[] {
  const moves: EpcisEvent[] = [];
  for (const event of own) {
    if (isMove(event)) moves.push(event);
    if (event.bizStep !== 'void_shipping') continue;
    const last = moves.findLastIndex((move) => shipsFrom(move) && siteOf(move) === siteOf(event));
    if (last >= 0) moves.splice(last, 1);
  }
  return moves;
}

export interface Retold {
  readonly epcs: readonly string[];
  readonly moves: readonly EpcisEvent[];
}

/** The moves of all these are what their stories say now, whatever was said before. */
export async function rewriteMovements(
  ctx: SupplyContext,
  tx: Db,
  all: readonly string[],
  groups: readonly Retold[],
): Promise<void> {
  const { rows } = await sql<{ digest: Hex }>`
    WITH gone AS (DELETE FROM provenance.movement WHERE epc = any(${sql.val([...all])}::text[]) RETURNING digest)
    SELECT DISTINCT digest FROM gone`.execute(tx);
  const touched = new Set(rows.map(({ digest }) => digest));
  for (const { epcs, moves } of groups)
    for (const event of moves) {
      const digest = eventDigest(event);
      touched.add(digest);
      await addMovement(ctx, tx, event, digest, epcs);
    }
  await sql`
    UPDATE provenance.handover h SET units = now.n, void = now.n = 0
    FROM (
      SELECT d.digest, (SELECT count(*)::int FROM provenance.movement m WHERE m.digest = d.digest) AS n
      FROM unnest(${sql.val([...touched])}::text[]) AS d (digest)
    ) now WHERE h.digest = now.digest`.execute(tx);
}
