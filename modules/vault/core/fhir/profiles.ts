/**
 * Our thin profiles over FHIR R4: what a resource must be beyond the standard if it comes out of a vault. Imported
 * resources of others need not follow them.
 */
import { UNITS } from '../record-parts.ts';
import type { Issue } from './issue.ts';
import type { Resource } from './validate.ts';

type Fault = readonly [path: string, detail: string];
type Any = { readonly [key: string]: unknown };

const UCUM = 'http://unitsofmeasure.org';
/** Terms of UCUM in the form that codes of ours and of laboratories have: symbols, exponents, annotations. */
const UCUM_CODE =
  /^(?:[A-Za-z%[\]'^*0-9_]+-?\d*|\{[!-z|~]+\}|1)(?:[./](?:[A-Za-z%[\]'^*0-9_]+-?\d*|\{[!-z|~]+\}))*$/;
export const isUcum = (code: unknown): boolean =>
  typeof code === 'string' && (UCUM_CODE.test(code) || (Object.values(UNITS) as string[]).includes(code));

const quantityFaults = (path: string, value: unknown): Fault[] => {
  const { system, code } = (value ?? {}) as Any;
  return system === UCUM && isUcum(code) ? [] : [[path, 'UCUM']];
};

const isSelf = (value: unknown): boolean => (value as Any | undefined)?.reference === 'Patient/self';
const self = (resource: Any, field: string): Fault[] =>
  isSelf(resource[field]) ? [] : [[field, 'Patient/self']];

/** What would tell who the person is. */
const IDENTIFYING = ['name', 'telecom', 'address', 'birthDate', 'photo', 'contact', 'text', 'link'];

function gtinOk(text: unknown): boolean {
  if (typeof text !== 'string' || !/^\d{14}$/.test(text)) return false;
  return [...text].reduce((sum, d, i) => sum + Number(d) * (i % 2 === 0 ? 3 : 1), 0) % 10 === 0;
}

const carriers = (resource: Any): Any[] => (Array.isArray(resource.udiCarrier) ? resource.udiCarrier : []);
const contentUrl = (content: unknown): string => String((content as Any | undefined)?.url ?? '');
const OBJECT = /^urn:zhenmei:object:[A-Za-z0-9_-]{1,64}$/;

const PROFILES: Readonly<Record<string, (resource: Any) => Fault[]>> = {
  Patient: (r) => [
    ...IDENTIFYING.filter((field) => r[field] !== undefined).map((field): Fault => [field, 'pseudonym']),
    ...(r.id === 'self' ? [] : [['id', 'self'] as const]),
  ],
  AllergyIntolerance: (r) => self(r, 'patient'),
  Condition: (r) => self(r, 'subject'),
  Procedure: (r) => self(r, 'subject'),
  Device: (r) =>
    carriers(r).flatMap(({ deviceIdentifier }, i): Fault[] =>
      gtinOk(deviceIdentifier) ? [] : [[`udiCarrier[${i}].deviceIdentifier`, 'GTIN-14']],
    ),
  DeviceUseStatement: (r) => self(r, 'subject'),
  MedicationAdministration: (r) => {
    const { dose } = (r.dosage ?? {}) as Any;
    return [...self(r, 'subject'), ...(dose === undefined ? [] : quantityFaults('dosage.dose', dose))];
  },
  MedicationStatement: (r) => self(r, 'subject'),
  Observation: (r) => [
    ...self(r, 'subject'),
    ...(r.valueQuantity === undefined ? [] : quantityFaults('valueQuantity', r.valueQuantity)),
  ],
  Media: (r) => [
    ...self(r, 'subject'),
    ...(OBJECT.test(contentUrl(r.content)) ? [] : [['content.url', 'urn:zhenmei:object'] as const]),
  ],
  DocumentReference: (r) => [
    ...self(r, 'subject'),
    ...(Array.isArray(r.content) ? r.content : []).flatMap((one: Any, i): Fault[] =>
      OBJECT.test(contentUrl(one.attachment)) ? [] : [[`content[${i}].attachment.url`, 'urn:zhenmei:object']],
    ),
  ],
  QuestionnaireResponse: (r) => self(r, 'subject'),
  CarePlan: (r) => self(r, 'subject'),
  AdverseEvent: (r) => self(r, 'subject'),
  Consent: (r) => [
    ...self(r, 'patient'),
    ...((r.provision as Any | undefined)?.purpose === undefined
      ? [['provision.purpose', 'purpose'] as const]
      : []),
  ],
  Provenance: (r) =>
    Array.isArray(r.signature) && r.signature.length > 0 ? [] : [['signature', 'signature']],
};

/** @returns what is not as our profile of its type has it; nothing for types without one */
export function profileIssues(resource: Resource): readonly Issue[] {
  if (resource.resourceType === 'Bundle') {
    const entries = Array.isArray(resource.entry) ? (resource.entry as { resource?: Resource }[]) : [];
    return entries.flatMap(({ resource: inner }, i) =>
      inner
        ? profileIssues(inner).map((issue) => ({
            ...issue,
            path: issue.path.replace(/^[A-Za-z]+/, `Bundle.entry[${i}].resource`),
          }))
        : [],
    );
  }
  return (PROFILES[resource.resourceType]?.(resource) ?? []).map(([path, detail]) => ({
    path: `${resource.resourceType}.${path}`,
    code: 'profile' as const,
    detail,
    mild: false,
  }));
}
