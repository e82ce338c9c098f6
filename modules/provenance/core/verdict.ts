/**
 * Whether a unit is what it claims to be: a pure function of what was stated. The order and the repetition of
 * statements change nothing. Each reason says who stated it, when, and by which event.
 */
import type { Hex } from '@zhenmei/kernel';
import { type EpcisEvent, eventDigest } from './events.ts';
import { type Level, PRECEDENCE, type ReasonCode, REASONS } from './reasons.ts';

export interface Master {
  readonly gtin: string;
  readonly approvedRoutes: readonly string[];
  readonly approvedRegions: readonly string[];
  readonly storage: { readonly minC: number; readonly maxC: number; readonly maxMinutesOut: number };
  readonly singleUse: boolean;
  readonly isToxin: boolean;
  readonly makerOnboarded: boolean;
  readonly maxAmountPerUnit?: number | undefined;
  readonly useWithinHours?: number | undefined;
}

export interface Party {
  readonly gln: string;
  readonly role: string;
  readonly licensedForToxin: boolean;
}

export interface Facts {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly master: Master | null;
  readonly parties: readonly Party[];
  readonly events: readonly EpcisEvent[];
  readonly unit: string;
  readonly label: { readonly lot?: string; readonly expiry?: string };
  readonly purpose: 'before-use' | 'after-use' | 'public';
  /** Site of the scan, as its address. */
  readonly place?: string;
  readonly procedureCommitment?: string;
  readonly intendedRoute?: string;
  readonly region?: string;
}

export interface Reason {
  readonly code: ReasonCode;
  /** Digest of the event that says so. */
  readonly event?: Hex;
  /** Site that stated it, as its address. */
  readonly by?: string;
  readonly at?: string;
}

export interface Verdict {
  readonly level: Level;
  readonly reasons: readonly Reason[];
  readonly handovers: { readonly signed: number; readonly total: number };
}

const time = (event: EpcisEvent) => Date.parse(event.eventTime);
const place = (event: EpcisEvent) => event.bizLocation?.id ?? event.readPoint?.id;

export function judge(facts: Facts): Verdict {
  if (!facts.master || !facts.master.makerOnboarded) return conclude([{ code: 'NOT_ONBOARDED' }], { signed: 0, total: 0 });
  const events = ordered(facts);
  const way = custody(events);
  const reasons: Reason[] = [
    ...origin(events),
    ...withdrawn(events),
    ...approval(facts),
    ...uses(events, facts, way),
    ...expiry(events, facts),
    ...way.gaps,
    ...coldChain(events, facts.master),
    ...label(events, facts),
  ];
  return conclude(reasons, { signed: way.signed, total: way.total });
}

/** Each event once, in the order of its time; ties by digest, so that the order of capture does not matter. */
function ordered({ events, unit }: Facts): EpcisEvent[] {
  const once = new Map(events.map((event) => [eventDigest(event), event]));
  const lot = [...once.values()].find((e) => e.bizStep === 'commissioning' && e.epcList?.includes(unit))?.['zm:lot'];
  return [...once]
    .filter(([, e]) => e.epcList?.includes(unit) || (lot !== undefined && e.quantityList?.some((q) => q.epcClass === lot)))
    .sort(([a, x], [b, y]) => time(x) - time(y) || rank(x) - rank(y) || (a < b ? -1 : 1))
    .map(([, event]) => event);
}

const ORDER = ['commissioning', 'shipping', 'receiving', 'storing', 'sensor_reporting', 'inspecting', 'holding', 'dispensing', 'destroying'];
const rank = (event: EpcisEvent) => ORDER.indexOf(event.bizStep);

function said(code: ReasonCode, event: EpcisEvent): Reason {
  const by = place(event);
  return { code, event: eventDigest(event), at: event.eventTime, ...(by ? { by } : {}) };
}

function origin(events: EpcisEvent[]): Reason[] {
  return events.some((e) => e.bizStep === 'commissioning') ? [] : [{ code: 'UNKNOWN_SERIAL' }];
}

function withdrawn(events: EpcisEvent[]): Reason[] {
  return events.flatMap((e) => {
    if (e.disposition === 'recalled') return [said('RECALLED_LOT', e)];
    if (e.disposition === 'stolen' || e.disposition === 'destroyed' || e.bizStep === 'destroying') return [said('STOLEN_OR_DESTROYED', e)];
    return [];
  });
}

function approval({ master, region, intendedRoute }: Facts): Reason[] {
  const wrong = (region !== undefined && !master!.approvedRegions.includes(region)) || (intendedRoute !== undefined && !master!.approvedRoutes.includes(intendedRoute));
  return wrong ? [{ code: 'NOT_APPROVED_FOR_USE' }] : [];
}

const isUse = (e: EpcisEvent) => e.bizStep === 'dispensing';

function ownUse(events: EpcisEvent[], { procedureCommitment }: Facts): EpcisEvent | undefined {
  return events.find((e) => isUse(e) && procedureCommitment !== undefined && e['zm:procedureCommitment'] === procedureCommitment);
}

interface Way {
  readonly gaps: Reason[];
  readonly signed: number;
  readonly total: number;
  /** Sites that had it, with the time from which. */
  readonly stays: { readonly site: string; readonly from: number; readonly until: number }[];
}

