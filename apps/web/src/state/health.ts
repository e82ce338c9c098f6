/** What the person told about her health, for the gate of every visit that is still to come. */
import { tellVisits as tell } from '@zhenmei/client/gate.ts';
import { knownHealth, readAllergies, readFacts } from '@zhenmei/client/vault/health.ts';
import { keepAllergies, keepFacts } from '@zhenmei/client/vault/keep-health.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { toIso } from '@zhenmei/kernel';
import type { AllergyFact, AllergyList } from '@zhenmei/vault/core/allergy-list.ts';
import type { ConditionCode } from '@zhenmei/vault/core/health/conditions.ts';
import { answered, NO_FACTS } from '@zhenmei/vault/core/health/facts.ts';
import { SUBSTANCES, type Substance } from '@zhenmei/vault/core/substances.ts';
import type { Zone } from '@zhenmei/vault/core/zones.ts';
import { t } from '../shell/words.ts';
import { now, useNow } from './apis.ts';
import { io, patientVisit } from './vault.ts';

const today = () => toIso(now()).slice(0, 10);

/** Changes with everything the gate goes by: what was told, and the day, after which an answer may be too old. */
export function useHealthVersion(vault: Vault | null): string {
  const day = toIso(useNow()).slice(0, 10);
  if (!vault) return '';
  return [
    day,
    ...vault.contents.items
      .filter(({ kind }) => kind === 'allergies' || kind === 'health-facts' || kind === 'record')
      .map(({ object, version }) => `${object}/${version}`),
  ].join(' ');
}

export const freshAllergy = (substance: string | null, text: string): AllergyFact => ({
  substance,
  text,
  verification: 'unconfirmed',
  criticality: 'unable-to-assess',
  recordedOn: today(),
});

const nameOf = (code: string) => (code in SUBSTANCES ? SUBSTANCES[code as Substance].zh : code);

export interface Answers {
  /** Ingredients she is allergic to; null if she was not asked. */
  readonly allergies: readonly string[] | null;
  readonly asked: readonly ConditionCode[];
  readonly present: readonly ConditionCode[];
  readonly zones: readonly string[];
}

/** Keeps what was answered, beside what was known before. */
export async function keepAnswers(vault: Vault, answers: Answers): Promise<void> {
  if (answers.allergies) {
    const before = await readAllergies(vault);
    const held = before?.facts ?? [];
    const more = answers.allergies.filter((code) => !held.some(({ substance }) => substance === code));
    const facts = [...held, ...more.map((code) => freshAllergy(code, nameOf(code)))];
    await keepAllergies(vault, { answered: true, facts }, t('keep.allergies.list'));
  }
  if (answers.asked.length > 0) {
    const before = (await readFacts(vault)) ?? NO_FACTS;
    const { asked, present, zones } = answers;
    await keepFacts(vault, answered(before, asked, present, zones as Zone[], today()), t('health.list'));
  }
}

export async function saveAllergies(vault: Vault, list: AllergyList): Promise<void> {
  await keepAllergies(vault, list, t('keep.allergies.list'));
  await tellVisits(vault);
}

/** Tells every visit of the vault what is known now. Throws once all were tried. @returns how many it stops or asks */
export async function tellVisits(vault: Vault): Promise<number> {
  const visits = vault.visits.flatMap(({ id }) => patientVisit(id) ?? []);
  return tell(io, visits, await knownHealth(vault));
}
