/** What the vault's code on a device is given. */
import type { Api } from '../api.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

export interface VaultIo {
  readonly api: Api;
  /** Milliseconds since the epoch. */
  now(): number;
  random(length: number): Bytes;
}
