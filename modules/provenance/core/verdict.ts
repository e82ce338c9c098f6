/**
 * Whether a unit is what it claims to be: a pure function of what was stated. The order and the repetition of
 * statements change nothing. Each reason says who stated it, when, and by which event.
 */
import type { Hex } from '@zhenmei/kernel';
import { excursion } from './cold-chain.ts';
import { type Custody, expected, follow, held, isMaker, lastHolder } from './custody.ts';
import { type EpcisEvent, eventDigest, glnOf, masterData, siteOf, timeOf } from './events.ts';
import { type Facts, gtinOf, type Master, type Story, tellStory } from './facts.ts';
import { type Level, PRECEDENCE, REASONS, type ReasonCode } from './reasons.ts';
import { isUse, ownUse, spent, usesOf } from './uses.ts';

export type { Facts, KnownParty, Master } from './facts.ts';

export interface Reason {
  readonly code: ReasonCode;
  /** Digest of the event that says so. */
  readonly event?: Hex;
  /** GLN of the site that stated it. */
  readonly by?: string;
  readonly at?: string;
}

export interface Verdict {
  readonly level: Level;
  readonly reasons: readonly Reason[];
  readonly handovers: { readonly signed: number; readonly total: number };
}

/** A log that is older than this says nothing about recent recalls. */
const STALE = 24 * 3_600_000;

export function judge(facts: Facts): Verdict {
  const { master } = facts;
  if (!master || facts.unit === '' || gtinOf(facts.unit) !== master.gtin)
    return conclude([...lotReasons(facts), { code: 'NOT_ONBOARDED' }]);
  const story = tellStory(facts);
  const always = [
    ...proof(facts),
    ...withdrawn(story, facts),
    ...approval(master, facts),
    ...expiry(story, facts),
  ];
  if (!master.makerOnboarded) return conclude([...always, { code: 'NOT_ONBOARDED' }]);
  const custody = follow(story.own, facts.parties);
  const unknown = origin(story, facts);
  return conclude(
    [
      ...always,
      ...unknown,
      ...spent(story, facts, master).map((event) => said('ALREADY_USED', event)),
      ...opened(story, facts, master),
      ...places(story, facts, custody, unknown.length > 0),
      ...toxin(story, facts, master),
      ...custody.gaps.map((event) => said('CUSTODY_GAP', event)),
      ...cold(story, facts, master, custody),
      ...differences(story, facts, master),
      ...custody.elsewhere.map((event) => said('SEEN_ELSEWHERE', event)),
    ],
    custody.handovers,
  );
}

function said(code: ReasonCode, event: EpcisEvent): Reason {
  const by = siteOf(event);
  return { code, event: eventDigest(event), at: event.eventTime, ...(by ? { by } : {}) };
}

function proof({ proof: checked, now }: Facts): Reason[] {
  if (!checked) return [];
  if (!checked.valid) return [{ code: 'PROOF_INVALID' }];
  return checked.checkpointAt !== undefined && now - checked.checkpointAt > STALE
    ? [{ code: 'STALE_CHECKPOINT' }]
    : [];
}

/** What can be said of a lot without a unit: approval is the product's. */
function lotReasons(facts: Facts): Reason[] {
  return facts.master && facts.unit === '' ? approval(facts.master, facts) : [];
}

const roleAt = (facts: Facts, event: EpcisEvent): string =>
  facts.parties.find(({ gln }) => gln === siteOf(event))?.role ?? '';

/** Only a maker brings serial numbers into the world. Where the maker itself moved the unit, a record is missing. */
function origin(story: Story, facts: Facts): Reason[] {
  const byMaker = (event: EpcisEvent) => isMaker(roleAt(facts, event)) || roleAt(facts, event) === '';
  if (story.commissioned.some(byMaker)) return [];
  const moved = story.own.find((event) => isMaker(roleAt(facts, event)));
  return [moved ? said('CUSTODY_GAP', moved) : { code: 'UNKNOWN_SERIAL' }];
}

const sets = (event: EpcisEvent, disposition: string): boolean =>
  event.disposition === disposition || (event.persistentDisposition?.set?.includes(disposition) ?? false);

