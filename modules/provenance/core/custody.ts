/** Who held a unit when, from what both sides of each hand-over stated. */
import { type EventSignature, signsEvent } from './event-signature.ts';
import { type EpcisEvent, eventDigest, glnOf, saysGone, siteOf, timeOf } from './events.ts';
import { isMaker, type KnownParty } from './facts.ts';

/** Clocks and time zones of strangers: so far apart two statements of one hand-over may be. */
const SKEW = 24 * 3_600_000;

export interface Stay {
  readonly site: string;
  readonly from: number;
  readonly until: number;
}

export interface Custody {
  readonly stays: readonly Stay[];
  /** GLNs that the last shipment is on its way to; empty if it is not on its way. */
  readonly bound: readonly string[];
  readonly shippedOpenly: boolean;
  readonly handovers: { readonly signed: number; readonly total: number };
  /** Receipts without a shipment, and shipments that were never received although something happened later. */
  readonly gaps: readonly EpcisEvent[];
  /** Receipts and other signs of the unit at a site while another end site holds it. */
  readonly elsewhere: readonly EpcisEvent[];
}

const SHIPS = new Set(['shipping', 'departing']);
const RECEIVES = new Set(['receiving', 'accepting', 'arriving']);
/** Steps that only somebody who has the unit can take. */
const HAS = new Set([
  'storing',
  'stocking',
  'holding',
  'inspecting',
  'unpacking',
  'stock_taking',
  'cycle_counting',
]);

/** Where units are used and go no further. */
export const isEnd = (role: string): boolean => /^(?:clinic|hospital)$/i.test(role);

const named = (list: EpcisEvent['sourceList'], side: 'source' | 'destination'): string[] =>
  (list ?? []).flatMap((party) => glnOf(party[side]) ?? []);

/** All GLNs by which the place of an event may be known. */
function placesOf(event: EpcisEvent): string[] {
  return [glnOf(event.bizLocation?.id), glnOf(event.readPoint?.id)].filter((gln) => gln !== undefined);
}

const meets = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === 0 || b.length === 0 || a.some((gln) => b.includes(gln));

interface Shipment {
  readonly event: EpcisEvent;
  receipt?: EpcisEvent;
}

/**
 * @param own the unit's events in order of time
 * @param signatures of the devices of those who stated them; without any, what both sides stated counts as signed
 */
export function follow(
  own: readonly EpcisEvent[],
  parties: readonly KnownParty[],
  signatures?: readonly EventSignature[],
): Custody {
  const shipments = pairUp(own);
  const receiptOf = new Map(shipments.flatMap((s) => (s.receipt ? [[s.receipt, s.event] as const] : [])));
  const role = (gln: string) => parties.find((party) => party.gln === gln)?.role ?? '';
  const making = own.filter(({ bizStep }) => bizStep === 'commissioning');
  const byMaker = making.find((event) => isMaker(role(siteOf(event) ?? '')));
  const stays: Stay[] = [];
  const gaps: EpcisEvent[] = [];
  const elsewhere: EpcisEvent[] = [];
  let holder: { site: string; from: number } | null = null;
  const leave = (until: number) => {
    if (holder) stays.push({ ...holder, until: Math.max(holder.from, until) });
    holder = null;
  };
  for (const event of inHandoverOrder(own, shipments)) {
    const site = siteOf(event);
    const at = timeOf(event);
    if (site === undefined) continue;
    const current = holder as { site: string; from: number } | null;
    if (event === (byMaker ?? making[0]) && current === null && stays.length === 0)
      holder = { site, from: at };
    else if (SHIPS.has(event.bizStep ?? '')) {
      const sameMaker = current !== null && isMaker(role(current.site)) && isMaker(role(site));
      if (current !== null && current.site !== site && !sameMaker && !placesOf(event).includes(current.site))
        gaps.push(event);
      leave(at);
    } else if (RECEIVES.has(event.bizStep ?? '') && current?.site !== site) {
      const shipped = receiptOf.has(event);
      if (!shipped && current !== null && isEnd(role(current.site))) elsewhere.push(event);
      else {
        if (!shipped) gaps.push(event);
        leave(at);
        holder = { site, from: at };
      }
    } else if (current !== null && current.site !== site && isEnd(role(current.site)) && isEnd(role(site)))
      if (HAS.has(event.bizStep ?? '') && !saysGone(event)) elsewhere.push(event);
  }
  const open = shipments.filter((shipment) => !shipment.receipt);
  const last = shipments.at(-1);
  for (const shipment of open)
    if (shipment !== last || happenedAfter(own, shipment.event)) gaps.push(shipment.event);
  leave(Number.POSITIVE_INFINITY);
  const total = shipments.length + gaps.filter((event) => RECEIVES.has(event.bizStep ?? '')).length;
  const agreed = shipments.filter(
    ({ event, receipt }) =>
      receipt && (!signatures || [event, receipt].every((one) => signedBySite(one, parties, signatures))),
  );
  const onItsWay = last !== undefined && !last.receipt;
  return {
    stays,
    bound: onItsWay ? named(last.event.destinationList, 'destination') : [],
    shippedOpenly: onItsWay && named(last.event.destinationList, 'destination').length === 0,
    handovers: { signed: agreed.length, total },
    gaps: [...new Set(gaps)],
    elsewhere,
  };
}

