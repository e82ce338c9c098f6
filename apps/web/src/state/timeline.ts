/** The timeline of an open vault: items by what is known of them, and what the FHIR files among them say. */
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { fromUtf8, strictJson } from '@zhenmei/kernel';
import { readFhir } from '@zhenmei/vault/core/import/fhir-records.ts';
import { readRecord, summariseRecord } from '@zhenmei/vault/core/record.ts';
import { areasOfZone } from '@zhenmei/vault/core/timeline/areas.ts';
import { type Entry, entriesOfFhir, entryOfItem } from '@zhenmei/vault/core/timeline/timeline.ts';

/** Throws VAULT_DAMAGED. */
export async function timelineOf(vault: Vault): Promise<readonly Entry[]> {
  const entries = await Promise.all(
    vault.contents.items.map(async (item): Promise<readonly Entry[]> => {
      if (item.kind === 'fhir') return entriesOfFhir(item, readFhir(await vault.read(item)).understood);
      const entry = entryOfItem(item);
      if (!entry) return [];
      if (item.kind !== 'record') return [entry];
      const { amounts, product, doctor } = summariseRecord(
        readRecord(strictJson(fromUtf8(await vault.read(item)))),
      );
      const areas = [...new Set(amounts.flatMap(({ zone }) => areasOfZone(zone)))];
      return [{ ...entry, areas, text: [product.name, doctor].join(' · ') }];
    }),
  );
  return entries.flat();
}
