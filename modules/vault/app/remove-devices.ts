/** Takes devices out: their passkeys no longer sign in, and every session but this one ends. */
import { AppError } from '@zhenmei/kernel';
import { assertOwner, ownerStatement } from '../core/owner.ts';
import type { VaultContext } from './context.ts';
import { tell } from './notices.ts';

export interface Removal {
  readonly credentials: readonly string[];
  readonly keep: string;
  readonly signature: string;
}

/** Repeating is an error: what is gone is unknown. Throws OWNER_UNKNOWN, OWNER_SIGNATURE_WRONG, VAULT_DEVICE_UNKNOWN, DEVICE_LAST. */
export async function removeDevices(ctx: VaultContext, patientId: string, input: Removal): Promise<void> {
  const asked = ownerStatement.removeDevices(input.credentials, input.keep);
  assertOwner(await ownerOf(ctx, patientId), asked, input.signature);
  const known = (await ctx.passkeys.list(patientId)).map(({ credential }) => credential);
  if (!input.credentials.every((id) => known.includes(id))) throw new AppError('VAULT_DEVICE_UNKNOWN');
  if (input.credentials.includes(input.keep) || !known.includes(input.keep))
    throw new AppError('DEVICE_LAST');
  await ctx.passkeys.remove(patientId, input.credentials);
  await ctx.db
    .transaction()
    .execute((tx) => tell(ctx, tx, patientId, 'device-removed', { count: input.credentials.length }));
  await ctx.passkeys.signOutOthers(patientId);
}

/** Throws OWNER_UNKNOWN. */
export async function ownerOf({ db }: VaultContext, patientId: string): Promise<string> {
  const row = await db
    .selectFrom('vault.owner')
    .select('public_key')
    .where('patient_id', '=', patientId)
    .executeTakeFirst();
  if (!row) throw new AppError('OWNER_UNKNOWN');
  return row.public_key;
}
