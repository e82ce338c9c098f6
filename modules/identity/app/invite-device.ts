/** One-time codes with which a device joins its organisation. Only their hash is kept. */
import { DAY, type Hex, sha256, toBase64Url, toHex0x, utf8 } from '@zhenmei/kernel';
import type { IdentityContext } from './context.ts';

export const codeHash = (code: string): Hex => toHex0x(sha256(utf8(code)));

/** A one-time code, valid for a week. */
export async function inviteDevice(ctx: IdentityContext, organisationId: string): Promise<string> {
  const code = toBase64Url(ctx.random.bytes(18));
  await ctx.db
    .insertInto('identity.invitation')
    .values({
      code_hash: codeHash(code),
      organisation_id: organisationId,
      expires_at: new Date(ctx.clock.now() + 7 * DAY),
      used_at: null,
    })
    .execute();
  return code;
}