/** Follows shipping and receiving: who had it, when, and where both sides did not sign. */
function custody(events: EpcisEvent[]): Way {
  const stays: { site: string; from: number; until: number }[] = [];
  const gaps: Reason[] = [];
  let signed = 0;
  let total = 0;
  let open: EpcisEvent | null = null;
  for (const event of events) {
    const site = place(event);
    const holder = stays.at(-1);
    if (event.bizStep === 'commissioning' && site) stays.push({ site, from: time(event), until: Number.POSITIVE_INFINITY });
    if (event.bizStep === 'shipping') {
      total++;
      if (open || holder?.site !== site) gaps.push(said('CUSTODY_GAP', event));
      if (holder) holder.until = time(event);
      open = event;
    }
    if (event.bizStep === 'receiving' && site) {
      const target = open?.destinationList?.find((d) => d.type === 'possessing_party')?.destination;
      if (open && target === site) signed++;
      else {
        if (!open) total++;
        gaps.push(said('CUSTODY_GAP', event));
        if (!open && holder) holder.until = time(event);
      }
      stays.push({ site, from: time(event), until: Number.POSITIVE_INFINITY });
      open = null;
    }
  }
  return { gaps, signed, total, stays };
}

function uses(events: EpcisEvent[], facts: Facts, way: Way): Reason[] {
  const { master, parties, procedureCommitment } = facts;
  const all = events.filter(isUse);
  const reasons: Reason[] = [];
  for (const use of all) {
    const site = place(use);
    if (!way.stays.some((s) => s.site === site && s.from <= time(use) && time(use) <= s.until)) reasons.push(said('OPENED_OUTSIDE_CUSTODY', use));
    const licensed = parties.some((p) => `https://id.gs1.org/414/${p.gln}` === site && p.licensedForToxin);
    if (master!.isToxin && !licensed) reasons.push(said('SITE_NOT_LICENSED', use));
  }
  const others = all.filter((e) => procedureCommitment === undefined || e['zm:procedureCommitment'] !== procedureCommitment);
  const total = all.reduce((sum, e) => sum + (e['zm:amountUsed'] ?? 0), 0);
  const first = all[0];
  if (first && master!.singleUse && (facts.purpose === 'before-use' ? all.length > 0 : facts.purpose === 'after-use' ? others.length > 0 : all.length > 1))
    reasons.push(said('ALREADY_USED', others[0] ?? first));
  if (first && master!.maxAmountPerUnit !== undefined && total > master!.maxAmountPerUnit) reasons.push(said('ALREADY_USED', all.at(-1)!));
  const window = (master!.useWithinHours ?? Number.POSITIVE_INFINITY) * 3_600_000;
  if (first && !master!.singleUse) {
    const last = facts.purpose === 'before-use' ? facts.now : time(all.at(-1)!);
    if (last - time(first) > window) reasons.push(said('ALREADY_USED', first));
    if (facts.purpose === 'before-use' && master!.maxAmountPerUnit !== undefined && total >= master!.maxAmountPerUnit) reasons.push(said('ALREADY_USED', all.at(-1)!));
  }
  return reasons;
}

/** A unit used in time never becomes expired. */
function expiry(events: EpcisEvent[], facts: Facts): Reason[] {
  const made = events.find((e) => e.bizStep === 'commissioning');
  const date = made?.ilmd?.itemExpirationDate;
  if (!made || !date) return [];
  const end = Date.parse(`${date}T23:59:59.999Z`);
  const use = ownUse(events, facts) ?? (facts.purpose === 'before-use' ? undefined : events.find(isUse));
  return (use ? time(use) : facts.now) > end ? [said('EXPIRED', made)] : [];
}

/** Minutes out of range over the unit's whole life. */
function coldChain(events: EpcisEvent[], master: Master): Reason[] {
  let minutes = 0;
  for (const event of events)
    for (const element of event.sensorElementList ?? []) {
      const out = element.sensorReport.some((r) => /Temperature$/.test(r.type) && [r.minValue, r.maxValue, r.value].some((v) => v !== undefined && (v < master.storage.minC || v > master.storage.maxC)));
      if (!out) continue;
      const { startTime, endTime } = element.sensorMetadata ?? {};
      minutes += startTime && endTime ? (Date.parse(endTime) - Date.parse(startTime)) / 60_000 : 1;
      if (minutes > master.storage.maxMinutesOut) return [said('COLD_CHAIN_EXCURSION', event)];
    }
  return [];
}

function label(events: EpcisEvent[], facts: Facts): Reason[] {
  const made = events.find((e) => e.bizStep === 'commissioning');
  if (!made) return [];
  const lotDiffers = facts.label.lot !== undefined && made.ilmd?.lotNumber !== undefined && facts.label.lot !== made.ilmd.lotNumber;
  const dateDiffers = facts.label.expiry !== undefined && made.ilmd?.itemExpirationDate !== undefined && facts.label.expiry !== made.ilmd.itemExpirationDate;
  return lotDiffers || dateDiffers ? [said('DATA_MISMATCH', made)] : [];
}

function conclude(reasons: Reason[], handovers: Verdict['handovers']): Verdict {
  const once = new Map(reasons.map((r) => [`${r.code}/${r.event ?? ''}`, r]));
  const sorted = [...once.values()].sort((a, b) => PRECEDENCE.indexOf(a.code) - PRECEDENCE.indexOf(b.code));
  const all: Reason[] = sorted.length > 0 ? sorted : [{ code: 'CONSISTENT' }];
  return { level: REASONS[all[0]!.code].level, reasons: all, handovers };
}
