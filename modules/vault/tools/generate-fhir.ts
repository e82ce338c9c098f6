/**
 * Writes `core/fhir/generated/definitions.ts` from the official FHIR R4 (4.0.1) definitions, as the npm package
 * `hl7.fhir.r4.examples` (CC0) holds them. Only what the resource types of the vault need, and of it only what decides.
 * Usage: node modules/vault/tools/generate-fhir.ts
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const folder = dirname(createRequire(import.meta.url).resolve('hl7.fhir.r4.examples/package.json'));
const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'));

const RESOURCES = [
  'AdverseEvent',
  'AllergyIntolerance',
  'Bundle',
  'CarePlan',
  'Condition',
  'Consent',
  'Device',
  'DeviceUseStatement',
  'DocumentReference',
  'Media',
  'Medication',
  'MedicationAdministration',
  'MedicationStatement',
  'Observation',
  'Patient',
  'Procedure',
  'Provenance',
  'QuestionnaireResponse',
];
/** Value sets that are endless or come from elsewhere: judged by their form, in `core/fhir/bindings.ts`. */
const BY_FORM = new Set(['mimetypes', 'languages', 'all-languages', 'currencies', 'ucum-units', 'all-types']);

interface ElementDefinition {
  path: string;
  min: number;
  max: string;
  contentReference?: string;
  type?: { code: string; targetProfile?: string[]; extension?: { valueUrl?: string }[] }[];
  binding?: { strength: string; valueSet?: string };
}

const types: Record<string, Record<string, string>> = {};
const sets: Record<string, string[]> = {};
const todo = [...RESOURCES, 'Element'];

const short = (url: string) => url.slice(url.lastIndexOf('/') + 1);
const isPrimitive = (name: string) => /^[a-z]/.test(name) && name !== 'xhtml';

function typeText(at: string, element: ElementDefinition): string {
  if (element.contentReference) return element.contentReference.slice(1);
  return (element.type ?? [])
    .map(({ code, targetProfile, extension }) => {
      if (code.startsWith('http://hl7.org/fhirpath/'))
        return extension?.find(({ valueUrl }) => valueUrl)?.valueUrl ?? 'string';
      if (code === 'BackboneElement' || code === 'Element') return at;
      if (code !== 'Reference' || !targetProfile) return code;
      const targets = targetProfile.map(short);
      return targets.includes('Resource') ? code : `Reference(${targets.join(' ')})`;
    })
    .join(',');
}

function bindingOf({ binding }: ElementDefinition): string {
  if (binding?.strength !== 'required' || !binding.valueSet) return '';
  const name = short(binding.valueSet.split('|')[0]!);
  if (!BY_FORM.has(name)) sets[name] ??= codesOf(binding.valueSet.split('|')[0]!);
  return name;
}

const files = new Map<string, string>();
for (const name of readdirSync(folder)) {
  if (!/^(ValueSet|CodeSystem)-/.test(name)) continue;
  const { url, resourceType } = read(name);
  files.set(`${resourceType} ${url}`, name);
}

interface Concept {
  code: string;
  concept?: Concept[];
}
const flat = (concepts: Concept[] = []): string[] => concepts.flatMap((c) => [c.code, ...flat(c.concept)]);

function codesOf(url: string): string[] {
  const { compose } = read(files.get(`ValueSet ${url}`) ?? fail(`no value set ${url}`));
  const out = new Set<string>();
  const each = (
    parts: { system?: string; concept?: Concept[]; filter?: unknown[]; valueSet?: string[] }[] = [],
  ) =>
    parts.flatMap(({ system, concept, filter, valueSet }) => {
      if (filter) return fail(`${url} filters`);
      if (valueSet) return valueSet.flatMap(codesOf);
      if (concept) return concept.map(({ code }) => code);
      return flat(read(files.get(`CodeSystem ${system}`) ?? fail(`no code system ${system}`)).concept);
    });
  for (const code of each(compose.include)) out.add(code);
  for (const code of each(compose.exclude)) out.delete(code);
  return [...out].sort();
}

function fail(reason: string): never {
  throw new Error(reason);
}

while (todo.length > 0) {
  const name = todo.pop()!;
  if (types[name]) continue;
  const { snapshot } = read(`StructureDefinition-${name}.json`);
  types[name] = {};
  for (const element of snapshot.element as ElementDefinition[]) {
    if (!element.path.includes('.')) continue;
    const cut = element.path.lastIndexOf('.');
    const [owner, field] = [element.path.slice(0, cut), element.path.slice(cut + 1)];
    const type = typeText(element.path, element);
    types[owner] ??= {};
    types[owner][field] = [element.min, element.max, type, bindingOf(element)].join('|').replace(/\|$/, '');
    for (const one of type.split(',')) {
      const bare = one.replace(/\(.*/, '');
      if (bare && !isPrimitive(bare) && !bare.includes('.') && bare !== 'xhtml' && bare !== 'Resource')
        todo.push(bare);
    }
  }
}

const known = readdirSync(folder).flatMap((name) => {
  if (!name.startsWith('StructureDefinition-')) return [];
  const { kind, type, derivation, abstract } = read(name);
  return kind === 'resource' && derivation === 'specialization' && !abstract ? [type as string] : [];
});

const sorted = <T>(record: Record<string, T>) =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
const text = `// Written by tools/generate-fhir.ts from the definitions of FHIR R4 (4.0.1), CC0. Do not edit.
// Fields of a type: least|most|types|value set of a required binding. Types named with a dot are parts of another.
export const TYPES: Readonly<Record<string, Readonly<Record<string, string>>>> = ${JSON.stringify(sorted(types))};
export const CODES: Readonly<Record<string, string>> = ${JSON.stringify(
  sorted(Object.fromEntries(Object.entries(sets).map(([name, codes]) => [name, codes.join(' ')]))),
)};
export const RESOURCE_TYPES = ${JSON.stringify([...new Set(known)].sort().join(' '))};
`;
writeFileSync(new URL('../core/fhir/generated/definitions.ts', import.meta.url), text);
process.stdout.write(
  `${Object.keys(types).length} types, ${Object.keys(sets).length} value sets, ${text.length} bytes\n`,
);
