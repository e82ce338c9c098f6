/**
 * Whether a unit is what it claims to be: a pure function of what was stated. The order and the repetition of
 * statements change nothing. Each reason says who stated it, when, and by which event.
 */
import type { Hex } from '@zhenmei/kernel';
import { isApproved } from './approvals.ts';
import { coldChain } from './cold-chain.ts';
import { type Custody, expected, follow, held, lastHolder } from './custody.ts';
import {
  type EpcisEvent,
  eventDigest,
  glnOf,
  masterData,
  saysExpired,
  saysGone,
  siteOf,
  timeOf,
} from './events.ts';
import {
  aboutLot,
  type Facts,
  gtinOf,
  isMaker,
  type Master,
  mayMake,
  packageOf,
  roleOf,
  type Story,
  settled,
  tellStory,
} from './facts.ts';
import { type Level, PRECEDENCE, REASONS, type ReasonCode } from './reasons.ts';
import { releasedBy } from './releases.ts';
import { isNegative, isUse, ownUse, spent, usesOf } from './uses.ts';
import { warned } from './warnings.ts';
import { goneBefore, isRival, recallInForce } from './withdrawn.ts';

export type { Facts, KnownParty, Master } from './facts.ts';

export interface Reason {
  readonly code: ReasonCode;
  /** Digest of the event that says so. */
  readonly event?: Hex;
  /** Digest of the published notice that says so. */
  readonly notice?: Hex;
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
  if (!master || facts.unit === '' || gtinOf(facts.unit) !== master.gtin) {
    const known = notices(facts);
    // what is warned of can be judged
    return conclude([
      ...known,
      ...lotReasons(facts),
      ...(known.length > 0 ? [] : [{ code: 'NOT_ONBOARDED' as const }]),
    ]);
  }
  const story = tellStory(facts);
  const custody = follow(story.own, facts.parties, facts.signatures);
  const always = [
    ...proof(facts),
    ...notices(facts, story.lot),
    ...withdrawn(story, facts, custody),
    ...approval(master, facts, ownUse(story.own, facts)),
    ...expiry(story, facts),
  ];
  if (!master.makerOnboarded) return conclude([...always, { code: 'NOT_ONBOARDED' }]);
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
      ...differences(story, facts, master, custody),
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

function notices(facts: Facts, recordedLot?: string): Reason[] {
  return warned(facts.warnings ?? [], facts.parties, packageOf(facts, recordedLot));
}

/** What can be said of a lot without a unit: approval is the product's, a recall the lot's, an expiry the label's. */
function lotReasons(facts: Facts): Reason[] {
  const { master, label, now, zone } = facts;
  if (!master || facts.unit !== '') return [];
  const recall = recallInForce(aboutLot(settled(facts.events), master.gtin, label.lot), facts);
  return [
    ...(recall ? [said('RECALLED_LOT', recall)] : []),
    ...approval(master, facts),
    ...(label.expiry !== undefined && now > endOf(label.expiry, zone) ? [{ code: 'EXPIRED' } as const] : []),
  ];
}

/** Where the maker itself moved the unit, only a record is missing. */
function origin(story: Story, facts: Facts): Reason[] {
  if (story.commissioned.some((event) => mayMake(facts, event))) return [];
  const moved = story.own.find((event) => isMaker(roleOf(facts, event)));
  return [moved ? said('CUSTODY_GAP', moved) : { code: 'UNKNOWN_SERIAL' }];
}

function withdrawn(story: Story, facts: Facts, custody: Custody): Reason[] {
  const recall = recallInForce([...story.own, ...story.ofLot], facts);
  const use =
    facts.purpose === 'before-use' ? undefined : (ownUse(story.own, facts) ?? story.own.find(isUse));
  const gone = goneBefore(use, story.own, facts, custody);
  return [
    ...(recall ? [said('RECALLED_LOT', recall)] : []),
    ...(gone ? [said('STOLEN_OR_DESTROYED', gone)] : []),
  ];
}

/** At its use where it was used, otherwise now. */
function approval(master: Master, facts: Facts, use?: EpcisEvent): Reason[] {
  const asked = { region: facts.region, route: facts.intendedRoute };
  const nothingAsked = asked.region === undefined && asked.route === undefined;
  return nothingAsked || isApproved(master, asked, use ? timeOf(use) : facts.now)
    ? []
    : [{ code: 'NOT_APPROVED_FOR_USE' }];
}

/** A day ends at midnight where the clock stands that tells the time. */
const endOf = (expiry: string, zone = 'Z'): number =>
  Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(expiry) ? `${expiry}T23:59:59.999${zone}` : expiry);

/** A unit used in time never becomes expired; a vial that is to be used again may. */
function expiry(story: Story, facts: Facts): Reason[] {
  if (story.expiry === undefined)
    return declaredExpired(story, ownUse(story.own, facts) ?? story.own.find(isUse));
  const again = facts.purpose === 'before-use' && facts.master?.singleUse === false;
  const use = ownUse(story.own, facts) ?? (again ? undefined : story.own.find(isUse));
  const over = use
    ? timeOf(use) > endOf(story.expiry, use.eventTimeZoneOffset)
    : facts.now > endOf(story.expiry, facts.zone);
  if (!over) return declaredExpired(story, use);
  const made = story.commissioned[0];
  return [made ? said('EXPIRED', made) : { code: 'EXPIRED' }];
}

/** Somebody who held it took it out as expired before it was used. */
function declaredExpired(story: Story, use: EpcisEvent | undefined): Reason[] {
  const event = story.own.find((one) => saysExpired(one) && (!use || timeOf(one) < timeOf(use)));
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
  const { exceeded } = coldChain(
    story.own,
    story.others,
    custody,
    master.storage,
    until,
    releasedBy(story, facts),
  );
  return exceeded ? [said('COLD_CHAIN_EXCURSION', exceeded)] : [];
}

/** Where package and record, or two records, do not agree. */
function differences(story: Story, facts: Facts, master: Master, custody: Custody): Reason[] {
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
    if (event.disposition?.startsWith('mismatch_') || (saysGone(event) && isRival(event, facts, custody)))
      found.push(said('DATA_MISMATCH', event));
  for (const use of usesOf(story.own))
    if (
      isNegative(use) ||
      (use['zm:amountUnit'] !== undefined &&
        master.amountUnit !== undefined &&
        use['zm:amountUnit'] !== master.amountUnit)
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
