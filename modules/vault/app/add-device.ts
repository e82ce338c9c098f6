/** A new device that can open the vault joins its account: the owner key says which, the signature that it may. */
import { AppError } from '@zhenmei/kernel';
import { assertOwner, ownerStatement } from '../core/owner.ts';
import type { PasskeyRegistration } from '../ports.ts';
import type { VaultContext } from './context.ts';
import { tell } from './notices.ts';

/** Signs the new device in. Throws OWNER_UNKNOWN, OWNER_SIGNATURE_WRONG, PASSKEY_REFUSED, CHALLENGE_EXPIRED. */
export async function addDevice(
  ctx: VaultContext,
  input: { registration: PasskeyRegistration; owner: string; signature: string },
): Promise<{ accountId: string }> {
  const { registration, owner, signature } = input;
  assertOwner(owner, ownerStatement.attach(registration), signature);
  const row = await ctx.db
    .selectFrom('vault.owner')
    .select('patient_id')
    .where('public_key', '=', owner)
    .executeTakeFirst();
  if (!row) throw new AppError('OWNER_UNKNOWN');
  const accountId = row.patient_id;
  await ctx.passkeys.add(accountId, registration);
  await ctx.db.transaction().execute((tx) => tell(ctx, tx, accountId, 'device-added'));
  await ctx.passkeys.signIn(accountId);
  return { accountId };
}
