/** The verdict on a unit that stands at a clinic's door, as if its receipt had been stated already. */
import type { Json } from '@zhenmei/kernel';
import type { JsonObject } from '../core/checks.ts';
import { HOUSE } from '../core/document.ts';
import { masterOf } from '../core/master.ts';
import { inForce, warningOf } from '../core/notice.ts';
import type { ProductBody } from '../core/product.ts';
import type { ReasonCode } from '../core/reasons.ts';
import { judge } from '../core/verdict.ts';
import type { Site } from '../ports.ts';
import type { ProvenanceContext } from './context.ts';
import { normalised } from './epcis.ts';
import { noticesOf } from './notices-of.ts';
import { traceUnit } from './trace-unit.ts';
import { readScan } from './verdict.ts';

export interface Arrival {
  /** What was scanned: its label is compared with the record. */
  readonly code: string;
  /** Canonical address of the unit. */
  readonly unit: string;
  readonly product: ProductBody;
  readonly region: string;
  /** Address of the site. */
  readonly place: string;
  readonly sites: readonly Pick<Site, 'gln' | 'kind' | 'licensedForToxin'>[];
  /** The receipt that would be stated; null to judge what is stated already. */
  readonly event: Json | null;
}

/** @returns the codes of the verdict's reasons, in order of precedence */
export async function judgeArrival(ctx: ProvenanceContext, arrival: Arrival): Promise<ReasonCode[]> {
  const { unit, product, sites, region, place, event } = arrival;
  const now = ctx.clock.now();
  const scan = readScan(arrival.code, new Date(now).getUTCFullYear());
  const label = scan.kind === 'unit' ? scan.label : {};
  const { all } = await traceUnit(ctx, unit, product.gtin);
  const { reasons } = judge({
    now,
    master: masterOf(product),
    parties: sites.map(({ gln, kind, licensedForToxin }) => ({ gln, role: kind, licensedForToxin })),
    warnings: inForce(await noticesOf(ctx, product.gtin)).map(warningOf),
    events: event === null ? all : [...all, normalised(event as JsonObject, HOUSE)],
    unit,
    label,
    purpose: 'before-use',
    place,
    region,
  });
  return reasons.map(({ code }) => code);
}
