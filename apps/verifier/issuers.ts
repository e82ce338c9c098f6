/** The trust file's issuers as the certificate verifier reads them, and what the chain says of them. */
import { issuerEntrySlot, readIssuerEntry } from '@zhenmei/contracts/deploy/slots.ts';
import type { TrustFile, TrustPeriod } from '@zhenmei/evidence/core/trust-file.ts';
import { jwkThumbprint } from '@zhenmei/evidence/core/trust-file.ts';
import { parseJwk } from '@zhenmei/identity/core/jwk.ts';
import { typeSubject } from '@zhenmei/identity/core/trust.ts';
import {
  type CredentialResult,
  type IssuerTrust,
  verifyCredential,
} from '@zhenmei/identity/core/verify-credential.ts';
import {
  AppError,
  fromBase64Url,
  fromIso,
  type Hex,
  keccak256,
  toHex0x,
  toSeconds,
  utf8,
} from '@zhenmei/kernel';
import type { ProvenState } from './chain.ts';
import { CannotJudge } from './result.ts';

/** Throws SDJWT_KEY if a key is not on its curve. */
export function trustedIssuers(trust: Pick<TrustFile, 'issuers'>): IssuerTrust[] {
  return trust.issuers.map(({ id, keys, types, period, withdrawn }) => ({
    id,
    keys: keys.flatMap((key) => {
      const [jwk, own] = 'jwk' in key ? [key.jwk, key.period] : [key, period];
      if (jwk.kty !== 'EC') return [];
      const gone = withdrawn.find(({ thumbprint }) => thumbprint === jwkThumbprint(jwk));
      return [
        { jwk: parseJwk(jwk), ...seconds(own), withdrawnAt: gone ? toSeconds(fromIso(gone.at)) : null },
      ];
    }),
    types: types.map((type) =>
      typeof type === 'string'
        ? { vct: type, ...seconds(period) }
        : {
            vct: type.vct,
            ...seconds(type.period),
            ...(type.scope === undefined ? {} : { scope: type.scope }),
          },
    ),
  }));
}

function seconds({ from, until }: TrustPeriod) {
  return { from: toSeconds(fromIso(from)), until: until === null ? null : toSeconds(fromIso(until)) };
}

export interface Held {
  readonly result: CredentialResult;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Throws the certificate's own code, or CannotJudge with it. */
export async function mustHold(
  token: string,
  options: Parameters<typeof verifyCredential>[1],
): Promise<Held> {
  const result = await verifyCredential(token, options);
  if (result.verdict === 'cannot-judge') throw new CannotJudge(result.code);
  if (result.verdict === 'false' || !result.claims)
    throw new AppError(result.code, {
      reason: '',
      name: '',
      type: result.type ?? '',
      issuer: result.issuer ?? '',
    });
  return { result, claims: result.claims };
}

/**
 * The issuer was entered on chain for this type, everywhere or for this region, and with this key when it issued.
 * Throws CHAIN_STATE_DIFFERS.
 */
export function mustBeRegistered(state: ProvenState, { result, claims }: Held): void {
  const issuer = toHex0x(keccak256(utf8(String(result.issuer))));
  const issued = Number(claims.iat);
  const inForce = (subject: Hex): boolean => {
    const word = state.find('IssuerRegistry', issuerEntrySlot(issuer, subject));
    if (word === undefined) return false;
    const entry = readIssuerEntry(word);
    return (
      entry.validFrom !== 0 &&
      issued >= entry.validFrom &&
      (entry.validTo === 0 || issued < entry.validTo) &&
      (entry.withdrawnAt === 0 || issued < entry.withdrawnAt)
    );
  };
  const region = typeof claims.region === 'string' ? claims.region : undefined;
  const country = region?.split('-')[0];
  const types = [undefined, region, country].map((scope) =>
    toHex0x(keccak256(utf8(typeSubject(String(result.type), scope)))),
  );
  const key = toHex0x(fromBase64Url(String(result.issuerKey)));
  if (!types.some(inForce) || !inForce(key))
    throw new AppError('CHAIN_STATE_DIFFERS', { what: 'IssuerRegistry' });
}
