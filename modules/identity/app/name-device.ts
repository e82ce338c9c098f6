/** What a device is called, so that people know which one is meant. */
import { AppError } from '@zhenmei/kernel';
import '../core/device-errors.ts';
import type { IdentityContext } from './context.ts';

/** Throws DESK_DEVICE_UNKNOWN for one that is not this organisation's, or has ended. */
export async function nameDevice(
  ctx: Pick<IdentityContext, 'db'>,
  organisationId: string,
  id: string,
  name: string,
): Promise<{ ok: true }> {
  const { numUpdatedRows } = await ctx.db
    .updateTable('identity.device')
    .set({ name })
    .where('id', '=', id)
    .where('organisation_id', '=', organisationId)
    .where('retired_at', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new AppError('DESK_DEVICE_UNKNOWN');
  return { ok: true };
}
