/** Erasing, restricting and putting right, on the patient's device. */
import { newId, toIso } from '@zhenmei/kernel';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { type Item, withItem } from '@zhenmei/vault/core/contents.ts';
import { ownerStatement, signAsOwner } from '@zhenmei/vault/core/owner.ts';
import { isOnCard, pauseEmergencyCard, renewEmergencySheet } from './emergency.ts';
import { openAccessLog, shareNewItem } from './granting.ts';
import type { Vault } from './vault.ts';

const AT_ONCE = 1_000;

/**
 * Destroys keys and ciphertext of these items.
 * @param whole whether they are all of a compartment
 * @returns the certificate of each thousand. Throws ERASURE_REGION, ERASURE_NOTHING.
 */
export async function eraseItems(
  vault: Vault,
  items: readonly Item[],
  { region, whole }: { readonly region: string; readonly whole: boolean },
): Promise<string[]> {
  const { io } = vault;
  await openAccessLog(vault);
  // first of all: whatever stops half-way leaves a card that shows nothing rather than what should be gone
  if (items.some(isOnCard)) await pauseEmergencyCard(vault);
  const certificates: string[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    const objects = items.slice(at, at + AT_ONCE).map(({ object }) => object);
    const asked = { id: newId(io.now(), io.random(10)), region, objects, whole };
    const signature = signAsOwner(vault.root, ownerStatement.erase(asked));
    const { certificate } = await io.api.call(vaultApi.eraseObjects, { body: { ...asked, signature } });
    certificates.push(certificate);
    // the wrapped key goes from the table of contents too
    await vault.update((contents) => ({
      ...contents,
      items: contents.items.filter(({ object }) => !objects.includes(object)),
    }));
  }
  // a card must not go on showing what is destroyed
  if (items.some(isOnCard)) await renewEmergencySheet(vault);
  return certificates;
}

export interface Waiting {
  readonly id: string;
  /** With it the certificate can be read when there is no account left. */
  readonly token: string;
  readonly dueAt: string;
}

/** Begins the waiting period. Throws ERASURE_WAITING, ERASURE_REGION. */
export async function eraseEverything(vault: Vault, region: string): Promise<Waiting> {
  const asked = { id: newId(vault.io.now(), vault.io.random(10)), region };
  const signature = signAsOwner(vault.root, ownerStatement.eraseAll(asked));
  const begun = await vault.io.api.call(vaultApi.eraseEverything, { body: { ...asked, signature } });
  return { id: asked.id, ...begun };
}

/**
 * Nobody opens it until that is lifted. An emergency card that shows it is paused before, and renewed afterwards as far
 * as that is allowed.
 */
export async function restrictItem(vault: Vault, item: Item, restricted: boolean): Promise<void> {
  await openAccessLog(vault);
  const onCard = isOnCard(item);
  if (restricted && onCard) await pauseEmergencyCard(vault);
  const params = { name: item.object };
  await vault.io.api.call(vaultApi.restrictObject, { params, body: { restricted } });
  if (onCard) await renewEmergencySheet(vault);
}

/** Puts right what an item is called and when it happened; what it said before stays with it. */
export async function rectifyItem(
  vault: Vault,
  item: Item,
  { title, at }: { readonly title: string; readonly at: string },
): Promise<void> {
  const before = { at: toIso(vault.io.now()), title: item.title, was: item.at };
  const next: Item = { ...item, title, at, corrected: [...(item.corrected ?? []), before] };
  await vault.update((contents) => withItem(contents, next));
  await shareNewItem(vault, next);
}
