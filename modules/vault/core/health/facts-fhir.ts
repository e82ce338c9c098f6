/** Facts against a treatment as FHIR R4 for other systems: Condition, and MedicationStatement for medicines. */
import { AppError } from '@zhenmei/kernel';
import { z } from 'zod';
import '../errors.ts';
import { issueText } from '../record-issue.ts';
import { ZONES, type Zone } from '../zones.ts';
import { conditionOf, isCondition } from './conditions.ts';
import { FACT_SOURCES, type HealthFact, type HealthFacts } from './facts.ts';

const SYSTEM = 'https://zhenmei.example/codes/contraindication';
const ZONE_SYSTEM = 'https://zhenmei.example/codes/zone';
const SOURCE_SYSTEM = 'https://zhenmei.example/codes/fact-source';
const HL7 = 'http://terminology.hl7.org/CodeSystem';
const VERIFICATION = `${HL7}/condition-ver-status`;
const CLINICAL = `${HL7}/condition-clinical`;

const Coding = z.object({
  system: z.string().optional(),
  code: z.string().optional(),
  display: z.string().optional(),
});
const Concept = z.object({ coding: z.array(Coding).optional(), text: z.string().optional() });
const Reference = z.object({ reference: z.string().optional(), display: z.string().optional() });
const When = z.string().regex(/^\d{4}-\d{2}-\d{2}/);
const Tag = z.object({ tag: z.array(Coding).optional() });

/** The parts of an R4 Condition that we write and read; others' further fields are left aside. */
export const FactCondition = z
  .object({
    resourceType: z.literal('Condition'),
    meta: Tag.optional(),
    clinicalStatus: Concept.optional(),
    verificationStatus: Concept.optional(),
    code: Concept,
    bodySite: z.array(Concept).optional(),
    subject: Reference,
    recordedDate: When.optional(),
    asserter: Reference.optional(),
  })
  .meta({ phi: true });

/** The parts of an R4 MedicationStatement that we write and read. */
export const FactMedication = z
  .object({
    resourceType: z.literal('MedicationStatement'),
    meta: Tag.optional(),
    status: z.enum([
      'active',
      'completed',
      'entered-in-error',
      'intended',
      'stopped',
      'on-hold',
      'unknown',
      'not-taken',
    ]),
    medicationCodeableConcept: Concept,
    subject: Reference,
    dateAsserted: When.optional(),
    informationSource: Reference.optional(),
  })
  .meta({ phi: true });

const FactResource = z.discriminatedUnion('resourceType', [FactCondition, FactMedication]);
export type FactResource = z.infer<typeof FactResource>;

const SELF = { reference: 'Patient/self' };
const coded = (system: string, code: string, display?: string) => ({
  coding: [{ system, code, ...(display ? { display } : {}) }],
});

export const factsToFhir = ({ facts }: HealthFacts): FactResource[] => facts.map(factToFhir);

function factToFhir(fact: HealthFact): FactResource {
  const { en, zh, medicine } = conditionOf(fact.condition);
  const code = { ...coded(SYSTEM, fact.condition, en), text: zh };
  const meta = { tag: [{ system: SOURCE_SYSTEM, code: fact.source }] };
  const from = fact.source === 'self' ? SELF : fact.sourceName ? { display: fact.sourceName } : undefined;
  if (medicine)
    return {
      resourceType: 'MedicationStatement',
      meta,
      status: fact.present ? 'active' : 'not-taken',
      medicationCodeableConcept: code,
      subject: SELF,
      dateAsserted: fact.recordedOn,
      ...(from ? { informationSource: from } : {}),
    };
  return {
    resourceType: 'Condition',
    meta,
    ...(fact.present ? { clinicalStatus: coded(CLINICAL, 'active') } : {}),
    verificationStatus: coded(
      VERIFICATION,
      fact.present ? (fact.source === 'doctor' ? 'confirmed' : 'unconfirmed') : 'refuted',
    ),
    code,
    ...(fact.zones.length > 0
      ? { bodySite: fact.zones.map((zone) => ({ ...coded(ZONE_SYSTEM, zone, ZONES[zone].en) })) }
      : {}),
    subject: SELF,
    recordedDate: fact.recordedOn,
    ...(from ? { asserter: from } : {}),
  };
}

/**
 * Reads what we wrote, and of others' resources those that carry one of our codes. What has no code of ours says
 * nothing to the gate and is given back, so that it is kept and shown as what it is.
 * @param today date for facts that carry none, `YYYY-MM-DD`. Throws HEALTH_FACT_INVALID with the path.
 */
export function factsFromFhir(
  resources: unknown,
  today: string,
): { facts: HealthFacts; left: readonly FactResource[] } {
  const parsed = z.array(FactResource).max(200).safeParse(resources);
  if (!parsed.success) throw new AppError('HEALTH_FACT_INVALID', issueText(parsed.error));
  const facts: HealthFact[] = [];
  const left: FactResource[] = [];
  for (const resource of parsed.data) {
    const fact = factFromFhir(resource, today);
    if (fact === null) left.push(resource);
    else if (fact !== 'void') facts.push(fact);
  }
  return { facts: { version: 1, facts }, left };
}

const codeIn = (system: string, concept?: z.infer<typeof Concept>) =>
  concept?.coding?.find((c) => c.system === system)?.code;

function factFromFhir(resource: FactResource, today: string): HealthFact | 'void' | null {
  const isDrug = resource.resourceType === 'MedicationStatement';
  const code = codeIn(SYSTEM, isDrug ? resource.medicationCodeableConcept : resource.code);
  if (code === undefined || !isCondition(code)) return null;
  const said = isDrug ? resource.status : codeIn(VERIFICATION, resource.verificationStatus);
  if (said === 'entered-in-error') return 'void';
  const tagged = resource.meta?.tag?.find(({ system }) => system === SOURCE_SYSTEM)?.code;
  const source = FACT_SOURCES.find((known) => known === tagged) ?? 'import';
  const name = (isDrug ? resource.informationSource : resource.asserter)?.display;
  const sites = isDrug ? [] : (resource.bodySite ?? []).map((site) => codeIn(ZONE_SYSTEM, site));
  const zones = sites.filter((zone): zone is Zone => zone !== undefined && Object.hasOwn(ZONES, zone));
  return {
    condition: code,
    // only a plain "no" lets it go: stopped medicines and resolved conditions may still matter
    present: said !== 'refuted' && said !== 'not-taken',
    // a place that we do not know is not another place
    zones: zones.length === sites.length ? zones : [],
    source,
    ...(name ? { sourceName: name.slice(0, 200) } : {}),
    recordedOn: ((isDrug ? resource.dateAsserted : resource.recordedDate) ?? today).slice(0, 10),
  };
}
