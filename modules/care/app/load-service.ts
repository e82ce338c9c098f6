/** A listed service by its id. */
import { AppError } from '@zhenmei/kernel';
import type { ServiceBody } from '../core/service.ts';
import type { CareContext } from './context.ts';

/** Throws SERVICE_UNKNOWN. */
export async function loadService(
  ctx: CareContext,
  id: string,
): Promise<{ id: string; clinicId: string; body: ServiceBody }> {
  const row = await ctx.db.selectFrom('care.service').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw new AppError('SERVICE_UNKNOWN');
  return { id: row.id, clinicId: row.clinic_id, body: row.body };
}
