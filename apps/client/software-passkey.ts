/** An authenticator in software, for seeds, the demo without a browser, and tests. Real WebAuthn bytes throughout. */
import { p256 } from '@noble/curves/nist.js';
import type { Assertion } from '@zhenmei/contracts/deploy/account.ts';
import { pointToCose } from '@zhenmei/identity/core/cose.ts';
import { concat, derive, fromHex, type Hex, sha256, toBase64Url, toHex0x, utf8 } from '@zhenmei/kernel';
import type { Authenticator, Registration } from './authenticator.ts';

/** @param secret 32 bytes: private key, credential id and PRF secret follow from it */
export function softwarePasskey(
  secret: Uint8Array,
  origin: string,
): Authenticator & {
  readonly publicKey: Uint8Array;
  readonly credentialId: string;
  /** The answer to a challenge (base64url), as the browser gives it to the sign-in. */
  answer(challenge: string, rpId: string): object;
} {
  const privateKey = derive(secret, 'zhenmei/software-passkey/key');
  const id = derive(secret, 'zhenmei/software-passkey/id', 16);
  const publicKey = p256.getPublicKey(privateKey, false);
  let counter = 0;

  const authData = (rpId: string, attested: boolean): Uint8Array<ArrayBuffer> => {
    const count = new Uint8Array(4);
    new DataView(count.buffer).setUint32(0, counter);
    const head = concat(sha256(utf8(rpId)), Uint8Array.of(attested ? 0x45 : 0x05), count);
    return attested
      ? concat(head, new Uint8Array(16), Uint8Array.of(0, id.length), id, pointToCose(publicKey))
      : head;
  };
  const clientData = (type: string, challenge: string) =>
    JSON.stringify({ type, challenge, origin, crossOrigin: false });

  /** What an assertion over a challenge is made of. */
  const assertion = (challenge: string, rpId: string) => {
    counter++;
    const authenticatorData = authData(rpId, false);
    const clientDataJSON = clientData('webauthn.get', challenge);
    return {
      authenticatorData,
      clientDataJSON,
      signed: concat(authenticatorData, sha256(utf8(clientDataJSON))),
    };
  };

  return {
    publicKey,
    credentialId: toBase64Url(id),
    async register({ challenge, rpId }): Promise<Registration> {
      const data = authData(rpId, true);
      // CBOR: {"fmt": "none", "attStmt": {}, "authData": bytes}
      const attestation = concat(
        Uint8Array.of(0xa3, 0x63),
        utf8('fmt'),
        Uint8Array.of(0x64),
        utf8('none'),
        Uint8Array.of(0x67),
        utf8('attStmt'),
        Uint8Array.of(0xa0, 0x68),
        utf8('authData'),
        Uint8Array.of(0x58, data.length),
        data,
      );
      return {
        json: {
          id: toBase64Url(id),
          rawId: toBase64Url(id),
          type: 'public-key',
          response: {
            clientDataJSON: toBase64Url(utf8(clientData('webauthn.create', challenge))),
            attestationObject: toBase64Url(attestation),
          },
          clientExtensionResults: {},
        },
        prf: derive(secret, 'zhenmei/software-passkey/prf'),
      };
    },
    async sign(hash: Hex, rpId: string): Promise<Assertion> {
      const { authenticatorData, clientDataJSON, signed } = assertion(toBase64Url(fromHex(hash)), rpId);
      const signature = p256.sign(signed, privateKey, { prehash: true });
      return {
        r: toHex0x(signature.subarray(0, 32)),
        s: toHex0x(signature.subarray(32)),
        authenticatorData: toHex0x(authenticatorData),
        clientDataJSON,
      };
    },
    answer(challenge, rpId) {
      const { authenticatorData, clientDataJSON, signed } = assertion(challenge, rpId);
      return {
        id: toBase64Url(id),
        rawId: toBase64Url(id),
        type: 'public-key',
        response: {
          authenticatorData: toBase64Url(authenticatorData),
          clientDataJSON: toBase64Url(utf8(clientDataJSON)),
          signature: toBase64Url(p256.sign(signed, privateKey, { prehash: true, format: 'der' })),
        },
        clientExtensionResults: {},
      };
    },
  };
}
