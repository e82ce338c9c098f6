/** The keys to which organisations receive records: registered with the licence, shown with it to every patient. */
import { AppError } from '@zhenmei/kernel';
import { GRANTEE_AUDIENCE, granteeNonce } from '../core/grants/card.ts';
import { keyThumb } from '../core/grants/grant.ts';
import type { VaultContext } from './context.ts';

/** One for each device; a new one takes the place of the old. Throws GRANTEE_NOT_PROVEN. */
export async function registerGranteeKey(
  ctx: VaultContext,
  device: { readonly id: string; readonly organisation: string },
  publicKey: string,
  presentation: string,
): Promise<{ thumb: string }> {
  const { proven, code, organisation } = await ctx.organisations.judge(presentation, {
    audience: GRANTEE_AUDIENCE,
    nonce: granteeNonce(publicKey),
  });
  if (!proven) throw new AppError('GRANTEE_NOT_PROVEN', { code });
  if (organisation !== device.organisation)
    throw new AppError('GRANTEE_NOT_PROVEN', { code: 'OTHER_SUBJECT' });
  const thumb = keyThumb(publicKey);
  const values = {
    thumb,
    organisation_id: device.organisation,
    public_key: publicKey,
    presentation,
    registered_at: new Date(ctx.clock.now()),
  };
  await ctx.db
    .insertInto('vault.grantee_key')
    .values({ device_id: device.id, ...values })
    .onConflict((c) => c.column('device_id').doUpdateSet(values))
    .execute();
  return { thumb };
}

/** Throws GRANTEE_UNKNOWN. */
export async function granteeCards({ db }: VaultContext, organisation: string) {
  const rows = await db
    .selectFrom('vault.grantee_key')
    .select(['public_key as publicKey', 'presentation'])
    .where('organisation_id', '=', organisation)
    .orderBy('registered_at', 'desc')
    .limit(20)
    .execute();
  if (rows.length === 0) throw new AppError('GRANTEE_UNKNOWN');
  return { cards: rows };
}
