/**
 * The emergency card: a secret on paper or on a screen, from which alone nothing opens. What it opens, allergies and
 * facts against a treatment, is encrypted under a key of two halves: the card's, and the gatekeeper's part, which
 * leaves only after the opening is committed to the patient's log. The server knows the card by a derived name.
 */
import {
  AppError,
  canonicalJson,
  concat,
  derive,
  fromBase64Url,
  fromUtf8,
  sha256,
  strictJson,
  toBase64Url,
  utf8,
} from '@zhenmei/kernel';
import { z } from 'zod';
import { AllergyList } from '../allergy-list.ts';
import { gatekeeperPart } from '../grants/release.ts';
import { HealthFacts } from '../health/facts.ts';
import type { RandomBytes } from '../keyset.ts';
import { RECOVERY_RANDOM, readRecoveryCode, recoveryCode } from '../recovery-code.ts';
import { openBox, sealBox } from '../secret-box.ts';
import './errors.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export const EmergencySheet = z
  .strictObject({
    version: z.literal(1),
    updatedAt: z.iso.datetime(),
    /** Null where nobody ever asked. */
    allergies: AllergyList.nullable(),
    facts: HealthFacts.nullable(),
  })
  .meta({ phi: true });
export type EmergencySheet = z.infer<typeof EmergencySheet>;

/** What a card's secret leads to. */
export interface CardKeys {
  /** How the server knows the card. */
  readonly name: string;
  /** Shown by whoever has the card in hand; the server keeps its hash. */
  readonly proof: string;
  readonly half: Bytes;
}

/** @returns e.g. `7K3M-…`: 130 random bits and two check symbols, to be printed or shown as a QR code */
export const cardCode = (random: RandomBytes): string => recoveryCode(random(RECOVERY_RANDOM));

/** Forgives case, spaces, look-alikes and the address in front of the code. Throws EMERGENCY_CODE_WRONG. */
export function readCard(text: string): CardKeys {
  let secret: Bytes;
  try {
    secret = readRecoveryCode(text.slice(text.lastIndexOf('#') + 1));
  } catch (cause) {
    throw new AppError('EMERGENCY_CODE_WRONG', {}, { cause });
  }
  return {
    name: toBase64Url(derive(secret, 'zhenmei/emergency/name/v1', 24)),
    proof: toBase64Url(derive(secret, 'zhenmei/emergency/proof/v1')),
    half: derive(secret, 'zhenmei/emergency/half/v1'),
  };
}

/** What the server keeps of the proof. */
export const proofHash = (proof: string): Bytes => sha256(fromBase64Url(proof));

const keyOf = ({ name, half }: Pick<CardKeys, 'name' | 'half'>, part: Bytes): Bytes =>
  derive(concat(half, part), `zhenmei/emergency/key/v1/${name}`);
const purposeOf = (name: string, of: number) => canonicalJson({ use: 'emergency', card: name, of });

/** On the patient's device. @param share the gatekeeper's half, 32 bytes @param of number of the sheet, from 1 */
export async function sealSheet(
  card: Pick<CardKeys, 'name' | 'half'>,
  share: Bytes,
  of: number,
  sheet: EmergencySheet,
  random: RandomBytes,
): Promise<string> {
  const key = keyOf(card, gatekeeperPart(share, card.name, of));
  return toBase64Url(await sealBox(key, random(12), utf8(canonicalJson(sheet)), purposeOf(card.name, of)));
}

/** On the doctor's device, with the part that was released. Throws VAULT_DAMAGED. */
export async function openSheet(
  card: Pick<CardKeys, 'name' | 'half'>,
  part: Bytes,
  of: number,
  sealed: string,
): Promise<EmergencySheet> {
  const text = await openBox(keyOf(card, part), fromBase64Url(sealed), purposeOf(card.name, of));
  const parsed = EmergencySheet.safeParse(strictJson(fromUtf8(text)));
  if (!parsed.success) throw new AppError('VAULT_DAMAGED', {}, { cause: parsed.error });
  return parsed.data;
}

export const EMERGENCY_AUDIENCE = 'zhenmei:emergency';
/** Reasons of the access log that an emergency has. */
export const EMERGENCY_REASONS = ['unconscious', 'acute-reaction', 'urgent-procedure'] as const;
export type EmergencyReason = (typeof EMERGENCY_REASONS)[number];

/** Nonce of the licence's presentation: it is shown for this opening of this card, and for no other. */
export function emergencyNonce(request: string, card: string, reason: string): string {
  return toBase64Url(sha256(utf8(canonicalJson({ use: 'zhenmei/emergency/1', request, card, reason }))));
}
