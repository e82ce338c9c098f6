/** The browser's own authenticator: platform passkeys with the PRF extension where there is one. */
import { p256 } from '@noble/curves/nist.js';
import type { Authenticator, Registration } from '@zhenmei/client/authenticator.ts';
import { fromBase64Url, fromHex, sha256, toBase64Url, toHex0x, utf8 } from '@zhenmei/kernel';

const PRF_INPUT = sha256(utf8('zhenmei/prf/v1'));
const bytes = (buffer: ArrayBuffer): Uint8Array<ArrayBuffer> => new Uint8Array(buffer);

function prfOf(credential: PublicKeyCredential): Uint8Array<ArrayBuffer> | null {
  const first = credential.getClientExtensionResults().prf?.results?.first;
  return first ? bytes(first as ArrayBuffer).slice(0, 32) : null;
}

export interface BrowserPasskey extends Authenticator {
  readonly credentialId: () => string | null;
}

/** @param known credential id of a passkey made before */
export function browserPasskey(known: string | null = null): BrowserPasskey {
  let id = known;
  return {
    credentialId: () => id,
    async register({ challenge, rpId, userName }): Promise<Registration> {
      const made = (await navigator.credentials.create({
        publicKey: {
          challenge: fromBase64Url(challenge),
          rp: { id: rpId, name: 'Zhenmei' },
          user: { id: crypto.getRandomValues(new Uint8Array(16)), name: userName, displayName: userName },
          pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
          authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
          attestation: 'none',
          extensions: { prf: { eval: { first: PRF_INPUT } } },
        },
      })) as PublicKeyCredential;
      const response = made.response as AuthenticatorAttestationResponse;
      id = made.id;
      return {
        json: {
          id: made.id,
          rawId: toBase64Url(bytes(made.rawId)),
          type: 'public-key',
          response: {
            clientDataJSON: toBase64Url(bytes(response.clientDataJSON)),
            attestationObject: toBase64Url(bytes(response.attestationObject)),
          },
          clientExtensionResults: {},
        },
        prf: prfOf(made),
      };
    },
    async sign(hash, rpId) {
      const got = await assertion(fromHex(hash), rpId, id);
      const response = got.response as AuthenticatorAssertionResponse;
      const signature = p256.Signature.fromBytes(bytes(response.signature), 'der').toBytes('compact');
      return {
        r: toHex0x(signature.subarray(0, 32)),
        s: toHex0x(signature.subarray(32)),
        authenticatorData: toHex0x(bytes(response.authenticatorData)),
        clientDataJSON: new TextDecoder().decode(response.clientDataJSON),
      };
    },
  };
}

async function assertion(
  challenge: Uint8Array<ArrayBuffer>,
  rpId: string,
  id: string | null,
): Promise<PublicKeyCredential> {
  return (await navigator.credentials.get({
    publicKey: {
      challenge,
      rpId,
      userVerification: 'required',
      ...(id ? { allowCredentials: [{ type: 'public-key' as const, id: fromBase64Url(id) }] } : {}),
      extensions: { prf: { eval: { first: PRF_INPUT } } },
    },
  })) as PublicKeyCredential;
}

/** Signs in, with a passkey that is known or with any: the answer for the server, and the PRF output for the vault. */
export async function signInAssertion(challenge: string, rpId: string, known: string | null = null) {
  const got = await assertion(fromBase64Url(challenge), rpId, known);
  const response = got.response as AuthenticatorAssertionResponse;
  const json = {
    id: got.id,
    rawId: toBase64Url(bytes(got.rawId)),
    type: 'public-key' as const,
    response: {
      clientDataJSON: toBase64Url(bytes(response.clientDataJSON)),
      authenticatorData: toBase64Url(bytes(response.authenticatorData)),
      signature: toBase64Url(bytes(response.signature)),
      ...(response.userHandle ? { userHandle: toBase64Url(bytes(response.userHandle)) } : {}),
    },
    clientExtensionResults: {},
  };
  return { json, credentialId: got.id, prf: prfOf(got) };
}