/** Did a device of the site where it happened sign it? */
export function signedBySite(
  event: EpcisEvent,
  parties: readonly KnownParty[],
  signatures: readonly EventSignature[],
): boolean {
  const keys = parties.find(({ gln }) => gln === siteOf(event))?.keys ?? [];
  const candidates = signatures.filter(({ key }) => keys.includes(key));
  if (candidates.length === 0) return false;
  const digest = eventDigest(event);
  return candidates.some((signature) => signature.event === digest && signsEvent(signature));
}

/** Each shipment with the receipt that answers it; a shipment declared void is none. */
function pairUp(own: readonly EpcisEvent[]): Shipment[] {
  const shipments: Shipment[] = own
    .filter((event) => event.bizStep === 'shipping')
    .map((event) => ({ event }));
  for (const event of own.filter(({ bizStep }) => bizStep === 'void_shipping')) {
    const index = shipments.findLastIndex(
      (s) => timeOf(s.event) <= timeOf(event) && siteOf(s.event) === siteOf(event),
    );
    if (index >= 0) shipments.splice(index, 1);
  }
  const receipts = own.filter(({ bizStep }) => RECEIVES.has(bizStep ?? ''));
  const used = new Set<EpcisEvent>();
  for (const shipment of shipments) {
    const to = named(shipment.event.destinationList, 'destination');
    const from = [...placesOf(shipment.event), ...named(shipment.event.sourceList, 'source')];
    const receipt = receipts.find(
      (event) =>
        !used.has(event) &&
        timeOf(event) >= timeOf(shipment.event) - SKEW &&
        siteOf(event) !== siteOf(shipment.event) &&
        meets(to, [...placesOf(event), ...named(event.destinationList, 'destination')]) &&
        meets(named(event.sourceList, 'source'), from),
    );
    if (receipt) {
      used.add(receipt);
      shipment.receipt = receipt;
    }
  }
  return shipments;
}

/** By time, but a receipt never before its own shipment. */
function inHandoverOrder(own: readonly EpcisEvent[], shipments: readonly Shipment[]): EpcisEvent[] {
  const late = new Map(
    shipments.flatMap((s) =>
      s.receipt && timeOf(s.receipt) < timeOf(s.event) ? [[s.event, s.receipt] as const] : [],
    ),
  );
  const moved = new Set(late.values());
  const voided = new Set(
    own
      .filter(({ bizStep }) => bizStep === 'shipping')
      .filter((event) => !shipments.some((s) => s.event === event)),
  );
  return own
    .filter((event) => !moved.has(event) && !voided.has(event))
    .flatMap((event) => (late.has(event) ? [event, late.get(event)!] : [event]));
}

const happenedAfter = (own: readonly EpcisEvent[], shipment: EpcisEvent): boolean =>
  own.some(
    (event) =>
      timeOf(event) > timeOf(shipment) &&
      event !== shipment &&
      ['shipping', 'dispensing', 'storing', 'receiving', 'accepting'].includes(event.bizStep ?? ''),
  );

/** Did the site hold the unit then, give or take what clocks differ? */
export function held(custody: Custody, site: string, at: number): boolean {
  return custody.stays.some(
    (stay) => stay.site === site && at >= stay.from - SKEW && at <= stay.until + SKEW,
  );
}

/** Is the unit said to be on its way to this site, so that only the receipt is missing? */
export function expected(custody: Custody, site: string): boolean {
  return custody.shippedOpenly || custody.bound.includes(site);
}

/** The GLN of who holds it at the end of the story. */
export const lastHolder = (custody: Custody): string | undefined =>
  custody.stays.find(({ until }) => until === Number.POSITIVE_INFINITY)?.site;
