/** An issuer enters somebody in its register: what is said fits the kind, and the issuer is entitled to say it now. */
import { AppError, DAY, type Json, newId, toSeconds } from '@zhenmei/kernel';
import type { Insertable, Kysely } from 'kysely';
import type { IdentityDatabase } from '../../adapters/schema.ts';
import { CREDENTIAL_TYPES, type CredentialName, kindOf } from '../../core/catalogue.ts';
import '../../core/register-errors.ts';
import { mustBeEntitled } from '../../core/trust.ts';
import type { IssuerTrust } from '../../core/verify-credential.ts';
import type { IdentityContext } from '../context.ts';
import { issuersNow } from '../judge-credential.ts';
import { type OwnIssuer, ownIssuer } from './own-issuer.ts';
import { LIST_SIZE, lockList, signList } from './sign-list.ts';

export interface NewEntry {
  readonly kind: CredentialName;
  readonly claims: Readonly<Record<string, Json>>;
  /** Milliseconds since the epoch; the kind's longest life unless told. */
  readonly expires?: number | undefined;
}

/** What is entered, checked: claims complete and nothing else, a life within the rules. Throws CREDENTIAL_CLAIMS, CREDENTIAL_RULE. */
export function checkEntry({ kind, claims, expires }: NewEntry, now: number) {
  const vct = CREDENTIAL_TYPES[kind];
  const known = kindOf(vct)!;
  const read = known.claims.strict().safeParse(claims);
  if (!read.success) {
    const issue = read.error.issues[0]!;
    const extra = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
    throw new AppError('CREDENTIAL_CLAIMS', { name: extra ?? issue.path.join('.') });
  }
  const until = expires ?? now + known.days * DAY;
  if (until <= now || until - now > known.days * DAY) throw new AppError('CREDENTIAL_RULE', { name: 'exp' });
  const said = read.data as Record<string, Json>;
  return { vct, known, claims: said, expires: until, subject: subjectOf(said) };
}

function subjectOf({ subject }: Record<string, Json>): string | null {
  return typeof subject === 'string' && /^[0-9a-f-]{36}$/.test(subject) ? subject : null;
}

/** Throws NO_ISSUER, KIND_NOT_YOURS, ISSUER_UNKNOWN, ISSUER_NOT_FOR_TYPE, ISSUER_NOT_FOR_SCOPE, ISSUER_NOT_THEN. */
export async function entitledIssuer(
  ctx: IdentityContext,
  organisationId: string,
): Promise<{ issuer: OwnIssuer; trust: IssuerTrust }> {
  const issuer = await ownIssuer(ctx, organisationId);
  const trust = (await issuersNow(ctx)).find(({ id }) => id === issuer.id);
  if (!trust) throw new AppError('ISSUER_UNKNOWN', { issuer: issuer.id });
  return { issuer, trust };
}

export function mustBeAllowed(
  { issuer, trust }: { issuer: OwnIssuer; trust: IssuerTrust },
  entry: ReturnType<typeof checkEntry>,
  now: number,
): void {
  const kinds: readonly string[] = entry.known.issuers;
  if (!kinds.includes(issuer.organisation.kind)) throw new AppError('KIND_NOT_YOURS');
  mustBeEntitled(trust, entry.vct, toSeconds(now), entry.claims.region);
}

/** Throws what `checkEntry`, `entitledIssuer` and `mustBeAllowed` throw. @returns the entry's id */
export async function enter(
  ctx: IdentityContext,
  organisationId: string,
  entry: NewEntry,
): Promise<{ id: string }> {
  const now = ctx.clock.now();
  const checked = checkEntry(entry, now);
  const who = await entitledIssuer(ctx, organisationId);
  mustBeAllowed(who, checked, now);
  return ctx.db.transaction().execute(async (tx) => {
    await lockList(tx, who.issuer.id);
    const [id] = await insertEntries(ctx, tx, who.issuer, [checked], now);
    await signList(ctx, tx, who.issuer.id, who.issuer.listUri);
    return { id: id! };
  });
}

/** Inside the caller's transaction, which holds the issuer's lock. Throws REGISTER_FULL. */
export async function insertEntries(
  ctx: IdentityContext,
  tx: Kysely<IdentityDatabase>,
  issuer: OwnIssuer,
  entries: readonly ReturnType<typeof checkEntry>[],
  now: number,
): Promise<string[]> {
  const taken = await tx
    .selectFrom('identity.register_entry')
    .select('list_index')
    .where('list_uri', '=', issuer.listUri)
    .execute();
  const used = new Set(taken.map(({ list_index }) => list_index));
  if (used.size + entries.length > LIST_SIZE / 2) throw new AppError('REGISTER_FULL');
  const at = new Date(now);
  const rows = entries.map(
    ({ vct, known, claims, expires, subject }): Insertable<IdentityDatabase['identity.register_entry']> => {
      const place = known.status ? freePlace(ctx, used) : null;
      return {
        id: newId(now, ctx.random.bytes(10)),
        issuer_id: issuer.id,
        vct,
        subject_id: subject,
        claims: JSON.stringify(claims),
        state: 'valid',
        reason: null,
        issued_at: at,
        expires_at: new Date(expires),
        list_uri: place === null ? null : issuer.listUri,
        list_index: place,
        renewed_by: null,
        changed_at: at,
      };
    },
  );
  for (let i = 0; i < rows.length; i += 500)
    await tx
      .insertInto('identity.register_entry')
      .values(rows.slice(i, i + 500))
      .execute();
  return rows.map(({ id }) => id);
}

/** At random, so that neighbours say nothing of each other; half the list stays free, so that this ends soon. */
function freePlace(ctx: IdentityContext, used: Set<number | null>): number {
  for (;;) {
    const [a, b, c] = ctx.random.bytes(3) as unknown as [number, number, number];
    const place = ((a << 16) | (b << 8) | c) % LIST_SIZE;
    if (used.has(place)) continue;
    used.add(place);
    return place;
  }
}
