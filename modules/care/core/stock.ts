/**
 * A unit of stock as it follows from what was stated about it: a pure fold over its custody events. The table of stock is
 * this, stored; it can be thrown away and made again. Amounts always add up: used + wasted + remaining = amount.
 */
import type { Hex } from '@zhenmei/kernel';
import { destinationsOf, type StockEvent, siteOf, WASTING } from './stock-event.ts';

export const STOCK_STATES = [
  'announced',
  'in-stock',
  'open',
  'quarantined',
  'recalled',
  'installed',
  'used',
  'wasted',
  'returned',
  'lost',
] as const;
export type StockState = (typeof STOCK_STATES)[number];

/** What lies on the shelf, whether or not it may be used. */
export const ON_SHELF: readonly StockState[] = ['in-stock', 'open', 'quarantined', 'recalled'];

export const MOVEMENTS = [
  'announced',
  'received',
  'held',
  'released',
  'installed',
  'removed',
  'used',
  'wasted',
  'returned',
  'lost',
  'counted',
  'recalled',
  'recall-lifted',
] as const;
export type MovementKind = (typeof MOVEMENTS)[number];

/** What the product says about every unit of it. */
export interface UnitRules {
  readonly amount: number;
  readonly amountUnit: string;
  readonly singleUse: boolean;
  readonly useWithinHours?: number | undefined;
}

export interface Movement {
  readonly kind: MovementKind;
  readonly digest: Hex;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly amount: number | null;
  readonly remaining: number;
  /** Of a use: what stands for the visit. */
  readonly commitment: string | null;
  readonly reason: string | null;
}

export interface StockUnit {
  readonly unit: string;
  readonly state: StockState;
  /** Why it is held; null if it is not. */
  readonly hold: string | null;
  readonly amount: number;
  readonly amountUnit: string;
  readonly singleUse: boolean;
  readonly used: number;
  readonly wasted: number;
  readonly remaining: number;
  /** Openings so far: the number of the next use. */
  readonly uses: number;
  readonly announcedAt: number | null;
  readonly receivedAt: number | null;
  readonly openedAt: number | null;
  /** After this an opened vial may not be used again. */
  readonly useBy: number | null;
  /** The shipment that announced it, and the GLN of who sent it. */
  readonly shipment: Hex | null;
  readonly supplier: string | null;
  readonly container: string | null;
  readonly movements: readonly Movement[];
}

interface Draft {
  announced: { at: number; shipment: Hex; supplier: string | null; container: string | null } | null;
  receivedAt: number | null;
  openedAt: number | null;
  hold: string | null;
  recalled: boolean;
  installed: boolean;
  end: 'wasted' | 'returned' | 'lost' | null;
  used: number;
  wasted: number;
  uses: number;
  movements: Movement[];
}

export interface Told {
  /** What happened to the unit, directly or in its containers, in order of time. */
  readonly own: readonly StockEvent[];
  /** What was said of its lot or product. */
  readonly ofLot: readonly StockEvent[];
}

/**
 * The unit at one site, or null if nothing brought it there.
 * @param site GLN of the clinic
 */
export function foldStock(unit: string, site: string, told: Told, rules: UnitRules): StockUnit | null {
  const draft: Draft = {
    announced: null,
    receivedAt: null,
    openedAt: null,
    hold: null,
    recalled: false,
    installed: false,
    end: null,
    used: 0,
    wasted: 0,
    uses: 0,
    movements: [],
  };
  const events = [...told.own, ...told.ofLot].sort((a, b) => timeOf(a) - timeOf(b));
  for (const event of events) take(draft, event, { unit, site, rules, aboutLot: told.ofLot.includes(event) });
  if (draft.announced === null && draft.movements.every(({ kind }) => kind.startsWith('recall'))) return null;
  const remaining = left(draft, rules);
  return {
    unit,
    state: stateOf(draft, remaining, rules),
    hold: draft.hold,
    amount: rules.amount,
    amountUnit: rules.amountUnit,
    singleUse: rules.singleUse,
    used: draft.used,
    wasted: draft.wasted,
    remaining,
    uses: draft.uses,
    announcedAt: draft.announced?.at ?? null,
    receivedAt: draft.receivedAt,
    openedAt: draft.openedAt,
    useBy:
      draft.openedAt !== null && rules.useWithinHours !== undefined
        ? draft.openedAt + rules.useWithinHours * 3_600_000
        : null,
    shipment: draft.announced?.shipment ?? null,
    supplier: draft.announced?.supplier ?? null,
    container: draft.announced?.container ?? null,
    movements: draft.movements,
  };
}

const timeOf = (event: StockEvent): number => Date.parse(event.eventTime);
const left = (draft: Draft, rules: UnitRules): number =>
  Math.max(0, rules.amount - draft.used - draft.wasted);

