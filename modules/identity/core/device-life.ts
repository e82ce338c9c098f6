/** Who may sign for an organisation's account, and how that changes when a device comes, is replaced or leaves. */
import { AppError, type Hex } from '@zhenmei/kernel';
import './device-errors.ts';

export const RETIRE_REASONS = ['lost', 'broken', 'unused'] as const;
export type RetireReason = (typeof RETIRE_REASONS)[number];

/** What the account on chain says. */
export interface Authority {
  /** ERC-7913 signers. */
  readonly signers: readonly Hex[];
  /** How many of them must sign. */
  readonly threshold: number;
}

export interface KnownDevice {
  readonly id: string;
  readonly signer: Hex;
  readonly retired: boolean;
}

export interface SignerChange {
  readonly add: readonly Hex[];
  readonly remove: readonly Hex[];
}

/**
 * Whether the account may change like this: whoever is added is a device in use, and as many devices in use as must
 * sign are left. Throws DESK_DEVICE_UNKNOWN, DESK_DEVICE_RETIRED, DESK_DEVICE_LAST.
 */
export function assertChange(
  change: SignerChange,
  devices: readonly KnownDevice[],
  { signers, threshold }: Authority,
): void {
  const inUse = new Set(devices.filter(({ retired }) => !retired).map(({ signer }) => signer));
  for (const signer of change.add) {
    if (inUse.has(signer)) continue;
    throw new AppError(
      devices.some((one) => one.signer === signer) ? 'DESK_DEVICE_RETIRED' : 'DESK_DEVICE_UNKNOWN',
    );
  }
  const left = new Set([...signers, ...change.add].filter((one) => inUse.has(one)));
  for (const signer of change.remove) left.delete(signer);
  if (left.size < Math.max(1, threshold)) throw new AppError('DESK_DEVICE_LAST');
}

export interface DeviceAct {
  /** The device that acts. */
  readonly by: string;
  /** The device that ends, if one does. */
  readonly ends?: string;
  /** The device that comes to sign, if one does. */
  readonly comes?: string;
}

/**
 * What changes on the account: nothing for a device that is on it already, or no longer.
 * Throws DESK_DEVICE_UNKNOWN, DESK_DEVICE_RETIRED, DESK_DEVICE_NOT_CONFIRMED (by a device that cannot sign itself), DESK_DEVICE_LAST.
 */
export function planChange(
  { by, ends, comes }: DeviceAct,
  devices: readonly KnownDevice[],
  authority: Authority,
): SignerChange {
  const find = (id: string) => {
    const found = devices.find((one) => one.id === id);
    if (!found) throw new AppError('DESK_DEVICE_UNKNOWN');
    return found;
  };
  const on = (signer: Hex) => authority.signers.includes(signer);
  const actor = find(by);
  if (actor.retired) throw new AppError('DESK_DEVICE_RETIRED');
  if (!on(actor.signer)) throw new AppError('DESK_DEVICE_NOT_CONFIRMED');
  const coming = comes === undefined ? null : find(comes);
  const ending = ends === undefined ? null : find(ends);
  if (coming?.retired || (coming && coming === ending)) throw new AppError('DESK_DEVICE_RETIRED');
  const change = {
    add: coming && !on(coming.signer) ? [coming.signer] : [],
    remove: ending && on(ending.signer) ? [ending.signer] : [],
  };
  assertChange(change, devices, authority);
  return change;
}
