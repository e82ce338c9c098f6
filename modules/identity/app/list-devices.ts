/** The devices of an organisation: the ones in use, and what became of the others. */
import { AppError, type Hex } from '@zhenmei/kernel';
import '../core/account-errors.ts';
import type { Authority, KnownDevice, RetireReason } from '../core/device-life.ts';
import type { IdentityContext } from './context.ts';

export interface DeviceView {
  readonly id: string;
  /** From 1, in the order in which they joined. */
  readonly number: number;
  readonly name: string | null;
  readonly signer: Hex;
  readonly joinedAt: string;
  /** Null where no session of it is left. */
  readonly seenAt: string | null;
  /** The device that asks. */
  readonly here: boolean;
  /** Whether it may sign for the organisation's account. */
  readonly confirmed: boolean;
  readonly retiredAt: string | null;
  readonly reason: RetireReason | null;
  /** Number of the device that retired it, and of the one in its place. */
  readonly retiredBy: number | null;
  readonly replacedBy: number | null;
}

/** What the account says of who signs; before its first operation, the device that founded it. Throws ORGANISATION_UNKNOWN. */
export async function authorityOf(ctx: IdentityContext, organisationId: string): Promise<Authority> {
  const row = await ctx.db
    .selectFrom('identity.organisation')
    .select(['account', 'first_signer'])
    .where('id', '=', organisationId)
    .executeTakeFirst();
  if (!row?.account || !row.first_signer) throw new AppError('ORGANISATION_UNKNOWN');
  return (
    (await ctx.accounts.authority(row.account)) ?? {
      signers: [row.first_signer],
      threshold: 1,
    }
  );
}

const rowsOf = (ctx: Pick<IdentityContext, 'db'>, organisationId: string) =>
  ctx.db
    .selectFrom('identity.device')
    .selectAll()
    .where('organisation_id', '=', organisationId)
    .orderBy('joined_at')
    .orderBy('id')
    .execute();

export async function knownDevices(
  ctx: Pick<IdentityContext, 'db'>,
  organisationId: string,
): Promise<KnownDevice[]> {
  const rows = await rowsOf(ctx, organisationId);
  return rows.map(({ id, signer, retired_at }) => ({ id, signer, retired: retired_at !== null }));
}

/** Throws ORGANISATION_UNKNOWN. */
export async function listDevices(
  ctx: IdentityContext,
  desk: { readonly organisationId: string; readonly deviceId: string },
): Promise<{ devices: DeviceView[]; threshold: number }> {
  const [rows, { signers, threshold }] = await Promise.all([
    rowsOf(ctx, desk.organisationId),
    authorityOf(ctx, desk.organisationId),
  ]);
  const seen = await ctx.sessions.seen(rows.map(({ id }) => id));
  const numberOf = (id: string | null) => rows.findIndex((row) => row.id === id) + 1 || null;
  const devices = rows.map((row, index) => ({
    id: row.id,
    number: index + 1,
    name: row.name,
    signer: row.signer,
    joinedAt: row.joined_at.toISOString(),
    seenAt: seen.get(row.id)?.toISOString() ?? null,
    here: row.id === desk.deviceId,
    confirmed: signers.includes(row.signer),
    retiredAt: row.retired_at?.toISOString() ?? null,
    reason: row.retired_reason,
    retiredBy: numberOf(row.retired_by),
    replacedBy: numberOf(row.replaced_by),
  }));
  return { devices, threshold };
}
