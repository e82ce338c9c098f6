/** May this unit be opened, or used again, for this visit? The first thing that speaks against it, by its code. */
import { z } from 'zod';
import { Bytes32 } from './steps.ts';
import type { StockUnit } from './stock.ts';

export interface UseAsked {
  /** Product of the service that was quoted. */
  readonly gtin: string;
  readonly lot: string;
  readonly use: number;
  readonly amount: number;
  readonly amountUnit: string;
}

export interface Kept {
  readonly unit: Pick<StockUnit, 'state' | 'uses' | 'remaining' | 'amountUnit' | 'singleUse' | 'useBy'>;
  readonly gtin: string;
  /** Address of the lot. */
  readonly lot: string | null;
  /** Last day on which it may be used, `2028-12-31`. */
  readonly expiry: string | null;
}

export interface UseRefusal {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
}

const no = (code: string, params: UseRefusal['params'] = {}): UseRefusal => ({ code, params });

/** Its last day ends as the verdict has it: at midnight UTC. */
export function isExpired(expiry: string | null, now: number): boolean {
  if (expiry === null) return false;
  const end = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(expiry) ? `${expiry}T23:59:59.999Z` : expiry);
  return now > end;
}

/** @param kept null if this clinic never had the unit @param now milliseconds since the epoch */
export function refuseUse(kept: Kept | null, asked: UseAsked, now: number): UseRefusal | null {
  if (!kept) return no('UNIT_NOT_IN_STOCK');
  const { unit } = kept;
  if (kept.gtin !== asked.gtin) return no('UNIT_OTHER_PRODUCT');
  switch (unit.state) {
    case 'announced':
      return no('UNIT_NOT_RECEIVED');
    case 'quarantined':
      return no('UNIT_QUARANTINED');
    case 'recalled':
      return no('UNIT_RECALLED');
    case 'used':
      return no('UNIT_ALREADY_USED');
    case 'wasted':
    case 'returned':
    case 'lost':
      return no('UNIT_GONE', { state: unit.state });
    case 'installed':
      return no('UNIT_INSTALLED');
  }
  if (unit.singleUse && unit.uses > 0) return no('UNIT_ALREADY_USED');
  if (isExpired(kept.expiry, now)) return no('UNIT_EXPIRED', { expiry: kept.expiry! });
  if (unit.useBy !== null && now > unit.useBy)
    return no('UNIT_OPEN_TOO_LONG', { until: new Date(unit.useBy).toISOString() });
  if (kept.lot !== asked.lot) return no('STEP_DATA_WRONG', { field: 'lot' });
  if (unit.amountUnit !== asked.amountUnit) return no('STEP_DATA_WRONG', { field: 'amountUnit' });
  if (unit.uses !== asked.use) return no('UNIT_CHANGED');
  if (asked.amount > unit.remaining)
    return no('UNIT_AMOUNT', { left: unit.remaining, unit: unit.amountUnit, asked: asked.amount });
  return null;
}

const Where = z.strictObject({ id: z.string() });

/** The dispensing event of a visit: nothing else may come along into the public log. */
export const DispensingEvent = z.strictObject({
  type: z.literal('ObjectEvent'),
  eventTime: z.iso.datetime(),
  eventTimeZoneOffset: z.string().regex(/^[+-](?:0\d|1[0-4]):[0-5]\d$/),
  action: z.enum(['OBSERVE', 'DELETE']),
  epcList: z.array(z.string()).length(1),
  bizStep: z.literal('dispensing'),
  disposition: z.enum(['dispensed', 'partially_dispensed']),
  readPoint: Where,
  bizLocation: Where,
  'zm:procedureCommitment': Bytes32,
  'zm:amountUsed': z.int().min(1),
  'zm:amountUnit': z.string().max(20),
});

/** What the dispensing event must say, so that it says what both sides signed. */
export function dispensingEvent(
  unit: string,
  remaining: number,
  asked: Pick<UseAsked, 'amount' | 'amountUnit'>,
) {
  const empty = asked.amount === remaining;
  return {
    type: 'ObjectEvent',
    action: empty ? 'DELETE' : 'OBSERVE',
    epcList: [unit],
    bizStep: 'dispensing',
    disposition: empty ? 'dispensed' : 'partially_dispensed',
    'zm:amountUsed': asked.amount,
    'zm:amountUnit': asked.amountUnit,
  } as const;
}
