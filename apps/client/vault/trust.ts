/** Whom a patient's devices believe: the trust file as they first saw it, until the person confirms another. */
import { parseTrustFile, type TrustFile } from '@zhenmei/evidence/core/trust-file.ts';
import { identityApi } from '@zhenmei/identity/api.ts';
import { jwkPoint } from '@zhenmei/identity/core/jwk.ts';
import { readSdJwt } from '@zhenmei/identity/core/sd-jwt.ts';
import { statusReference } from '@zhenmei/identity/core/status-check.ts';
import { type CredentialResult, verifyCredential } from '@zhenmei/identity/core/verify-credential.ts';
import {
  AppError,
  canonicalJson,
  sha256,
  toBase64Url,
  toHex,
  toHex0x,
  toSeconds,
  utf8,
} from '@zhenmei/kernel';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { GRANTEE_AUDIENCE, type GranteeCard, granteeNonce } from '@zhenmei/vault/core/grants/card.ts';
import { trustedIssuers } from '@zhenmei/verifier/issuers.ts';
import type { VaultIo } from './io.ts';
import type { Vault } from './vault.ts';

const DAY_SECONDS = 86_400;
const PHYSICIAN_LICENCE = 'https://zhenmei.example/credentials/physician-licence';
const FACILITY_LICENCE = 'https://zhenmei.example/credentials/facility-licence';

/** What decides: who issues licences with which keys, and which logs there are. */
function digestOf({ issuers, logs }: TrustFile): string {
  const facts = {
    issuers: issuers.map(({ id, keys, types }) => ({ id, keys, types })),
    logs,
  };
  return toBase64Url(sha256(utf8(canonicalJson(facts))));
}

async function fetchTrust({ api }: VaultIo): Promise<TrustFile> {
  return parseTrustFile(canonicalJson(await api.call(houseApi.readTrust)));
}

/** Remembers it the first time. Throws TRUST_CHANGED if it is another than the remembered one. */
export async function knownTrust(vault: Vault): Promise<TrustFile> {
  const trust = await fetchTrust(vault.io);
  const digest = digestOf(trust);
  if (vault.contents.trust === null) await vault.update((contents) => ({ ...contents, trust: digest }));
  else if (vault.contents.trust !== digest) throw new AppError('TRUST_CHANGED');
  return trust;
}

/** After the person compared it with what is published elsewhere. */
export async function acceptTrust(vault: Vault): Promise<void> {
  const digest = digestOf(await fetchTrust(vault.io));
  await vault.update((contents) => ({ ...contents, trust: digest }));
}

/** A card with what its licence proved. */
export interface ProvenCard extends GranteeCard {
  readonly name: { readonly zh: string; readonly en: string };
  /** Key of the licence's holder: uncompressed point, in hex. */
  readonly holder: string;
}

/** The keys of an organisation whose licence holds now, by issuers that this person believes. Throws GRANTEE_UNKNOWN, GRANTEE_NOT_PROVEN, TRUST_CHANGED. */
export async function provenCards(vault: Vault, organisation: string): Promise<ProvenCard[]> {
  const trust = await knownTrust(vault);
  const { cards } = await vault.io.api.call(vaultApi.granteeCards, { params: { id: organisation } });
  const judged = await Promise.all(cards.map((card) => judge(vault.io, trust, card)));
  const proven: ProvenCard[] = [];
  let code = 'KB_MISSING';
  for (const [i, result] of judged.entries()) {
    const { subject, name } = (result.claims ?? {}) as { subject?: unknown; name?: ProvenCard['name'] };
    const holds = result.verdict === 'proven' && subject === organisation && result.holder && name;
    if (holds) proven.push({ ...cards[i]!, name, holder: toHex0x(jwkPoint(result.holder!)) });
    else code = result.verdict === 'proven' ? 'OTHER_SUBJECT' : result.code;
  }
  if (proven.length === 0) throw new AppError('GRANTEE_NOT_PROVEN', { code });
  return proven;
}

async function judge(io: VaultIo, trust: TrustFile, card: GranteeCard): Promise<CredentialResult> {
  return verifyCredential(card.presentation, {
    at: toSeconds(io.now()),
    issuers: trustedIssuers(trust),
    statusLists: await statusListOf(io, card.presentation),
    type: FACILITY_LICENCE,
    // made when the device registered; the licence itself must hold now
    keyBinding: {
      audience: GRANTEE_AUDIENCE,
      nonce: granteeNonce(card.publicKey),
      window: 400 * DAY_SECONDS,
    },
  });
}

/** Whether a physician's licence was shown for exactly this, by an issuer that this person believes. Throws TRUST_CHANGED. */
export async function judgeDoctor(
  vault: Vault,
  presentation: string,
  binding: { readonly audience: string; readonly nonce: string },
): Promise<{ readonly proven: boolean; readonly code: string; readonly person: unknown }> {
  const trust = await knownTrust(vault);
  const { verdict, code, claims } = await verifyCredential(presentation, {
    at: toSeconds(vault.io.now()),
    issuers: trustedIssuers(trust),
    statusLists: await statusListOf(vault.io, presentation),
    type: PHYSICIAN_LICENCE,
    // shown when the doctor decided; the licence itself must hold now
    keyBinding: { ...binding, window: 400 * DAY_SECONDS },
  });
  return { proven: verdict === 'proven', code, person: claims?.subject ?? null };
}

/** The newest signed status list of the licence's issuer; who signed it is judged with the licence. */
async function statusListOf({ api }: VaultIo, presentation: string): Promise<Record<string, string>> {
  const { claims } = readSdJwt(presentation);
  const reference = statusReference(claims);
  if (!reference) return {};
  const issuer = toHex(sha256(utf8(String(claims.iss)))).slice(0, 16);
  const name = reference.uri.slice(reference.uri.lastIndexOf('/') + 1);
  const list = await api.call(identityApi.readStatusList, { params: { issuer, name } });
  return { [reference.uri]: list };
}
