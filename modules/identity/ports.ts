/** What identity needs from outside. */
import type { Hex } from '@zhenmei/kernel';
import type { Authority } from './core/device-life.ts';
import type { DidSigner } from './core/did-webvh.ts';
import type { AgreementKey } from './core/jwe.ts';
import type { PublicJwk } from './core/jwk.ts';
import type { Es256Signer } from './core/jws.ts';
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
  /** Who signs for an account; null before its first operation. */
  authority(account: Hex): Promise<Authority | null>;
}

export interface SessionPort {
  open(who: {
    seat: 'patient' | 'desk';
    accountId: string;
    organisationId?: string | null;
  }): Promise<unknown>;
  close(): Promise<void>;
  /** Ends every session of this account. */
  closeAll(accountId: string): Promise<void>;
  /** When each of these accounts was last here, where a session of it is left. */
  seen(accountIds: readonly string[]): Promise<ReadonlyMap<string, Date>>;
}

/** Signing keys that the house keeps for issuers, as a key service does: they are used, never read. */
export interface SigningPort {
  /** The key of this issuer; the same one every time. */
  key(issuerId: string): { readonly jwk: PublicJwk; readonly keyId: string; readonly sign: Es256Signer };
  /** The key to which answers to this request are encrypted: one for each request, the same one every time. */
  agreement(requestId: string): AgreementKey;
  /** Ed25519 key for one version of an organisation's identifier; each version has its own, committed to by the one before. */
  did(organisationId: string, version: number): DidSigner;
}

/** Marks the registered number of an owner so that equal owners are found and the number is not. */
export interface OwnerMarkPort {
  mark(registeredNumber: string): string;
}

export interface ChangePort {
  /** The certificates of this subject changed: whoever counts on them must look again. Inside the caller's transaction. */
  licenceChanged(tx: unknown, subjectId: string, entryId: string): Promise<void>;
}
