/** A device ends: its sessions, its passkey and its key for new statements, at once. What it signed before counts. */
import { AppError } from '@zhenmei/kernel';
import '../core/device-errors.ts';
import { planChange, type RetireReason } from '../core/device-life.ts';
import type { IdentityContext } from './context.ts';
import { authorityOf, knownDevices } from './list-devices.ts';

export interface Retirement {
  readonly reason: RetireReason | null;
  /** The device in its place. */
  readonly replacedBy: string | null;
}

type Desk = { readonly organisationId: string; readonly deviceId: string };

/**
 * The account is the truth: whoever can still sign for it is not retired here. The same again changes nothing.
 * Throws DESK_DEVICE_UNKNOWN, DESK_DEVICE_NOT_CONFIRMED, DESK_DEVICE_STILL_SIGNS, DESK_DEVICE_RETIRED (with another reason before),
 * DESK_DEVICE_LAST.
 */
export async function retireDevice(
  ctx: IdentityContext,
  desk: Desk,
  id: string,
  retirement: Retirement,
): Promise<{ ok: true }> {
  const { organisationId } = desk;
  const [devices, authority] = await Promise.all([
    knownDevices(ctx, organisationId),
    authorityOf(ctx, organisationId),
  ]);
  const ends = devices.find((one) => one.id === id);
  if (!ends) throw new AppError('DESK_DEVICE_UNKNOWN');
  // a device that has just left signs no more, but says why
  if (desk.deviceId !== id) {
    const { replacedBy } = retirement;
    planChange(
      { by: desk.deviceId, ends: id, ...(replacedBy ? { comes: replacedBy } : {}) },
      devices,
      authority,
    );
  }
  if (authority.signers.includes(ends.signer)) throw new AppError('DESK_DEVICE_STILL_SIGNS');
  await endDevice(ctx, desk, id, retirement);
  return { ok: true };
}

/** Throws DESK_DEVICE_RETIRED if it ended before, with another reason or in favour of another device. */
export async function endDevice(
  ctx: IdentityContext,
  desk: Desk,
  id: string,
  retirement: Retirement,
): Promise<void> {
  const now = new Date(ctx.clock.now());
  await ctx.db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('identity.device')
      .selectAll()
      .where('id', '=', id)
      .where('organisation_id', '=', desk.organisationId)
      .forUpdate()
      .executeTakeFirst();
    if (!row) throw new AppError('DESK_DEVICE_UNKNOWN');
    const { reason, replacedBy } = retirement;
    const differs = (was: string | null, is: string | null) => was !== null && is !== null && was !== is;
    if (differs(row.retired_reason, reason) || differs(row.replaced_by, replacedBy))
      throw new AppError('DESK_DEVICE_RETIRED');
    await tx
      .updateTable('identity.device')
      .set({
        retired_at: row.retired_at ?? now,
        retired_by: row.retired_by ?? desk.deviceId,
        retired_reason: row.retired_reason ?? reason,
        replaced_by: row.replaced_by ?? replacedBy,
      })
      .where('id', '=', id)
      .execute();
    // nothing of it is left if we fall before the end
    await ctx.sessions.closeAll(id);
  });
  // and nothing that began meanwhile
  await ctx.sessions.closeAll(id);
}
