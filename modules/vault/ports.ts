/** What the vault needs from outside. */
import type { Clock, Random } from '@zhenmei/kernel';

/** Where ciphertext is kept; content-addressed by its own hash. */
export interface BlobPort {
  put(source: Uint8Array | AsyncIterable<Uint8Array>): Promise<string>;
  get(key: string): Promise<Uint8Array>;
  /** Bytes `from` (included) to `to` (excluded). */
  read(key: string, from: number, to: number): Promise<Uint8Array>;
  delete(key: string): Promise<void>;
}

/** A registration as a browser writes it; whoever checks it knows its shape. */
export interface PasskeyRegistration {
  readonly id: string;
  readonly response: { readonly clientDataJSON: string };
}

/** Which passkeys sign in to a patient's account. */
export interface PasskeyPort {
  /** Throws PASSKEY_REFUSED, CHALLENGE_EXPIRED. */
  add(accountId: string, registration: PasskeyRegistration): Promise<void>;
  list(accountId: string): Promise<readonly { readonly credential: string; readonly addedAt: Date }[]>;
  remove(accountId: string, credentials: readonly string[]): Promise<void>;
  /** Opens a session for the caller of the current request. */
  signIn(accountId: string): Promise<void>;
  /** Ends every session of the account but a new one for the caller of the current request. */
  signOutOthers(accountId: string): Promise<void>;
}

export type { Clock, Random };
