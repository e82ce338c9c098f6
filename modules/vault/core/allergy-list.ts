/** A person's allergies as kept in the vault, and as FHIR R4 AllergyIntolerance for other systems. */
import { AppError } from '@zhenmei/kernel';
import { z } from 'zod';
import type { Allergies } from './allergy.ts';
import './errors.ts';
import { issueText } from './record-issue.ts';
import { membersOf, substanceName } from './substances.ts';

export const AllergyFact = z.strictObject({
  /** Code of our list, or null if the person said it in their own words. */
  substance: z.string().min(1).max(80).nullable(),
  text: z.string().min(1).max(200),
  verification: z.enum(['unconfirmed', 'confirmed', 'refuted']),
  criticality: z.enum(['low', 'high', 'unable-to-assess']),
  recordedOn: z.iso.date(),
  reaction: z.string().min(1).max(500).optional(),
});
export type AllergyFact = z.infer<typeof AllergyFact>;

export const AllergyList = z
  .strictObject({ answered: z.boolean(), facts: z.array(AllergyFact).max(200) })
  .meta({ phi: true });
export type AllergyList = z.infer<typeof AllergyList>;

/** What the gate compares. What was refuted by a doctor does not count. */
export function allergiesOf({ answered, facts }: AllergyList): Allergies {
  const held = facts.filter((fact) => fact.verification !== 'refuted');
  return {
    answered,
    substances: held.flatMap(({ substance }) => substance ?? []),
    others: held.flatMap(({ substance, text }) => (substance === null ? text : [])),
  };
}

const SUBSTANCE_SYSTEM = 'https://zhenmei.example/codes/substance';
const HL7 = 'http://terminology.hl7.org/CodeSystem';
const CLINICAL = `${HL7}/allergyintolerance-clinical`;
const VERIFICATION = `${HL7}/allergyintolerance-verification`;
/** IPS: the person was asked and named none. */
const ABSENT = {
  system: 'http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips',
  code: 'no-known-allergies',
};

const Coding = z.object({
  system: z.string().optional(),
  code: z.string().optional(),
  display: z.string().optional(),
});
const Concept = z.object({ coding: z.array(Coding).optional(), text: z.string().optional() });

/** The parts of an R4 AllergyIntolerance that we write and read; others' further fields are left aside. */
export const AllergyIntolerance = z
  .object({
    resourceType: z.literal('AllergyIntolerance'),
    clinicalStatus: Concept.optional(),
    verificationStatus: Concept.optional(),
    criticality: z.enum(['low', 'high', 'unable-to-assess']).optional(),
    code: Concept,
    patient: z.object({ reference: z.string().optional() }),
    recordedDate: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}/)
      .optional(),
    reaction: z.array(z.object({ manifestation: z.array(Concept).min(1) })).optional(),
  })
  .meta({ phi: true });
export type AllergyIntolerance = z.infer<typeof AllergyIntolerance>;

const PATIENT = { reference: 'Patient/self' };
const concept = (system: string, code: string) => ({ coding: [{ system, code }] });

/** @returns one resource for each fact; one "no known allergies" if there is none; nothing if nobody asked */
export function allergyListToFhir({ answered, facts }: AllergyList): AllergyIntolerance[] {
  const known = facts.map(factToFhir);
  if (known.length > 0 || !answered) return known;
  return [
    {
      resourceType: 'AllergyIntolerance',
      clinicalStatus: concept(CLINICAL, 'active'),
      code: { coding: [ABSENT] },
      patient: PATIENT,
    },
  ];
}

function factToFhir(fact: AllergyFact): AllergyIntolerance {
  const coding = fact.substance && {
    system: SUBSTANCE_SYSTEM,
    code: fact.substance,
    display: substanceName(fact.substance).en,
  };
  return {
    resourceType: 'AllergyIntolerance',
    clinicalStatus: concept(CLINICAL, fact.verification === 'refuted' ? 'inactive' : 'active'),
    verificationStatus: concept(VERIFICATION, fact.verification),
    criticality: fact.criticality,
    code: { ...(coding ? { coding: [coding] } : {}), text: fact.text },
    patient: PATIENT,
    recordedDate: fact.recordedOn,
    ...(fact.reaction ? { reaction: [{ manifestation: [{ text: fact.reaction }] }] } : {}),
  };
}

/**
 * Reads what we wrote, and what others write: a code that is not ours becomes words, so that the gate will ask.
 * Only "refuted" and "entered in error" let an allergy go; anything unclear stays.
 * @param today date for facts that carry none, `YYYY-MM-DD`. Throws ALLERGY_INVALID with the path.
 */
export function allergyListFromFhir(resources: unknown, today: string): AllergyList {
  const parsed = z.array(AllergyIntolerance).max(200).safeParse(resources);
  if (!parsed.success) throw new AppError('ALLERGY_INVALID', issueText(parsed.error));
  const facts = parsed.data.flatMap((resource, i) => factFromFhir(resource, i, today));
  return { answered: parsed.data.length > 0, facts };
}

const codeIn = (system: string, value?: z.infer<typeof Concept>) =>
  value?.coding?.find((c) => c.system === system)?.code;

function factFromFhir(resource: AllergyIntolerance, index: number, today: string): AllergyFact[] {
  if (codeIn(ABSENT.system, resource.code) === ABSENT.code) return [];
  const status = codeIn(VERIFICATION, resource.verificationStatus);
  if (status === 'entered-in-error') return [];
  const code = codeIn(SUBSTANCE_SYSTEM, resource.code);
  const substance = code !== undefined && membersOf(code).length > 0 ? code : null;
  const first = resource.code.coding?.[0];
  const text = resource.code.text || first?.display || first?.code;
  if (!text) throw new AppError('ALLERGY_INVALID', { path: `[${index}].code`, reason: 'says nothing' });
  const reaction = resource.reaction?.[0]?.manifestation[0]?.text;
  return [
    {
      substance,
      text: text.slice(0, 200),
      verification: status === 'confirmed' || status === 'refuted' ? status : 'unconfirmed',
      criticality: resource.criticality ?? 'unable-to-assess',
      recordedOn: resource.recordedDate?.slice(0, 10) ?? today,
      ...(reaction ? { reaction: reaction.slice(0, 500) } : {}),
    },
  ];
}