function withdrawn(story: Story, facts: Facts): Reason[] {
  const mayRecall = (event: EpcisEvent) =>
    /^(?:|maker|manufacturer|regulator|authority)$/i.test(roleAt(facts, event));
  const aboutLot = [...story.own, ...story.ofLot].filter(mayRecall).sort((a, b) => timeOf(a) - timeOf(b));
  let recall: EpcisEvent | undefined;
  for (const event of aboutLot) {
    if (sets(event, 'recalled')) recall = event;
    else if (event.persistentDisposition?.unset?.includes('recalled')) recall = undefined;
  }
  const use =
    facts.purpose === 'before-use' ? undefined : (ownUse(story.own, facts) ?? story.own.find(isUse));
  const gone = story.own.find(
    (event) =>
      (sets(event, 'stolen') || sets(event, 'destroyed') || event.bizStep === 'destroying') &&
      (!use || timeOf(event) < timeOf(use)),
  );
  return [
    ...(recall ? [said('RECALLED_LOT', recall)] : []),
    ...(gone ? [said('STOLEN_OR_DESTROYED', gone)] : []),
  ];
}

const INJECTED = /inject|dermal|cutaneous|muscular|venous|lesional|articular|periosteal|注射|皮内|皮下|真皮/i;
const LOWER_CLASS = /^(?:class|类别)?[\s_-]*(?:i{1,2}|[12]|[一二])[\s_-]*类?$/i;
const among = (list: readonly string[], value: string): boolean =>
  list.some((one) => one.toLowerCase() === value.toLowerCase());

function approval(master: Master, { region, intendedRoute }: Facts): Reason[] {
  const wrong =
    (region !== undefined && !among(master.approvedRegions, region)) ||
    (intendedRoute !== undefined && !among(master.approvedRoutes, intendedRoute)) ||
    (intendedRoute !== undefined &&
      LOWER_CLASS.test(master.class ?? '') &&
      INJECTED.test(intendedRoute) &&
      !/transdermal|epidermal/i.test(intendedRoute));
  return wrong ? [{ code: 'NOT_APPROVED_FOR_USE' }] : [];
}

/** A unit used in time never becomes expired; a vial that is to be used again may. */
function expiry(story: Story, facts: Facts): Reason[] {
  if (story.expiry === undefined)
    return declaredExpired(story, ownUse(story.own, facts) ?? story.own.find(isUse));
  const end = Date.parse(
    /^\d{4}-\d{2}-\d{2}$/.test(story.expiry) ? `${story.expiry}T23:59:59.999Z` : story.expiry,
  );
  const again = facts.purpose === 'before-use' && facts.master?.singleUse === false;
  const use = ownUse(story.own, facts) ?? (again ? undefined : story.own.find(isUse));
  if (!((use ? timeOf(use) : facts.now) > end)) return declaredExpired(story, use);
  const made = story.commissioned[0];
  return [made ? said('EXPIRED', made) : { code: 'EXPIRED' }];
}

/** Somebody who held it took it out as expired before it was used. */
function declaredExpired(story: Story, use: EpcisEvent | undefined): Reason[] {
  const event = story.own.find((one) => sets(one, 'expired') && (!use || timeOf(one) < timeOf(use)));
  return event ? [said('EXPIRED', event)] : [];
}

/** The registry on chain knows of an opening that no event was captured for yet. */
function opened(story: Story, facts: Facts, master: Master): Reason[] {
  const unknown = (facts.openings ?? 0) > 0 && usesOf(story.own).length === 0;
  return unknown && master.singleUse && facts.purpose === 'before-use' ? [{ code: 'ALREADY_USED' }] : [];
}

/** A place counts only if it is a site; where a stranger's phone is says nothing. */
function gln(place: string | undefined): string | undefined {
  const found = glnOf(place);
  return found !== undefined && /^\d{13}$/.test(found) ? found : undefined;
}

/** Opened, or about to be, at a place that holds it? */
function places(story: Story, facts: Facts, custody: Custody, unknown: boolean): Reason[] {
  const reasons: Reason[] = [];
  for (const use of usesOf(story.own)) {
    const site = siteOf(use);
    if (site === undefined || held(custody, site, timeOf(use))) continue;
    const announced = story.own.some(
      (event) =>
        event.bizStep === 'shipping' &&
        (event.destinationList ?? []).some((party) => glnOf(party.destination) === site),
    );
    reasons.push(said(announced ? 'CUSTODY_GAP' : 'OPENED_OUTSIDE_CUSTODY', use));
  }
  const here = gln(facts.place);
  const holder = lastHolder(custody);
  if (here === undefined || here === holder || unknown) return reasons;
  const last = story.own.at(-1);
  const witness = (code: ReasonCode): Reason => (last ? said(code, last) : { code });
  if (facts.purpose === 'before-use')
    reasons.push(witness(expected(custody, here) ? 'CUSTODY_GAP' : 'OPENED_OUTSIDE_CUSTODY'));
  else if (facts.purpose === 'public' && !expected(custody, here)) reasons.push(witness('SEEN_ELSEWHERE'));
  else if (
    facts.purpose === 'after-use' &&
    !story.own.some((event) => isUse(event) && siteOf(event) === here)
  )
    reasons.push(witness('SEEN_ELSEWHERE'));
  return reasons;
}

