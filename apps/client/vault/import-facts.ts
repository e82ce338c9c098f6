/** Facts of an imported FHIR file on their way to the person's own: looked at first, joined only once she says so. */
import { canonicalJson } from '@zhenmei/kernel';
import type { Resource } from '@zhenmei/vault/core/fhir/validate.ts';
import { type HealthFact, HealthFacts, NO_FACTS } from '@zhenmei/vault/core/health/facts.ts';
import { factsFromFhir } from '@zhenmei/vault/core/health/facts-fhir.ts';
import { readFacts } from './health.ts';
import { keepFacts } from './keep-health.ts';
import type { Vault } from './vault.ts';

const MOST = 200;

/** Facts with a code of ours. Who recorded them cannot be checked: what is not the person's own is an import. */
export function factsIn(resources: readonly Resource[], today: string): HealthFacts {
  const told = resources.filter(({ resourceType }) =>
    ['Condition', 'MedicationStatement'].includes(resourceType),
  );
  const facts: HealthFact[] = [];
  for (const resource of told) {
    // one by one: what is not as we read it takes nothing from the others
    const read = oneFact(resource, today);
    if (read) facts.push(read.source === 'self' ? read : { ...read, source: 'import' });
  }
  return HealthFacts.parse({ version: 1, facts: facts.slice(0, MOST) });
}

function oneFact(resource: Resource, today: string): HealthFact | null {
  try {
    return factsFromFhir([resource], today).facts.facts[0] ?? null;
  } catch {
    return null;
  }
}

/** Adds what is not there yet; nothing is lost by that. */
export function withFacts(mine: HealthFacts, theirs: HealthFacts): HealthFacts {
  const known = new Set(mine.facts.map((fact) => canonicalJson(fact)));
  const fresh = theirs.facts.filter((fact) => !known.has(canonicalJson(fact)));
  return HealthFacts.parse({ version: 1, facts: [...mine.facts, ...fresh] });
}

/** @returns how many were new. Throws VAULT_DAMAGED, and what zod throws beyond 200 facts. */
export async function joinFacts(vault: Vault, theirs: HealthFacts, title: string): Promise<number> {
  const mine = (await readFacts(vault)) ?? NO_FACTS;
  const next = withFacts(mine, theirs);
  const added = next.facts.length - mine.facts.length;
  if (added > 0) await keepFacts(vault, next, title);
  return added;
}
