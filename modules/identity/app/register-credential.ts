/** A clinic makes a certificate public: its own or one of its doctors'. Only what holds, only without personal claims. */
import { AppError, newId, sha256, toBase64Url, utf8 } from '@zhenmei/kernel';
import '../core/account-errors.ts';
import { personal, readClaims } from '../core/catalogue.ts';
import { withoutClaims } from '../core/sd-jwt.ts';
import type { IdentityContext } from './context.ts';
import { judgeCredential } from './judge-credential.ts';

/** May be repeated. Throws CREDENTIAL_REFUSED unless it holds now, CREDENTIAL_NOT_YOURS. */
export async function registerCredential(
  ctx: IdentityContext,
  organisationId: string,
  token: string,
  entryId: string | null = null,
): Promise<{ id: string }> {
  const { verdict, code, claims, type } = await judgeCredential(ctx, token);
  if (verdict !== 'proven' || !claims || !type) throw new AppError('CREDENTIAL_REFUSED', { code });
  const subject = subjectOf(type, claims);
  await mustConcern(ctx, organisationId, subject);
  const shown = withoutClaims(token, personal(type));
  const digest = toBase64Url(sha256(utf8(shown.slice(0, shown.indexOf('~')))));
  const now = ctx.clock.now();
  const row = await ctx.db
    .insertInto('identity.credential')
    .values({
      id: newId(now, ctx.random.bytes(10)),
      subject_id: subject,
      vct: type,
      token: shown,
      digest,
      entry_id: entryId,
      registered_at: new Date(now),
    })
    .onConflict((c) => c.columns(['subject_id', 'digest']).doUpdateSet({ token: shown }))
    .returning('id')
    .executeTakeFirstOrThrow();
  return { id: row.id };
}

function subjectOf(type: string, claims: Readonly<Record<string, unknown>>): string {
  try {
    const subject = readClaims(type, claims)?.subject;
    if (typeof subject === 'string') return subject;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError('CREDENTIAL_REFUSED', { code: error.code }, { cause: error });
  }
  throw new AppError('CREDENTIAL_REFUSED', { code: 'CREDENTIAL_CLAIMS' });
}

async function mustConcern(ctx: IdentityContext, organisationId: string, subject: string): Promise<void> {
  if (subject === organisationId) return;
  const doctor = await ctx.db
    .selectFrom('identity.practitioner')
    .select('id')
    .where('id', '=', subject)
    .where('clinic_id', '=', organisationId)
    .executeTakeFirst();
  if (!doctor) throw new AppError('CREDENTIAL_NOT_YOURS');
}