/** Toxic drugs go only to designated distributors and licensed sites. Without a register of sites nothing is said. */
function toxin(story: Story, facts: Facts, master: Master): Reason[] {
  if (!master.isToxin || facts.parties.length === 0) return [];
  const licensed = (gln: string | undefined) =>
    facts.parties.some((party) => party.gln === gln && (party.licensedForToxin || isMaker(party.role)));
  const reasons = story.own
    .filter((event) => (isUse(event) || event.bizStep === 'receiving') && !licensed(siteOf(event)))
    .map((event) => said('SITE_NOT_LICENSED', event));
  const here = gln(facts.place);
  if (facts.purpose === 'before-use' && here !== undefined && !licensed(here))
    reasons.push({ code: 'SITE_NOT_LICENSED', by: here });
  return reasons;
}

function cold(story: Story, facts: Facts, master: Master, custody: Custody): Reason[] {
  const uses = usesOf(story.own);
  const last = ownUse(story.own, facts) ?? (master.singleUse ? uses[0] : uses.at(-1));
  const until = facts.purpose === 'before-use' || !last ? Number.POSITIVE_INFINITY : timeOf(last);
  const event = excursion(story.own, story.others, custody, master.storage, until);
  return event ? [said('COLD_CHAIN_EXCURSION', event)] : [];
}

/** Where package and record, or two records, do not agree. */
function differences(story: Story, facts: Facts, master: Master): Reason[] {
  const found: Reason[] = [];
  for (const made of story.commissioned) {
    const [lot, expires] = [masterData(made, 'lotNumber'), masterData(made, 'itemExpirationDate')];
    const [first] = story.commissioned;
    const differs = (a: string | undefined, b: string | undefined) =>
      a !== undefined && b !== undefined && a !== b;
    if (
      differs(facts.label.lot, lot) ||
      differs(facts.label.expiry, expires?.slice(0, 10)) ||
      differs(lot, masterData(first!, 'lotNumber')) ||
      differs(expires, masterData(first!, 'itemExpirationDate'))
    )
      found.push(said('DATA_MISMATCH', made));
  }
  for (const event of story.own)
    if (event.disposition?.startsWith('mismatch_')) found.push(said('DATA_MISMATCH', event));
  for (const use of usesOf(story.own))
    if (
      use['zm:amountUnit'] !== undefined &&
      master.amountUnit !== undefined &&
      use['zm:amountUnit'] !== master.amountUnit
    )
      found.push(said('DATA_MISMATCH', use));
  const { contains } = master;
  if (
    facts.inner !== undefined &&
    (facts.inner === 'unreadable' ||
      (contains && gtinOf(facts.inner) !== contains.gtin) ||
      (story.children.length > 0 && !story.children.includes(facts.inner)))
  )
    found.push({ code: 'DATA_MISMATCH' });
  if (contains && story.children.length > contains.count) found.push({ code: 'DATA_MISMATCH' });
  if (
    facts.purpose === 'after-use' &&
    facts.procedureCommitment !== undefined &&
    !ownUse(story.own, facts) &&
    usesOf(story.own).length === 0
  )
    found.push({ code: 'DATA_MISMATCH' });
  return found;
}

const NONE = { signed: 0, total: 0 };

/** Each code once, with its earliest evidence, in order of precedence. */
function conclude(reasons: readonly Reason[], handovers: Verdict['handovers'] = NONE): Verdict {
  const byCode = new Map<ReasonCode, Reason>();
  for (const reason of reasons) if (!byCode.has(reason.code)) byCode.set(reason.code, reason);
  const sorted = [...byCode.values()].sort((a, b) => PRECEDENCE.indexOf(a.code) - PRECEDENCE.indexOf(b.code));
  const all: Reason[] = sorted.length > 0 ? sorted : [{ code: 'CONSISTENT' }];
  return { level: REASONS[all[0]!.code].level, reasons: all, handovers };
}
