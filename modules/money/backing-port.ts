/** What standing behind promises needs from outside: the region's packs, companies, and the ledger's pool and prices. */
import type { Hex } from '@zhenmei/kernel';
import type { PolicyPack } from '@zhenmei/policy';
import type { PoolState } from './core/guarantee-pool.ts';

interface Rate {
  readonly table: Hex;
  readonly epoch: number;
  readonly ppm: number;
  readonly expense: string;
}

export interface BackingPort {
  readonly packs: readonly PolicyPack[];
  /** Who decides about promises that somebody stands behind; null where nobody does yet. */
  authority(): Promise<Hex | null>;
  /** Companies that are registered as insurers, licensed or not; without an account until a device has joined. */
  insurers(): Promise<
    readonly {
      readonly id: string;
      readonly name: { readonly zh: string; readonly en: string };
      readonly account: Hex | null;
    }[]
  >;
  /** Whether the insurer's account signed `Policy(bytes32 cover)`. */
  policySigned(insurer: Hex, cover: Hex, signature: Hex): Promise<boolean>;
  /** The admin's word on the ledger. Throws CHAIN_REVERTED. */
  licenseInsurer(account: Hex, licensed: boolean): Promise<void>;
  /** The same for the pool; with the first licence the key that signs prices is named. Throws CHAIN_REVERTED. */
  licensePool(licensed: boolean): Promise<void>;
  poolLicensed(): Promise<boolean>;
  pool(): Promise<
    PoolState & {
      /** What shares would bring now, rounded down. */
      worth(shares: bigint): bigint;
    }
  >;
  /** Of one account: all its shares, what they are worth, and those that may leave now. */
  shareOf(account: Hex): Promise<{ readonly shares: bigint; readonly worth: bigint; readonly ready: bigint }>;
  /** The last block whose events the projections have, and the newest block's time in milliseconds. */
  reached(): Promise<{ readonly block: number; readonly time: number }>;
  /**
   * Posts the table of an epoch, once: where one was posted before, nothing happens. What stands is read afterwards.
   * Throws CHAIN_REVERTED, CHAIN_UNAVAILABLE.
   */
  postTable(table: Hex, of: { readonly epoch: number; readonly asOf: number }): Promise<void>;
  cellOf(clinic: Hex, standard: Hex): Hex;
  signRate(cell: Hex, rate: Rate): Promise<Hex>;
}
