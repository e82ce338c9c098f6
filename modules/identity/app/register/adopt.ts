/** What an issuer had issued before it had a register here is entered in it, at the places where its status stands. */
import { AppError, type Json, newId } from '@zhenmei/kernel';
import type { Insertable, Kysely } from 'kysely';
import type { IdentityDatabase, RegisterState } from '../../adapters/schema.ts';
import '../../core/account-errors.ts';
import { readSdJwt } from '../../core/sd-jwt.ts';
import { statusReference } from '../../core/status-check.ts';
import {
  REVOKED,
  readStatusList,
  type StatusBits,
  SUSPENDED,
  unpackStatusList,
  VALID,
} from '../../core/status-list.ts';
import '../../core/register-errors.ts';
import type { IdentityContext } from '../context.ts';
import { ownIssuer } from './own-issuer.ts';
import { lockList, signList } from './sign-list.ts';

type Claims = Readonly<Record<string, Json>>;

/**
 * Takes each public certificate of the organisation's issuer that no entry stands behind, with its times, its place and
 * its state. From then on the house signs those lists. May be repeated.
 * @param claimsOf all that a certificate says, hidden claims too; null leaves it as it is
 * Throws NO_ISSUER, STATUS_LIST_UNKNOWN for a list that was never published here, STATUS_UNEXPLAINED for one that marks
 * what is not taken over: signed anew, it would forget that.
 */
export async function adoptCertificates(
  ctx: IdentityContext,
  organisationId: string,
  claimsOf: (vct: string, subject: string) => Claims | null,
): Promise<{ adopted: number }> {
  const issuer = await ownIssuer(ctx, organisationId);
  return ctx.db.transaction().execute(async (tx) => {
    await lockList(tx, issuer.id);
    const known = await tx
      .selectFrom('identity.credential')
      .select(['id', 'vct', 'subject_id', 'token'])
      .where('entry_id', 'is', null)
      .orderBy('registered_at')
      .execute();
    const lists = new Map<string, StatusBits>();
    const places = new Set<string>();
    let adopted = 0;
    for (const { id, vct, subject_id, token } of known) {
      const { claims } = readSdJwt(token);
      const { iss, iat, exp } = claims;
      const place = statusReference(claims);
      const said = claimsOf(vct, subject_id);
      if (iss !== issuer.id || !place || !said || typeof iat !== 'number' || typeof exp !== 'number')
        continue;
      const { uri, index } = place;
      const bits = lists.get(uri) ?? (await published(tx, issuer.id, uri));
      lists.set(uri, bits);
      places.add(`${uri} ${index}`);
      const row: Insertable<IdentityDatabase['identity.register_entry']> = {
        id: newId(ctx.clock.now(), ctx.random.bytes(10)),
        issuer_id: issuer.id,
        vct,
        subject_id,
        claims: JSON.stringify(said),
        state: stateOf(bits.get(index)),
        reason: null,
        issued_at: new Date(iat * 1000),
        expires_at: new Date(exp * 1000),
        list_uri: uri,
        list_index: index,
        renewed_by: null,
        changed_at: new Date(iat * 1000),
      };
      // several copies of one certificate stand at one place
      const entry = await tx
        .insertInto('identity.register_entry')
        .values(row)
        .onConflict((c) => c.columns(['list_uri', 'list_index']).doUpdateSet({ list_uri: uri }))
        .returning('id')
        .executeTakeFirstOrThrow();
      await tx.updateTable('identity.credential').set({ entry_id: entry.id }).where('id', '=', id).execute();
      adopted++;
    }
    for (const [uri, bits] of lists) {
      for (let place = 0; place < bits.length; place++)
        if (bits.get(place) !== VALID && !places.has(`${uri} ${place}`))
          throw new AppError('STATUS_UNEXPLAINED', { place });
      await signList(ctx, tx, issuer.id, uri);
    }
    return { adopted };
  });
}

async function published(tx: Kysely<IdentityDatabase>, issuerId: string, uri: string): Promise<StatusBits> {
  const row = await tx
    .selectFrom('identity.status_list')
    .select('token')
    .where('uri', '=', uri)
    .executeTakeFirst();
  const list = row ? readStatusList(row.token) : null;
  if (list?.issuer !== issuerId) throw new AppError('STATUS_LIST_UNKNOWN');
  return unpackStatusList(list);
}

const stateOf = (status: number): RegisterState =>
  status === REVOKED ? 'revoked' : status === SUSPENDED ? 'suspended' : 'valid';
