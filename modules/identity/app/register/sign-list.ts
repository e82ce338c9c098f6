/** The status list of a register: signed anew with every change, and before the copies in the world grow old. */
import { DAY, HOUR, toSeconds } from '@zhenmei/kernel';
import type { Kysely } from 'kysely';
import type { IdentityDatabase } from '../../adapters/schema.ts';
import { REVOKED, StatusBits, SUSPENDED, signStatusList } from '../../core/status-list.ts';
import type { IdentityContext } from '../context.ts';
import { issuerSlug } from '../publish-status-list.ts';

/** Places of one list: so many that the place says nothing of when the entry was made. */
export const LIST_SIZE = 131_072;
const TTL = 12 * HOUR;
const LIFE = 7 * DAY;
const MARK = { suspended: SUSPENDED, revoked: REVOKED } as const;

/** Signs the list as the register has it inside this transaction. */
export async function signList(
  ctx: IdentityContext,
  tx: Kysely<IdentityDatabase>,
  issuerId: string,
  uri: string,
): Promise<void> {
  const rows = await tx
    .selectFrom('identity.register_entry')
    .select(['list_index', 'state'])
    .where('list_uri', '=', uri)
    .where('state', '<>', 'valid')
    .execute();
  const bits = StatusBits.empty(LIST_SIZE);
  for (const { list_index, state } of rows)
    if (list_index !== null && state !== 'valid') bits.set(list_index, MARK[state]);
  const now = ctx.clock.now();
  const { keyId, sign } = ctx.signing.key(issuerId);
  const token = await signStatusList(
    {
      uri,
      bits,
      issuedAt: toSeconds(now),
      ttl: toSeconds(TTL),
      expires: toSeconds(now + LIFE),
      issuer: issuerId,
      keyId,
    },
    sign,
  );
  const row = {
    token,
    issued_at: new Date(now),
    issuer_id: issuerId,
    slug: issuerSlug(issuerId),
    name: uri.slice(uri.lastIndexOf('/') + 1),
  };
  await tx
    .insertInto('identity.status_list')
    .values({ uri, ...row })
    .onConflict((c) => c.column('uri').doUpdateSet(row))
    .execute();
}

/** Signs every list of a register again that has used up half its life. @returns how many */
export async function refreshLists(ctx: IdentityContext): Promise<number> {
  const lists = await ctx.db
    .selectFrom('identity.issuer')
    .select(['id as issuer_id', 'list_uri as uri'])
    .where('list_uri', 'is not', null)
    // those that were taken over from an issuer that signed by itself before
    .union(
      ctx.db
        .selectFrom('identity.register_entry')
        .select(['issuer_id', 'list_uri as uri'])
        .where('list_uri', 'is not', null),
    )
    .execute();
  const signed = await ctx.db.selectFrom('identity.status_list').select(['uri', 'issued_at']).execute();
  const old = ctx.clock.now() - TTL / 2;
  const fresh = new Set(signed.filter(({ issued_at }) => issued_at.getTime() > old).map(({ uri }) => uri));
  const due = lists.filter(({ uri }) => !fresh.has(uri!));
  for (const { issuer_id, uri } of due)
    await ctx.db.transaction().execute(async (tx) => {
      await lockList(tx, issuer_id);
      await signList(ctx, tx, issuer_id, uri!);
    });
  return due.length;
}

/** One change at a time for one issuer, so that no list is signed without the change before it. */
export async function lockList(tx: Kysely<IdentityDatabase>, issuerId: string): Promise<void> {
  await tx.selectFrom('identity.issuer').select('id').where('id', '=', issuerId).forUpdate().execute();
}
