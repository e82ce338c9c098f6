/** What signs for an organisation's account: a passkey in the browser, or a software one in seeds and tests. */
import type { Assertion } from '@zhenmei/contracts/deploy/account.ts';
import type { Hex } from '@zhenmei/kernel';

export interface Registration {
  /** RegistrationResponseJSON, as WebAuthn level 3 writes it. */
  readonly json: {
    id: string;
    rawId: string;
    type: 'public-key';
    response: { clientDataJSON: string; attestationObject: string };
    clientExtensionResults: Record<string, unknown>;
  };
  /** PRF output for the vault, if the authenticator has it. */
  readonly prf: Uint8Array<ArrayBuffer> | null;
}

export interface Authenticator {
  register(input: { challenge: string; rpId: string; userName: string }): Promise<Registration>;
  /** Signs 32 bytes as the challenge. */
  sign(hash: Hex, rpId: string): Promise<Assertion>;
}
