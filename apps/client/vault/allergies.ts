/** The one allergy list of a vault: what joins it is added, nothing of it is ever lost by that. */
import { canonicalJson, fromUtf8, strictJson, toIso, utf8 } from '@zhenmei/kernel';
import { AllergyList } from '@zhenmei/vault/core/allergy-list.ts';
import type { Keep } from './proofs.ts';
import type { Vault } from './vault.ts';

const keyOf = ({ substance, text }: AllergyList['facts'][number]): string => substance ?? text.toLowerCase();

/** Both lists as one: of two facts about the same substance the one that is not refuted stays, else the first. */
export function joined(mine: AllergyList, theirs: AllergyList): AllergyList {
  const facts = [...mine.facts];
  for (const fact of theirs.facts) {
    const at = facts.findIndex((one) => keyOf(one) === keyOf(fact));
    if (at < 0) facts.push(fact);
    else if (facts[at]!.verification === 'refuted' && fact.verification !== 'refuted') facts[at] = fact;
  }
  return AllergyList.parse({ answered: mine.answered || theirs.answered, facts });
}

/** @returns how many facts were new. Throws VAULT_DAMAGED, and what zod throws beyond 200 facts. */
export async function mergeAllergies(
  vault: Vault,
  theirs: AllergyList,
  keep: Keep,
  title = '',
): Promise<number> {
  const item = vault.contents.items.find(({ kind }) => kind === 'allergies');
  const mine = item
    ? AllergyList.parse(strictJson(fromUtf8(await vault.read(item))))
    : { answered: false, facts: [] };
  const next = joined(mine, theirs);
  if (canonicalJson(next) === canonicalJson(mine)) return 0;
  const facts = {
    compartment: 'allergies',
    kind: 'allergies',
    title: item?.title ?? title,
    at: toIso(vault.io.now()),
    mime: 'application/json',
  } as const;
  await keep(facts, utf8(canonicalJson(next)), item);
  return next.facts.length - mine.facts.length;
}
