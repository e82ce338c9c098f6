/** Signing keys of the issuers that let the house keep them, and the marks of owners: both from one secret. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import type { IdentityContext } from '@zhenmei/identity';
import { jwkPoint, keyName, type PublicJwk, pointJwk } from '@zhenmei/identity/core/jwk.ts';
import type { Es256Signer } from '@zhenmei/identity/core/jws.ts';
import { derive, toBase64Url } from '@zhenmei/kernel';

export function signingKeys(seed: Uint8Array): IdentityContext['signing'] {
  const known = new Map<string, { jwk: PublicJwk; keyId: string; sign: Es256Signer }>();
  return {
    key(issuerId) {
      let key = known.get(issuerId);
      if (!key) {
        const secret = derive(seed, `zhenmei/issuer/${issuerId}`);
        const jwk = pointJwk(p256.getPublicKey(secret, false));
        const sign: Es256Signer = async (message) => p256.sign(message, secret, { prehash: true });
        key = { jwk, keyId: keyName(jwk), sign };
        known.set(issuerId, key);
      }
      return key;
    },
    agreement(requestId) {
      const secret = derive(seed, `zhenmei/answers/${requestId}`);
      return {
        jwk: pointJwk(p256.getPublicKey(secret, false)),
        // the x of the shared point, behind the byte that says its form
        agree: async (other) => p256.getSharedSecret(secret, jwkPoint(other)).subarray(1),
      };
    },
    did(organisationId, version) {
      const secret = derive(seed, `zhenmei/did/${organisationId}/${version}`);
      return { publicKey: ed25519.getPublicKey(secret), sign: (message) => ed25519.sign(message, secret) };
    },
  };
}

export function ownerMarks(seed: Uint8Array): IdentityContext['owners'] {
  const key = derive(seed, 'zhenmei/owners');
  return { mark: (number) => toBase64Url(derive(key, number)) };
}