interface Place {
  readonly unit: string;
  readonly site: string;
  readonly rules: UnitRules;
  readonly aboutLot: boolean;
}

function take(draft: Draft, event: StockEvent, place: Place): void {
  const { unit, site, rules } = place;
  const here = siteOf(event) === site;
  const direct = event.epcList?.includes(unit) ?? false;
  const note = (kind: MovementKind, amount: number | null = null) =>
    draft.movements.push({
      kind,
      digest: event.digest,
      at: timeOf(event),
      amount,
      remaining: left(draft, rules),
      commitment: event['zm:procedureCommitment'] ?? null,
      reason: event['zm:reason'] ?? null,
    });
  if (recalls(event) || lifts(event)) {
    draft.recalled = recalls(event);
    note(draft.recalled ? 'recalled' : 'recall-lifted');
  }
  if (place.aboutLot) return;
  if (event.type === 'AssociationEvent') {
    if (here && event.childEPCs?.includes(unit)) {
      draft.installed = event.action !== 'DELETE';
      note(draft.installed ? 'installed' : 'removed');
    }
    return;
  }
  switch (event.bizStep) {
    case 'shipping':
      if (here && (draft.receivedAt !== null || draft.hold !== null)) {
        draft.end = 'returned';
        draft.announced = null;
        note('returned');
      } else if (destinationsOf(event).includes(site)) announce(draft, event, direct, note);
      return;
    case 'void_shipping':
      if (draft.announced?.supplier === siteOf(event) && draft.receivedAt === null) forget(draft);
      return;
    case 'receiving':
    case 'accepting':
      if (!here) {
        // somebody else took what was on its way here
        if (draft.receivedAt === null) forget(draft);
      } else if (draft.receivedAt === null) {
        draft.receivedAt = timeOf(event);
        note('received');
      }
      return;
  }
  if (here && direct) onShelf(draft, event, place, note);
}

type Note = (kind: MovementKind, amount?: number | null) => void;

function announce(draft: Draft, event: StockEvent, direct: boolean, note: Note): void {
  // sent here again after it went back
  if (draft.end === 'returned') Object.assign(draft, { end: null, receivedAt: null, hold: null });
  draft.announced = {
    at: timeOf(event),
    shipment: event.digest,
    supplier: siteOf(event) ?? null,
    container: direct ? null : (event.epcList?.[0] ?? null),
  };
  note('announced');
}

function forget(draft: Draft): void {
  draft.announced = null;
  draft.movements = draft.movements.filter(({ kind }) => kind !== 'announced');
}

/** What a clinic states about a unit at its own site. */
function onShelf(draft: Draft, event: StockEvent, { rules }: Place, note: Note): void {
  switch (event.bizStep) {
    case 'holding':
      draft.hold = event['zm:reason'] ?? event.disposition ?? 'held';
      note('held');
      return;
    case 'stocking':
      draft.hold = null;
      if (draft.end === 'lost') draft.end = null;
      note('released');
      return;
    case 'installing':
    case 'removing':
      draft.installed = event.bizStep === 'installing';
      note(draft.installed ? 'installed' : 'removed');
      return;
    case 'dispensing': {
      const amount = Math.min(event['zm:amountUsed'] ?? 0, left(draft, rules));
      draft.used += amount;
      draft.uses += 1;
      draft.openedAt ??= timeOf(event);
      note('used', amount);
      return;
    }
    case WASTING: {
      const amount = Math.min(event['zm:amountWasted'] ?? 0, left(draft, rules));
      draft.wasted += amount;
      note('wasted', amount);
      return;
    }
    case 'destroying': {
      const amount = left(draft, rules);
      draft.wasted += amount;
      draft.end = 'wasted';
      note('wasted', amount);
      return;
    }
    case 'stock_taking':
      if (event.disposition === 'stolen') {
        draft.end = 'lost';
        note('lost');
      } else note('counted');
      return;
  }
}

const sets = (event: StockEvent, disposition: string): boolean =>
  event.disposition === disposition || (event.persistentDisposition?.set?.includes(disposition) ?? false);
const recalls = (event: StockEvent): boolean => sets(event, 'recalled');
const lifts = (event: StockEvent): boolean =>
  event.persistentDisposition?.unset?.includes('recalled') ?? false;

function stateOf(draft: Draft, remaining: number, rules: UnitRules): StockState {
  if (draft.end === 'returned' || draft.end === 'lost') return draft.end;
  if (draft.end === 'wasted' || remaining === 0) return draft.uses > 0 ? 'used' : 'wasted';
  if (draft.recalled && (draft.receivedAt !== null || draft.hold !== null)) return 'recalled';
  if (draft.hold !== null) return 'quarantined';
  if (draft.installed) return 'installed';
  if (draft.uses > 0 && rules.amount > 0) return 'open';
  return draft.receivedAt === null ? 'announced' : 'in-stock';
}
