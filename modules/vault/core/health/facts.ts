/** What is known of a person that may speak against a treatment: coded, each with its source and its date. */
import { z } from 'zod';
import { ZONES, type Zone } from '../zones.ts';
import { CONDITION_CODES, type ConditionCode, conditionOf } from './conditions.ts';

const zoneCodes = Object.keys(ZONES) as [Zone, ...Zone[]];

/** Who says so: the person, a doctor, a treatment record that is kept, or another system. */
export const FACT_SOURCES = ['self', 'doctor', 'record', 'import'] as const;

export const HealthFact = z.strictObject({
  condition: z.enum(CONDITION_CODES),
  /** False says: asked, and it is not so. What was never asked has no fact. */
  present: z.boolean(),
  /** Places of the body; empty says everywhere, or not told. */
  zones: z.array(z.enum(zoneCodes)).max(30),
  source: z.enum(FACT_SOURCES),
  /** Name of the doctor, clinic or system, where there is one. */
  sourceName: z.string().min(1).max(200).optional(),
  recordedOn: z.iso.date(),
});
export type HealthFact = z.infer<typeof HealthFact>;

export const HealthFacts = z
  .strictObject({ version: z.literal(1), facts: z.array(HealthFact).max(200) })
  .meta({ phi: true });
export type HealthFacts = z.infer<typeof HealthFacts>;

export const NO_FACTS: HealthFacts = { version: 1, facts: [] };

export type Answer = 'present' | 'absent' | 'stale' | 'not-asked';

/** How things stand with one condition. What somebody else recorded outweighs a "no" of the person. */
export interface Known {
  readonly answer: Answer;
  /** The fact that decides; null if there is none. */
  readonly fact: HealthFact | null;
  /** Whether it is known to concern one of the places asked about; null where places are not told. */
  readonly here: boolean | null;
}

const DAY = 86_400_000;
const newest = (facts: readonly HealthFact[]): HealthFact | null =>
  [...facts].sort((a, b) => a.recordedOn.localeCompare(b.recordedOn)).at(-1) ?? null;

/** @param today `YYYY-MM-DD` @param zones places of the treatment */
export function known(
  { facts }: HealthFacts,
  code: ConditionCode,
  today: string,
  zones: readonly string[],
): Known {
  const { holds, local } = conditionOf(code);
  const own = facts.filter(({ condition }) => condition === code);
  const isStale = (fact: HealthFact) =>
    holds !== undefined && Date.parse(today) - Date.parse(fact.recordedOn) > holds * DAY;
  const told = (fact: HealthFact) => Boolean(local) && fact.zones.length > 0;
  const yes = newest(
    own.filter((f) => f.present && (!told(f) || f.zones.some((zone) => meets(zone, zones)))),
  );
  const no = newest(
    own.filter((f) => !f.present && (!told(f) || zones.every((zone) => f.zones.some((z) => z === zone)))),
  );
  // a yes that is too old is out of date once she said no since
  const over = yes && no && isStale(yes) && !isStale(no) && no.recordedOn >= yes.recordedOn;
  if (yes && !over)
    return { answer: isStale(yes) ? 'stale' : 'present', fact: yes, here: told(yes) ? true : null };
  if (!no) return { answer: 'not-asked', fact: null, here: null };
  return { answer: isStale(no) ? 'stale' : 'absent', fact: no, here: null };
}

const meets = (zone: string, zones: readonly string[]): boolean =>
  zones.length === 0 || zones.includes(zone) || zone === 'full-face' || zones.includes('full-face');

/**
 * The person's own answers, in place of those she gave before about the same; what others recorded stays as it is.
 * @param present what she said yes to @param asked everything she was asked @param zones places she was asked about
 */
export function answered(
  before: HealthFacts,
  asked: readonly ConditionCode[],
  present: readonly ConditionCode[],
  zones: readonly Zone[],
  today: string,
): HealthFacts {
  const replaced = ({ condition, source, zones: placed }: HealthFact) =>
    source === 'self' &&
    asked.includes(condition) &&
    (!conditionOf(condition).local || placed.every((zone) => zones.includes(zone)));
  const fresh = asked.map(
    (condition): HealthFact => ({
      condition,
      present: present.includes(condition),
      zones: conditionOf(condition).local ? [...zones] : [],
      source: 'self',
      recordedOn: today,
    }),
  );
  return { version: 1, facts: [...before.facts.filter((fact) => !replaced(fact)), ...fresh] };
}
