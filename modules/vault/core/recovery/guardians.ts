/**
 * Guardians: people of whom some together, after a waiting period, let a person back in. The unlock secret needs two
 * halves: what the guardians' shares give, and what the server keeps until the period is over and nobody cancelled.
 * Guardians who agree among themselves have nothing without the server; the server has nothing without them.
 */
import {
  AppError,
  canonicalJson,
  concat,
  derive,
  fromBase64Url,
  fromUtf8,
  HOUR,
  sha256,
  strictJson,
  toBase64Url,
  utf8,
} from '@zhenmei/kernel';
import { z } from 'zod';
import '../device-errors.ts';
import { readShortCode, shortCode } from '../devices/code.ts';
import type { RandomBytes, Unlock } from '../keyset.ts';
import { openSealed, SEAL_RANDOM, type SealKeys, sealKeys, sealTo } from '../seal.ts';
import { combineShares, splitSecret } from './shamir.ts';

export const GUARDIANS = { least: 3, most: 8 } as const;
/** Waiting period in hours. */
export const WAITING = { least: 48, most: 72 } as const;

/** The keys with which a vault's owner is guardian for others. */
export function guardianKeys(root: Uint8Array): SealKeys {
  return sealKeys(derive(root, 'zhenmei/guardian/v1'));
}

/** 80 bits of the key's hash: names the key at the server, and shows that the server gave this key and no other. */
export function guardianCode(publicKey: string): string {
  return shortCode(sha256(concat(utf8('zhenmei/guardian/code/v1\n'), fromBase64Url(publicKey))), 16);
}

/** Throws GUARDIAN_UNKNOWN if the key is not the one that the code names. */
export function assertGuardian(code: string, publicKey: string): void {
  if (guardianCode(publicKey) !== readShortCode(code)) throw new AppError('GUARDIAN_UNKNOWN');
}

export interface Guardian {
  readonly code: string;
  readonly publicKey: string;
}

export interface GuardianSetup {
  /** Public name of the arrangement, by which a recovery is asked for. */
  readonly recovery: string;
  readonly need: number;
  readonly hours: number;
  /** The server's half. */
  readonly serverShare: string;
  readonly shares: readonly { readonly code: string; readonly sealed: string }[];
}

const Share = z.strictObject({
  version: z.literal(1),
  recovery: z.string(),
  need: z.int(),
  /** How the person who asks wants to be called; only the guardian reads it. */
  ward: z.string().max(60),
  share: z.string().max(60),
});

const sharePurpose = (recovery: string, code: string) =>
  canonicalJson({ version: 1, use: 'guardian-share', recovery, code });
const approvalPurpose = (recovery: string, request: string) =>
  canonicalJson({ version: 1, use: 'guardian-approval', recovery, request });

const unlockOf = (recovery: string, guardians: Uint8Array, server: Uint8Array): Unlock => ({
  kind: 'guardians',
  id: recovery,
  secret: derive(concat(guardians, server), `zhenmei/guardian/unlock/v1/${recovery}`),
});

/**
 * Chooses guardians. The unlock goes into the keyset, the setup to the server.
 * Throws GUARDIANS_COUNT, GUARDIAN_TWICE, GUARDIAN_UNKNOWN.
 */
export async function chooseGuardians(
  guardians: readonly Guardian[],
  need: number,
  hours: number,
  ward: string,
  random: RandomBytes,
): Promise<{ setup: GuardianSetup; unlock: Unlock }> {
  const { least, most } = GUARDIANS;
  if (guardians.length < least || guardians.length > most || need < 2 || need > guardians.length)
    throw new AppError('GUARDIANS_COUNT');
  if (hours < WAITING.least || hours > WAITING.most) throw new AppError('GUARDIANS_COUNT');
  if (new Set(guardians.map(({ publicKey }) => publicKey)).size !== guardians.length)
    throw new AppError('GUARDIAN_TWICE');
  for (const { code, publicKey } of guardians) assertGuardian(code, publicKey);
  const recovery = shortCode(random(10), 16);
  const [secret, server] = [random(32), random(32)];
  const parts = splitSecret(secret, need, guardians.length, random);
  const shares = await Promise.all(
    guardians.map(async ({ publicKey }, i) => {
      const code = guardianCode(publicKey);
      const text = canonicalJson({ version: 1, recovery, need, ward, share: toBase64Url(parts[i]!) });
      const sealed = await sealTo(publicKey, utf8(text), sharePurpose(recovery, code), random(SEAL_RANDOM));
      return { code, sealed };
    }),
  );
  const setup = { recovery, need, hours, serverShare: toBase64Url(server), shares };
  return { setup, unlock: unlockOf(recovery, secret, server) };
}

/** For the guardian: what was entrusted. Throws VAULT_DAMAGED. */
export async function openShare(
  keys: SealKeys,
  recovery: string,
  sealed: string,
): Promise<{ ward: string; need: number; share: string }> {
  const purpose = sharePurpose(recovery, guardianCode(keys.publicKey));
  const text = await openSealed(keys.secretKey, sealed, purpose);
  const parsed = Share.safeParse(strictJson(fromUtf8(text)));
  if (!parsed.success || parsed.data.recovery !== recovery) throw new AppError('VAULT_DAMAGED');
  return parsed.data;
}

/** 60 bits that the person who lost everything reads to a guardian: this very device asks. */
export function requestCode(recovery: string, publicKey: string): string {
  const text = concat(utf8(`zhenmei/recovery/request/v1\n${recovery}\n`), fromBase64Url(publicKey));
  return shortCode(sha256(text), 12);
}

/** Throws PAIRING_NOT_SAME if the code read to the guardian is not that of the device that asks. */
export async function approve(
  keys: SealKeys,
  recovery: string,
  sealed: string,
  request: { readonly id: string; readonly publicKey: string; readonly code: string },
  random: RandomBytes,
): Promise<string> {
  if (requestCode(recovery, request.publicKey) !== readShortCode(request.code))
    throw new AppError('PAIRING_NOT_SAME');
  const { share } = await openShare(keys, recovery, sealed);
  const purpose = approvalPurpose(recovery, request.id);
  return sealTo(request.publicKey, fromBase64Url(share), purpose, random(SEAL_RANDOM));
}

/** On the new device, once enough agreed and the server gave its half. Throws VAULT_DAMAGED, SHARES_WRONG. */
export async function combineApprovals(
  keys: SealKeys,
  recovery: string,
  request: string,
  approvals: readonly string[],
  serverShare: string,
): Promise<Unlock> {
  const purpose = approvalPurpose(recovery, request);
  const shares = await Promise.all(approvals.map((sealed) => openSealed(keys.secretKey, sealed, purpose)));
  return unlockOf(recovery, combineShares(shares), fromBase64Url(serverShare));
}

export const waitingMs = (hours: number): number => hours * HOUR;
