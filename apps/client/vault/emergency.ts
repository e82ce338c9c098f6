/** The emergency card on the patient's device, and its opening on a doctor's. */
import { presentSdJwt } from '@zhenmei/identity/core/sd-jwt.ts';
import { AppError, fromBase64Url, toBase64Url, toIso, toSeconds } from '@zhenmei/kernel';
import { vaultApi } from '@zhenmei/vault/api.ts';
import type { Item } from '@zhenmei/vault/core/contents.ts';
import {
  cardCode,
  EMERGENCY_AUDIENCE,
  type EmergencyReason,
  type EmergencySheet,
  emergencyNonce,
  openSheet,
  proofHash,
  readCard,
  sealSheet,
} from '@zhenmei/vault/core/emergency/card.ts';
import { ApiError } from '../api.ts';
import type { Clinic } from '../clinic.ts';
import { openAccessLog } from './granting.ts';
import { knownHealth } from './health.ts';
import type { Vault } from './vault.ts';

const TRIES = 4;

const TOLD: readonly Item['kind'][] = ['allergies', 'health-facts'];

/** Whether a card shows what is in this file, or what follows from it. */
export const isOnCard = ({ kind }: Pick<Item, 'kind'>): boolean => TOLD.includes(kind) || kind === 'record';

/** Null while the person has restricted what she told of her health: a card with gaps would look like "nothing known". */
async function sheetOf(vault: Vault): Promise<EmergencySheet | null> {
  const hidden = new Set((await vault.io.api.call(vaultApi.listRestricted)).objects);
  const told = vault.contents.items.filter(({ kind }) => TOLD.includes(kind));
  if (told.some(({ object }) => hidden.has(object))) return null;
  return { version: 1, updatedAt: toIso(vault.io.now()), ...(await knownHealth(vault, hidden)) };
}

/** A new card; the one before is dead at once. @returns its code. Throws EMERGENCY_RESTRICTED. */
export async function switchOnEmergency(vault: Vault, guardians: boolean): Promise<string> {
  const { io } = vault;
  const code = cardCode(io.random);
  const card = readCard(code);
  const share = io.random(32);
  await openAccessLog(vault);
  const shown = await sheetOf(vault);
  if (!shown) throw new AppError('EMERGENCY_RESTRICTED');
  const sheet = await sealSheet(card, share, 1, shown, io.random);
  // known to the vault first: a card that is on and that nobody can show would be of no use
  await vault.update((contents) => ({ ...contents, emergency: { code, share: toBase64Url(share) } }));
  await io.api.call(vaultApi.switchOnEmergencyCard, {
    body: {
      name: card.name,
      proofHash: toBase64Url(proofHash(card.proof)),
      share: toBase64Url(share),
      sheet,
      guardians,
    },
  });
  return code;
}

export async function switchOffEmergency(vault: Vault): Promise<void> {
  await vault.io.api.call(vaultApi.switchOffEmergencyCard);
  await vault.update((contents) => ({ ...contents, emergency: null }));
}

/** At once: whoever holds the card reads nothing. Nothing while no card is on. */
export async function pauseEmergencyCard(vault: Vault): Promise<void> {
  if (vault.contents.emergency) await vault.io.api.call(vaultApi.pauseEmergencyCard);
}

/** After a change of what it shows: a new sheet, or none while it may not be shown. Nothing while no card is on. */
export async function renewEmergencySheet(vault: Vault): Promise<void> {
  for (let tries = TRIES; vault.contents.emergency; tries--) {
    const { code, share } = vault.contents.emergency;
    const card = readCard(code);
    const { card: held } = await vault.io.api.call(vaultApi.readEmergencyCard);
    if (held?.name !== card.name) return;
    const of = held.of + 1;
    const shown = await sheetOf(vault);
    if (!shown?.allergies && !shown?.facts) return pauseEmergencyCard(vault);
    const sheet = await sealSheet(card, fromBase64Url(share), of, shown, vault.io.random);
    try {
      await vault.io.api.call(vaultApi.renewEmergencySheet, { body: { name: card.name, of, sheet } });
      return;
    } catch (error) {
      const code = error instanceof ApiError ? error.code : null;
      // switched off meanwhile; or another device was faster, perhaps with less than this one knows
      if (code === 'EMERGENCY_CARD_UNKNOWN') return;
      if (code !== 'EMERGENCY_CARD_CHANGED' || tries <= 1) throw error;
    }
  }
}

/**
 * Opens a card for a doctor whose licence is on this device. It stands in the patient's log, and she is told, before
 * anything is here. @param by `request`: made once for one opening, so that asking again is no second one
 * Throws EMERGENCY_CODE_WRONG, EMERGENCY_LICENCE, EMERGENCY_CARD_*, EMERGENCY_DOCTOR_LIMIT, VAULT_DAMAGED.
 */
export async function openEmergency(
  clinic: Clinic,
  typed: string,
  by: { readonly doctor: string; readonly reason: EmergencyReason; readonly request: string },
): Promise<EmergencySheet> {
  const card = readCard(typed);
  const licence = clinic.doctorLicences[by.doctor];
  if (!licence) throw new AppError('EMERGENCY_LICENCE', { code: 'CREDENTIAL_MISSING' });
  const presentation = await presentSdJwt(
    licence,
    ['practisesAt'],
    {
      audience: EMERGENCY_AUDIENCE,
      nonce: emergencyNonce(by.request, card.name, by.reason),
      at: toSeconds(clinic.now()),
    },
    clinic.desk.device.sign,
  );
  const { part, of, sheet } = await clinic.desk.api.call(vaultApi.openEmergencyCard, {
    body: { request: by.request, card: card.name, proof: card.proof, reason: by.reason, presentation },
  });
  return openSheet(card, fromBase64Url(part), of, sheet);
}
