/** A certificate from an entry of the register, for one key of its holder. */
import { AppError, type Json, toSeconds } from '@zhenmei/kernel';
import type { Selectable } from 'kysely';
import type { IdentityDatabase } from '../../adapters/schema.ts';
import { kindOf, mustKeepRules } from '../../core/catalogue.ts';
import { issueSdJwt } from '../../core/issue.ts';
import type { PublicJwk } from '../../core/jwk.ts';
import '../../core/register-errors.ts';
import { integrityOf, typeMetadata } from '../../core/type-metadata.ts';
import type { IdentityContext } from '../context.ts';

export type RegisterRow = Selectable<IdentityDatabase['identity.register_entry']>;

/** Decoys hide how many claims are hidden. */
const DECOYS = 3;

/** Throws ENTRY_UNKNOWN, ENTRY_NOT_VALID unless it stands as valid and is not over. */
export async function makeCertificate(
  ctx: IdentityContext,
  entryId: string,
  holder?: PublicJwk,
): Promise<string> {
  const entry = await ctx.db
    .selectFrom('identity.register_entry')
    .selectAll()
    .where('id', '=', entryId)
    .executeTakeFirst();
  if (!entry?.claims) throw new AppError('ENTRY_UNKNOWN');
  return signEntry(ctx, entry, entry.claims, holder);
}

export async function signEntry(
  ctx: IdentityContext,
  entry: RegisterRow,
  claims: Readonly<Record<string, Json>>,
  holder?: PublicJwk,
): Promise<string> {
  const now = ctx.clock.now();
  if (entry.state !== 'valid' || entry.expires_at.getTime() <= now) throw new AppError('ENTRY_NOT_VALID');
  const kind = kindOf(entry.vct)!;
  const issuedAt = toSeconds(now);
  const expires = toSeconds(entry.expires_at.getTime());
  const status = entry.list_uri === null ? undefined : { uri: entry.list_uri, index: entry.list_index! };
  mustKeepRules(entry.vct, { iat: issuedAt, exp: expires, cnf: holder, status });
  const pick = (hidden: boolean) =>
    Object.fromEntries(Object.entries(claims).filter(([name]) => kind.selective.includes(name) === hidden));
  const selective = pick(true);
  const decoys = Object.keys(selective).length > 0 ? DECOYS : 0;
  const salts = Array.from({ length: Object.keys(selective).length + decoys }, () => ctx.random.bytes(16));
  const { keyId, sign } = ctx.signing.key(entry.issuer_id);
  return issueSdJwt(
    {
      issuer: entry.issuer_id,
      type: entry.vct,
      integrity: integrityOf(typeMetadata(entry.vct)!),
      issuedAt,
      expires,
      ...(holder ? { holder } : {}),
      ...(status ? { status } : {}),
      open: pick(false),
      selective,
      decoys,
      keyId,
    },
    salts,
    sign,
  );
}
