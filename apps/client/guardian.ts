/** What a guardian's device signs for a child's visit, and what the child's device adds. */
import type { GuardianShown } from '@zhenmei/care/api.ts';
import {
  childStatement,
  GUARDIAN_AUDIENCE,
  type GuardianUse,
  guardianNonce,
} from '@zhenmei/care/core/guardian.ts';
import { guardianApi, type WardVisit } from '@zhenmei/care/guardian-api.ts';
import { presentSdJwt } from '@zhenmei/identity/core/sd-jwt.ts';
import { type Hex, toBase64Url, toSeconds } from '@zhenmei/kernel';
import type { Api } from './api.ts';
import type { WalletKey } from './wallet.ts';

/** A certificate of guardianship with the key that it is bound to. */
export interface GuardianCard {
  readonly certificate: string;
  readonly key: WalletKey;
}

/** How the child's device asks a guardian at the booking. */
export type GuardianAsked = (
  about: { readonly visit: string; readonly service: string; readonly slot: string },
  address: Hex,
) => Promise<GuardianShown>;

/** On the guardian's device: one signature for one use. @param now milliseconds since the epoch */
export function signAsGuardian(
  { certificate, key }: GuardianCard,
  use: GuardianUse | 'view',
  about: Readonly<Record<string, string>>,
  now: number,
): Promise<string> {
  const binding = { audience: GUARDIAN_AUDIENCE, nonce: guardianNonce(use, about), at: toSeconds(now) };
  return presentSdJwt(certificate, ['child'], binding, key.sign);
}

/** On the child's device: the guardian's showing with the child's own word. */
export async function withChild(
  presentation: string,
  { jwk, sign }: WalletKey,
  visit: string,
  address: Hex,
): Promise<GuardianShown> {
  const { kty, crv, x, y } = jwk;
  const childSignature = toBase64Url(await sign(childStatement(visit, address)));
  return { presentation, childKey: { kty, crv, x, y }, childSignature };
}

/** On the guardian's device: the visits of this child. Throws GUARDIAN_NOT_PROVEN, GUARDIAN_ENDED. */
export async function wardVisits(
  api: Api,
  card: GuardianCard,
  child: string,
  now: number,
): Promise<WardVisit[]> {
  const presentation = await signAsGuardian(card, 'view', { child }, now);
  const { visits } = await api.call(guardianApi.wardVisits, { body: { child, presentation } });
  return visits;
}
