/** Where a unit or container is now: a fold over what was stated of it, in order of time. */
import { concat, fromHex, type Hex, sha256, toHex0x } from '@zhenmei/kernel';
import { type EpcisEvent, eventDigest, glnOf, masterData, siteOf, timeOf } from './events.ts';

export type Standing = 'held' | 'moving' | 'gone' | 'unknown';

export interface Item {
  readonly standing: Standing;
  /** GLN of who holds it, or held it last. */
  readonly holder: string | null;
  /** GLN it is on its way to. */
  readonly bound: string | null;
  /** Digest of the shipment it is part of, until it arrives. */
  readonly shipment: Hex | null;
  /** What it lies in. */
  readonly parent: string | null;
  /** Address of its lot, last day of use, and the event that made it. */
  readonly lot: string | null;
  readonly expiry: string | null;
  readonly made: Hex | null;
  /** Milliseconds since the epoch: since when it stands so. */
  readonly since: number;
  /** Time of the last event that spoke of it. */
  readonly at: number;
  /** Chained digest of its events: what has the same story has the same state. */
  readonly story: Hex;
}

const NO_STORY: Hex = `0x${'0'.repeat(64)}`;

export const UNSEEN: Item = {
  standing: 'unknown',
  holder: null,
  bound: null,
  shipment: null,
  parent: null,
  lot: null,
  expiry: null,
  made: null,
  since: 0,
  at: 0,
  story: NO_STORY,
};

/** How an event speaks of it: by its own number, as content, as container, or by the number of what it lies in. */
export type Mention = 'itself' | 'child' | 'parent' | 'inside';

const SHIPS = new Set(['shipping', 'departing']);
const RECEIVES = new Set(['receiving', 'accepting', 'arriving']);
const ENDS = new Set(['destroying', 'decommissioning']);
const GONE = new Set(['destroyed', 'stolen', 'disposed']);

export const shipsFrom = ({ bizStep }: EpcisEvent): boolean => SHIPS.has(bizStep ?? '');
export const arrives = ({ bizStep }: EpcisEvent): boolean => RECEIVES.has(bizStep ?? '');

/** @param lotAddress address of the lot that the event itself names, if it makes units */
export function advance(
  before: Item,
  event: EpcisEvent,
  digest: Hex,
  mention: Mention,
  lotAddress: string | null,
): Item {
  const at = timeOf(event);
  const site = siteOf(event) ?? null;
  const item: Item = {
    ...before,
    at,
    story: toHex0x(sha256(concat(fromHex(before.story), fromHex(digest)))),
  };
  const stand = (standing: Standing, more: Partial<Item> = {}): Item => ({
    ...item,
    bound: null,
    shipment: null,
    ...more,
    standing,
    since: at,
  });
  if (mention === 'child')
    return { ...item, parent: event.action === 'DELETE' ? null : (event.parentID ?? null) };
  if (mention === 'parent')
    return item.standing === 'unknown' && event.action !== 'DELETE' ? stand('held', { holder: site }) : item;
  if (event.bizStep === 'commissioning')
    return mention === 'inside'
      ? item
      : stand('held', {
          holder: site,
          made: digest,
          lot: lotAddress ?? item.lot,
          expiry: masterData(event, 'itemExpirationDate')?.slice(0, 10) ?? item.expiry,
        });
  if (shipsFrom(event))
    return stand('moving', { holder: site, bound: destinationOf(event), shipment: digest });
  if (arrives(event) || event.bizStep === 'void_shipping') return stand('held', { holder: site });
  if (ends(event)) return stand('gone');
  return item;
}

function ends(event: EpcisEvent): boolean {
  if (ENDS.has(event.bizStep ?? '') || GONE.has(event.disposition ?? '')) return true;
  return event.bizStep === 'dispensing' && (event.action === 'DELETE' || event.disposition === 'dispensed');
}

export const destinationOf = (event: EpcisEvent): string | null =>
  event.destinationList?.map(({ destination }) => glnOf(destination)).find((gln) => gln !== undefined) ??
  null;
export const sourceOf = (event: EpcisEvent): string | null =>
  event.sourceList?.map(({ source }) => glnOf(source)).find((gln) => gln !== undefined) ?? null;

export function mentionOf(event: EpcisEvent, epc: string): Mention {
  if (event.epcList?.includes(epc)) return 'itself';
  if (event.childEPCs?.includes(epc)) return 'child';
  return event.parentID === epc ? 'parent' : 'inside';
}

/** A container is emptied without naming what was in it. */
export const isEmptying = (event: EpcisEvent): boolean =>
  event.type === 'AggregationEvent' &&
  event.action === 'DELETE' &&
  !event.childEPCs?.length &&
  event.parentID !== undefined;

/**
 * The state after a whole story.
 * @param own its events in order of time, those of its containers included
 * @param emptyings of any container, in order of time
 */
export function itemOf(
  epc: string,
  own: readonly EpcisEvent[],
  emptyings: readonly EpcisEvent[],
  lotOf: (event: EpcisEvent) => string | null,
): Item {
  let item = UNSEEN;
  let next = 0;
  const emptyUntil = (at: number) => {
    for (; next < emptyings.length && timeOf(emptyings[next]!) <= at; next++)
      if (emptyings[next]!.parentID === item.parent) item = { ...item, parent: null };
  };
  for (const event of own) {
    emptyUntil(timeOf(event) - 1);
    item = advance(item, event, eventDigest(event), mentionOf(event, epc), lotOf(event));
  }
  emptyUntil(Number.POSITIVE_INFINITY);
  return item;
}
