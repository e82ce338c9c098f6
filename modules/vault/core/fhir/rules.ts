/** Rules between fields that the standard calls constraints, by their keys: those that matter in a health record. */
import type { Json } from '@zhenmei/kernel';

type Obj = { readonly [key: string]: Json };
type Rule = readonly [key: string, holds: (value: Obj) => boolean];

const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);
const has = (value: Obj, name: string): boolean =>
  Object.keys(value).some(
    (key) =>
      key.replace(/^_/, '') === name || (key.startsWith(name) && /^[A-Z]/.test(key.slice(name.length))),
  );
const codes = (value: Json | undefined): string[] =>
  isObject(value)
    ? list(value.coding).flatMap((one) => (isObject(one) && typeof one.code === 'string' ? [one.code] : []))
    : [];
const entries = (value: Obj): { [key: string]: Json }[] => list(value.entry).filter(isObject);
/** Times of different precision cannot always be ordered; only what both name is compared. */
const notAfter = (start: Json | undefined, end: Json | undefined): boolean => {
  if (typeof start !== 'string' || typeof end !== 'string') return true;
  if (start.length > 10 && end.length > 10) return !(Date.parse(start) > Date.parse(end));
  const length = Math.min(start.length, end.length, 10);
  return start.slice(0, length) <= end.slice(0, length);
};

const QUANTITY: Rule = ['qty-3', (v) => !has(v, 'code') || has(v, 'system')];

const RULES: Readonly<Record<string, readonly Rule[]>> = {
  Extension: [['ext-1', (v) => has(v, 'extension') !== has(v, 'value')]],
  Period: [['per-1', (v) => notAfter(v.start, v.end)]],
  Quantity: [QUANTITY],
  Age: [QUANTITY],
  Duration: [QUANTITY],
  Attachment: [['att-1', (v) => !has(v, 'data') || has(v, 'contentType')]],
  ContactPoint: [['cpt-2', (v) => !has(v, 'value') || has(v, 'system')]],
  Ratio: [
    [
      'rat-1',
      (v) => has(v, 'numerator') === has(v, 'denominator') && (has(v, 'numerator') || has(v, 'extension')),
    ],
  ],
  'Patient.contact': [
    ['pat-1', (v) => ['name', 'telecom', 'address', 'organization'].some((name) => has(v, name))],
  ],
  AllergyIntolerance: [
    ['ait-1', (v) => codes(v.verificationStatus).includes('entered-in-error') || has(v, 'clinicalStatus')],
    ['ait-2', (v) => !codes(v.verificationStatus).includes('entered-in-error') || !has(v, 'clinicalStatus')],
  ],
  Condition: [
    [
      'con-4',
      (v) =>
        !has(v, 'abatement') ||
        codes(v.clinicalStatus).some((code) => ['resolved', 'remission', 'inactive'].includes(code)),
    ],
    ['con-5', (v) => !codes(v.verificationStatus).includes('entered-in-error') || !has(v, 'clinicalStatus')],
  ],
  Observation: [
    ['obs-6', (v) => !has(v, 'dataAbsentReason') || !has(v, 'value')],
    [
      'obs-7',
      (v) =>
        !has(v, 'value') ||
        !list(v.component).some(
          (part) => isObject(part) && codes(part.code).some((code) => codes(v.code).includes(code)),
        ),
    ],
  ],
  'Observation.referenceRange': [['obs-3', (v) => ['low', 'high', 'text'].some((name) => has(v, name))]],
  'MedicationAdministration.dosage': [['mad-1', (v) => has(v, 'dose') || has(v, 'rate')]],
  'CarePlan.activity': [['cpl-3', (v) => !has(v, 'detail') || !has(v, 'reference')]],
  'QuestionnaireResponse.item': [['qrs-1', (v) => !(list(v.answer).length > 0 && list(v.item).length > 0)]],
  Consent: [['ppc-1', (v) => has(v, 'policy') || has(v, 'policyRule')]],
  Bundle: [
    ['bdl-1', (v) => !has(v, 'total') || v.type === 'searchset' || v.type === 'history'],
    ['bdl-2', (v) => v.type === 'searchset' || !entries(v).some((one) => has(one, 'search'))],
    [
      'bdl-3',
      (v) => {
        const wanted = ['batch', 'transaction', 'history'].includes(String(v.type));
        return entries(v).every((one) => has(one, 'request') === wanted);
      },
    ],
    [
      'bdl-4',
      (v) => {
        const wanted = ['batch-response', 'transaction-response', 'history'].includes(String(v.type));
        return entries(v).every((one) => has(one, 'response') === wanted);
      },
    ],
    [
      'bdl-7',
      (v) => {
        const keys = entries(v).flatMap(({ fullUrl, resource }) =>
          typeof fullUrl === 'string' && isObject(resource)
            ? [`${fullUrl} ${isObject(resource.meta) ? String(resource.meta.versionId) : ''}`]
            : [],
        );
        return v.type === 'history' || new Set(keys).size === keys.length;
      },
    ],
    [
      'bdl-9',
      (v) =>
        v.type !== 'document' ||
        (isObject(v.identifier) && has(v.identifier, 'system') && has(v.identifier, 'value')),
    ],
    ['bdl-10', (v) => v.type !== 'document' || has(v, 'timestamp')],
    [
      'bdl-11',
      (v) => {
        const first = entries(v)[0]?.resource;
        return v.type !== 'document' || (isObject(first) && first.resourceType === 'Composition');
      },
    ],
  ],
  'Bundle.entry': [
    ['bdl-5', (v) => ['resource', 'request', 'response'].some((name) => has(v, name))],
    ['bdl-8', (v) => typeof v.fullUrl !== 'string' || !v.fullUrl.includes('/_history/')],
  ],
};

/** @returns keys of the rules that do not hold */
export function broken(type: string, value: Obj): string[] {
  return (RULES[type] ?? []).flatMap(([key, holds]) => (holds(value) ? [] : [key]));
}
