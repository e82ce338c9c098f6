/** Keeps what a person tells about her health, for whoever may see it already and for her emergency card. */
import { canonicalJson, toIso, utf8 } from '@zhenmei/kernel';
import type { AllergyList } from '@zhenmei/vault/core/allergy-list.ts';
import type { HealthFacts } from '@zhenmei/vault/core/health/facts.ts';
import { renewEmergencySheet } from './emergency.ts';
import { shareNewItem } from './granting.ts';
import { itemOf } from './health.ts';
import type { NewItem, Vault } from './vault.ts';

async function keepJson(vault: Vault, kind: 'allergies' | 'health-facts', title: string, value: object) {
  const facts: NewItem = {
    compartment: 'allergies',
    kind,
    title,
    at: toIso(vault.io.now()),
    mime: 'application/json',
  };
  await shareNewItem(vault, await vault.put(facts, utf8(canonicalJson(value)), itemOf(vault, kind)));
  await renewEmergencySheet(vault);
}

/** @param title what the person reads in the list of her vault */
export const keepAllergies = (vault: Vault, list: AllergyList, title: string): Promise<void> =>
  keepJson(vault, 'allergies', title, list);

export const keepFacts = (vault: Vault, facts: HealthFacts, title: string): Promise<void> =>
  keepJson(vault, 'health-facts', title, facts);
