/** What identity needs from outside. */
import type { Hex } from '@zhenmei/kernel';
import type { PublicJwk } from './core/jwk.ts';
import type { IssuerTrust } from './core/verify-credential.ts';

export interface IssuerRegistryPort {
  /** What the registry on chain says of this issuer, its keys and the types it may issue. null: not registered. */
  read(issuer: string, keys: readonly PublicJwk[], types: readonly string[]): Promise<IssuerTrust | null>;
}

export interface AccountPort {
  /** ERC-7913 signer of a passkey. */
  signer(publicKey: Uint8Array): Hex;
  /** Address of the account whose first signer this is. */
  address(firstSigner: Hex): Promise<Hex>;
}

export interface SessionPort {
  open(who: {
    seat: 'patient' | 'desk';
    accountId: string;
    organisationId?: string | null;
  }): Promise<unknown>;
  close(): Promise<void>;
}
