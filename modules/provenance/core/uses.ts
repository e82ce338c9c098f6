/** What was taken from a unit, when and for which visit; whether anything may still be taken. */
import { type EpcisEvent, timeOf } from './events.ts';
import { type Facts, type Master, type Story, settled } from './facts.ts';

export const isUse = (event: EpcisEvent): boolean => event.bizStep === 'dispensing';

export const usesOf = (own: readonly EpcisEvent[]): EpcisEvent[] => own.filter(isUse);

/** The use for the visit that asks. */
export function ownUse(own: readonly EpcisEvent[], { procedureCommitment }: Facts): EpcisEvent | undefined {
  return procedureCommitment === undefined
    ? undefined
    : own.find((event) => isUse(event) && event['zm:procedureCommitment'] === procedureCommitment);
}

/** Uses that make the unit one that was used before, is used up, or was open for too long; the earliest first. */
export function spent(story: Story, facts: Facts, master: Master): EpcisEvent[] {
  const found = ofUses(usesOf(story.own), facts, master);
  const inner = facts.inner;
  if (inner === undefined || inner === 'unreadable') return found;
  const inside = settled(facts.events).filter(
    (event) => isUse(event) && event.epcList?.includes(inner) && !story.own.includes(event),
  );
  return [...found, ...ofUses(inside, facts, master)];
}

function ofUses(uses: readonly EpcisEvent[], facts: Facts, master: Master): EpcisEvent[] {
  const [first] = uses;
  if (!first) return [];
  const foreign = uses.filter(
    (use) =>
      facts.procedureCommitment === undefined || use['zm:procedureCommitment'] !== facts.procedureCommitment,
  );
  if (master.singleUse) {
    const before =
      facts.purpose === 'after-use' && facts.procedureCommitment === undefined ? foreign.slice(1) : foreign;
    return before.length > 0 ? before : tooMuch(uses, master);
  }
  return [
    ...tooMuch(uses, master),
    ...tooLate(uses, first, facts, master),
    ...usedUp(uses, foreign, facts, master),
  ];
}

const amountOf = (use: EpcisEvent, master: Master): number => {
  const { 'zm:amountUsed': amount = 0, 'zm:amountUnit': unit } = use;
  const same = unit === undefined || master.amountUnit === undefined || unit === master.amountUnit;
  return same && Number(amount) > 0 && Number.isFinite(Number(amount)) ? Number(amount) : 0;
};

/** Nothing can be put back into a unit. */
export const isNegative = (use: EpcisEvent): boolean => Number(use['zm:amountUsed']) < 0;

/** The use with which more was taken than the unit holds. */
function tooMuch(uses: readonly EpcisEvent[], master: Master): EpcisEvent[] {
  let total = 0;
  for (const use of uses) {
    total += amountOf(use, master);
    if (master.maxAmountPerUnit !== undefined && total > master.maxAmountPerUnit) return [use];
  }
  return [];
}

function tooLate(uses: readonly EpcisEvent[], first: EpcisEvent, facts: Facts, master: Master): EpcisEvent[] {
  if (master.useWithinHours === undefined) return [];
  const end = timeOf(first) + master.useWithinHours * 3_600_000;
  const late = uses.find((use) => timeOf(use) > end);
  if (late) return [late];
  return facts.purpose === 'before-use' && facts.now > end ? [first] : [];
}

/** Nothing is left for the next visit. */
function usedUp(
  uses: readonly EpcisEvent[],
  foreign: readonly EpcisEvent[],
  facts: Facts,
  master: Master,
): EpcisEvent[] {
  if (facts.purpose !== 'before-use') return [];
  const total = foreign.reduce((sum, use) => sum + amountOf(use, master), 0);
  const full = master.maxAmountPerUnit !== undefined && total >= master.maxAmountPerUnit;
  const emptied = foreign.find((use) => use.disposition === 'dispensed');
  return full ? [uses.at(-1)!] : emptied ? [emptied] : [];
}
