/** After an operation that changed who signs for an account: what left it ends here too. */
import { AppError, fromHex, type Hex, keccak256, toHex0x } from '@zhenmei/kernel';
import { assertChange, type SignerChange } from '../core/device-life.ts';
import type { IdentityContext } from './context.ts';
import { authorityOf, knownDevices } from './list-devices.ts';
import { endDevice } from './retire-device.ts';

/** Before such an operation is paid for. Throws DESK_DEVICE_UNKNOWN, DESK_DEVICE_RETIRED, DESK_DEVICE_LAST. */
export async function judgeSigners(
  ctx: IdentityContext,
  organisationId: string,
  change: SignerChange,
): Promise<void> {
  const [devices, authority] = await Promise.all([
    knownDevices(ctx, organisationId),
    authorityOf(ctx, organisationId),
  ]);
  assertChange(change, devices, authority);
}

/** Before an operation is prepared for a device: it could not be sent. Throws DESK_DEVICE_NOT_CONFIRMED. */
export async function assertConfirmed(
  ctx: IdentityContext,
  desk: { readonly organisationId: string; readonly deviceId: string },
): Promise<void> {
  const [devices, { signers }] = await Promise.all([
    knownDevices(ctx, desk.organisationId),
    authorityOf(ctx, desk.organisationId),
  ]);
  const device = devices.find(({ id }) => id === desk.deviceId);
  if (device && !signers.includes(device.signer)) throw new AppError('DESK_DEVICE_NOT_CONFIRMED');
}

/**
 * May be repeated. One that left as one came was replaced by it.
 * @param hashes keccak256 of the signers, as the account's events have them
 */
export async function settleSigners(
  ctx: IdentityContext,
  desk: { readonly organisationId: string; readonly deviceId: string },
  hashes: { readonly added: readonly Hex[]; readonly removed: readonly Hex[] },
): Promise<void> {
  const devices = await knownDevices(ctx, desk.organisationId);
  const named = (wanted: readonly Hex[]) =>
    devices.filter(({ signer }) => wanted.includes(toHex0x(keccak256(fromHex(signer)))));
  const { signers } = await authorityOf(ctx, desk.organisationId);
  const gone = named(hashes.removed).filter(({ signer, retired }) => !retired && !signers.includes(signer));
  const came = named(hashes.added);
  const replacedBy = gone.length === 1 && came.length === 1 ? came[0]!.id : null;
  for (const { id } of gone) await endDevice(ctx, desk, id, { reason: null, replacedBy });
}
