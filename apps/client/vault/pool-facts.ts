/** What the questions of a study are answered from; it is read on the device and goes nowhere. */
import { fromUtf8, strictJson } from '@zhenmei/kernel';
import { readFhir } from '@zhenmei/vault/core/import/fhir-records.ts';
import type { PoolFacts } from '@zhenmei/vault/core/pool/questions.ts';
import { readRecord, summariseRecord } from '@zhenmei/vault/core/record.ts';
import { areasOfZone } from '@zhenmei/vault/core/timeline/areas.ts';
import { entriesOfFhir } from '@zhenmei/vault/core/timeline/timeline.ts';
import { readAllergies } from './health.ts';
import type { Vault } from './vault.ts';

/** Throws VAULT_DAMAGED. */
export async function poolFacts(vault: Vault): Promise<PoolFacts> {
  const { items } = vault.contents;
  const kept = await Promise.all(
    items
      .filter(({ kind }) => kind === 'record')
      .map(async (item) => {
        const { at, amounts } = summariseRecord(readRecord(strictJson(fromUtf8(await vault.read(item)))));
        const areas = [...new Set(amounts.flatMap(({ zone }) => areasOfZone(zone)))];
        return { at: Date.parse(at), areas, units: [...new Set(amounts.map(({ unit }) => unit))] };
      }),
  );
  const files = await Promise.all(
    items
      .filter(({ kind }) => kind === 'fhir')
      .map(async (item) => entriesOfFhir(item, readFhir(await vault.read(item)).understood)),
  );
  // what has no date cannot count for a year
  const dated = files.flat().flatMap((entry) => {
    const at = Date.parse(entry.at ?? '');
    return Number.isNaN(at) ? [] : [{ ...entry, at }];
  });
  const imported = dated
    .filter(({ kind }) => kind === 'treatment')
    .map(({ at, areas }) => ({ at, areas, units: [] }));
  return {
    treatments: [...kept, ...imported],
    events: dated.filter(({ kind }) => kind === 'event').map(({ at }) => at),
    allergies: await readAllergies(vault),
  };
}
