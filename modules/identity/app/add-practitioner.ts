/** A clinic names a doctor who practises there; what entitles the doctor is the certificate, not this row. */
import { AppError } from '@zhenmei/kernel';
import type { Bilingual } from '../adapters/schema.ts';
import '../core/account-errors.ts';
import type { IdentityContext } from './context.ts';

/** May be repeated. Throws NOT_A_CLINIC, PRACTITIONER_ELSEWHERE. */
export async function addPractitioner(
  ctx: IdentityContext,
  clinicId: string,
  input: { readonly id: string; readonly name: Bilingual; readonly title: Bilingual },
): Promise<{ id: string }> {
  const clinic = await ctx.db
    .selectFrom('identity.organisation')
    .select('kind')
    .where('id', '=', clinicId)
    .executeTakeFirst();
  if (clinic?.kind !== 'clinic') throw new AppError('NOT_A_CLINIC');
  await ctx.db
    .insertInto('identity.practitioner')
    .values({
      id: input.id,
      clinic_id: clinicId,
      name: JSON.stringify(input.name),
      title: JSON.stringify(input.title),
      created_at: new Date(ctx.clock.now()),
    })
    .onConflict((c) => c.column('id').doNothing())
    .execute();
  const row = await ctx.db
    .selectFrom('identity.practitioner')
    .select('clinic_id')
    .where('id', '=', input.id)
    .executeTakeFirst();
  if (row?.clinic_id !== clinicId) throw new AppError('PRACTITIONER_ELSEWHERE');
  return { id: input.id };
}
