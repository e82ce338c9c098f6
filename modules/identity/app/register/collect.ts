/**
 * A device collects the certificates of its organisation and of the doctors who practise there, made for its own key.
 * Those that are public by nature are shown on the profile from then on.
 */
import { AppError, fromHex } from '@zhenmei/kernel';
import { kindOf } from '../../core/catalogue.ts';
import { type PublicJwk, pointJwk } from '../../core/jwk.ts';
import '../../core/register-errors.ts';
import type { IdentityContext } from '../context.ts';
import { registerCredential } from '../register-credential.ts';
import { type RegisterRow, signEntry } from './make-certificate.ts';

export interface Collected {
  readonly entry: string;
  readonly subject: string;
  readonly type: string;
  readonly token: string;
}

/** The newest valid entry of each kind for each subject. Throws ENTRY_UNKNOWN if the device is not known or ended. */
export async function collectCertificates(ctx: IdentityContext, deviceId: string): Promise<Collected[]> {
  const device = await ctx.db
    .selectFrom('identity.device')
    .select(['organisation_id', 'holder_key'])
    .where('id', '=', deviceId)
    .where('retired_at', 'is', null)
    .executeTakeFirst();
  if (!device) throw new AppError('ENTRY_UNKNOWN');
  const organisationId = device.organisation_id;
  const doctors = await ctx.db
    .selectFrom('identity.practitioner')
    .select('id')
    .where('clinic_id', '=', organisationId)
    .execute();
  const rows = await ctx.db
    .selectFrom('identity.register_entry')
    .distinctOn(['subject_id', 'vct'])
    .selectAll()
    .where('subject_id', 'in', [organisationId, ...doctors.map(({ id }) => id)])
    .orderBy('subject_id')
    .orderBy('vct')
    .orderBy('issued_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
  const holder = pointJwk(fromHex(device.holder_key));
  const now = ctx.clock.now();
  const good = rows.filter(({ state, expires_at }) => state === 'valid' && expires_at.getTime() > now);
  const collected: Collected[] = [];
  for (const row of good) collected.push(await collect(ctx, organisationId, row, holder));
  return collected;
}

async function collect(
  ctx: IdentityContext,
  organisationId: string,
  row: RegisterRow,
  holder: PublicJwk,
): Promise<Collected> {
  const token = await signEntry(ctx, row, row.claims ?? {}, holder);
  const known = await ctx.db
    .selectFrom('identity.credential')
    .select('id')
    .where('entry_id', '=', row.id)
    .executeTakeFirst();
  if (!known && kindOf(row.vct)?.copies === 1) await registerCredential(ctx, organisationId, token, row.id);
  return { entry: row.id, subject: row.subject_id!, type: row.vct, token };
}
