/** What a vault holds about allergies and about what speaks against a treatment, as the gate reads it. */
import { fromUtf8, strictJson } from '@zhenmei/kernel';
import { AllergyList } from '@zhenmei/vault/core/allergy-list.ts';
import type { Item } from '@zhenmei/vault/core/contents.ts';
import { type HealthFact, HealthFacts, NO_FACTS } from '@zhenmei/vault/core/health/facts.ts';
import type { KnownHealth } from '@zhenmei/vault/core/health/gate.ts';
import { readRecord, summariseRecord } from '@zhenmei/vault/core/record.ts';
import { ZONES, type Zone } from '@zhenmei/vault/core/zones.ts';
import type { Vault } from './vault.ts';

export const itemOf = (vault: Vault, kind: Item['kind']) =>
  vault.contents.items.find((item) => item.kind === kind);

/** Null before anybody asked. Throws VAULT_DAMAGED. */
export async function readAllergies(vault: Vault): Promise<AllergyList | null> {
  const item = itemOf(vault, 'allergies');
  return item ? AllergyList.parse(strictJson(fromUtf8(await vault.read(item)))) : null;
}

/** What was told and kept, without what follows from records. Throws VAULT_DAMAGED. */
export async function readFacts(vault: Vault): Promise<HealthFacts | null> {
  const item = itemOf(vault, 'health-facts');
  return item ? HealthFacts.parse(strictJson(fromUtf8(await vault.read(item)))) : null;
}

/** Everything the gate may go by. @param without names of files that are left out. Throws VAULT_DAMAGED. */
export async function knownHealth(
  vault: Vault,
  without: ReadonlySet<string> = new Set(),
): Promise<KnownHealth> {
  const [allergies, facts, injected] = await Promise.all([
    readAllergies(vault),
    readFacts(vault),
    injectedBefore(vault, without),
  ]);
  const all = [...(facts ?? NO_FACTS).facts, ...injected];
  return { allergies, facts: facts || injected.length > 0 ? { version: 1, facts: all.slice(0, 200) } : null };
}

/** Gels and stimulators are measured in volume or weight; each kept record of one is earlier filler in its places. */
async function injectedBefore(vault: Vault, without: ReadonlySet<string>): Promise<HealthFact[]> {
  const records = vault.contents.items.filter(
    ({ kind, object }) => kind === 'record' && !without.has(object),
  );
  const read = await Promise.all(
    records.map(async (item) => summariseRecord(readRecord(strictJson(fromUtf8(await vault.read(item)))))),
  );
  return read.flatMap(({ at, doctor, amounts }): HealthFact[] => {
    const zones = amounts.flatMap(({ zone, unit }) =>
      ['uL', 'mL', 'mg'].includes(unit) && Object.hasOwn(ZONES, zone) ? [zone as Zone] : [],
    );
    if (zones.length === 0) return [];
    const fact = { condition: 'previous-filler', present: true, zones, source: 'record' } as const;
    return [{ ...fact, ...(doctor ? { sourceName: doctor } : {}), recordedOn: at.slice(0, 10) }];
  });
}
