/** What a finding says: the event, the units, and the parties. */
import type { Hex } from '@zhenmei/kernel';
import { sql } from 'kysely';
import { type EpcisEvent, siteOf } from '../../core/events.ts';
import type { ExceptionKind, Sides } from '../../core/exceptions.ts';
import { gtinOf } from '../../core/facts.ts';
import { destinationOf, sourceOf } from '../../core/item.ts';
import type { ProvenanceContext } from '../context.ts';
import type { Found } from './keep-exceptions.ts';
import type { Makers } from './makers.ts';

type Db = ProvenanceContext['db'];

export async function readEvents(db: Db, digests: readonly Hex[]): Promise<Map<Hex, EpcisEvent>> {
  if (digests.length === 0) return new Map();
  const rows = await db
    .selectFrom('provenance.event')
    .select(['digest', 'body'])
    .where('digest', '=', sql<Hex>`any(${sql.val([...digests])}::text[])`)
    .execute();
  return new Map(rows.map(({ digest, body }) => [digest, body]));
}

export function byMaker(epcs: readonly string[], makers: Makers): [string | null, string[]][] {
  return [...Map.groupBy(epcs, (epc) => makers.of(epc))];
}

export function foundIn(
  kind: ExceptionKind,
  event: Hex,
  body: EpcisEvent | undefined,
  epcs: readonly string[],
  maker: string | null,
): Found {
  const sides: Sides = {
    site: (body && siteOf(body)) ?? null,
    source: body ? sourceOf(body) : null,
    destination: body ? destinationOf(body) : null,
    maker,
  };
  const gtins = new Set(epcs.map((epc) => gtinOf(epc) ?? null));
  return { kind, event, epcs, gtin: gtins.size === 1 ? [...gtins][0]! : null, sides };
}
