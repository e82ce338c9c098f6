/** Keeps a patient's keyset: ciphertext that only the next revision may replace. */
import { AppError } from '@zhenmei/kernel';
import type { Keyset } from '../core/keyset.ts';
import type { VaultContext } from './context.ts';

/** Throws KEYSET_UNKNOWN. */
export async function readKeyset({ db }: VaultContext, patientId: string): Promise<Keyset> {
  const row = await db
    .selectFrom('vault.keyset')
    .select('body')
    .where('patient_id', '=', patientId)
    .executeTakeFirst();
  if (!row) throw new AppError('KEYSET_UNKNOWN');
  return row.body;
}

/** Compare and swap: revision 1 if there is none, else the one after the stored. Repeating is no error. Throws KEYSET_CONFLICT. */
export async function writeKeyset(ctx: VaultContext, patientId: string, keyset: Keyset): Promise<void> {
  const { revision } = keyset;
  const values = { revision, body: JSON.stringify(keyset), updated_at: new Date(ctx.clock.now()) };
  const written =
    revision === 1
      ? await ctx.db
          .insertInto('vault.keyset')
          .values({ patient_id: patientId, ...values })
          .onConflict((c) => c.doNothing())
          .returning('revision')
          .executeTakeFirst()
      : await ctx.db
          .updateTable('vault.keyset')
          .set(values)
          .where('patient_id', '=', patientId)
          .where('revision', '=', revision - 1)
          .returning('revision')
          .executeTakeFirst();
  if (written) return;
  const stored = await ctx.db
    .selectFrom('vault.keyset')
    .select('body')
    .where('patient_id', '=', patientId)
    .executeTakeFirst();
  if (stored?.body.revision !== revision || stored.body.mac !== keyset.mac)
    throw new AppError('KEYSET_CONFLICT');
}
