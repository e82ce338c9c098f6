/** The consents on which grants rest. The server knows each by its hash; what it says is read by the two sides only. */
import { AppError, fromIso, toIso } from '@zhenmei/kernel';
import { assertNoticeHolds } from '../core/consent/notices.ts';
import type { Grant, Purpose } from '../core/grants/grant.ts';
import type { VaultContext, VaultTx } from './context.ts';

/** What a consent is about, for the server. */
type Given = Pick<Grant, 'receipt' | 'subject' | 'purpose' | 'notice'> & {
  readonly grantee: Pick<Grant['grantee'], 'organisation'>;
};

/** With the grant that the person signed. Throws CONSENT_NOTICE_UNKNOWN, CONSENT_NOTICE_CHANGED, CONSENT_WITHDRAWN, CONSENT_UNKNOWN. */
export async function keepConsent(
  { clock }: Pick<VaultContext, 'clock'>,
  tx: VaultTx,
  patientId: string,
  grant: Given & Pick<Grant, 'notAfter'>,
): Promise<void> {
  const now = clock.now();
  assertNoticeHolds(grant.notice, grant.purpose, now);
  await tx
    .insertInto('vault.consent')
    .values({
      receipt: grant.receipt,
      patient_id: patientId,
      subject: grant.subject,
      purpose: grant.purpose,
      notice: JSON.stringify(grant.notice),
      organisation_id: grant.grantee.organisation,
      given_at: new Date(now),
      ends_at: new Date(fromIso(grant.notAfter)),
    })
    .onConflict((c) => c.doNothing())
    .execute();
  await assertConsent({ clock }, tx, patientId, grant);
}

/** Whether a grant rests on a consent that holds now. Throws CONSENT_UNKNOWN, CONSENT_WITHDRAWN, CONSENT_NOTICE_CHANGED. */
export async function assertConsent(
  { clock }: Pick<VaultContext, 'clock'>,
  tx: VaultTx,
  patientId: string,
  grant: Given,
): Promise<void> {
  const row = await tx
    .selectFrom('vault.consent')
    .selectAll()
    .where('receipt', '=', grant.receipt)
    .where('patient_id', '=', patientId)
    .executeTakeFirst();
  const same =
    row &&
    row.subject === grant.subject &&
    row.purpose === grant.purpose &&
    row.notice.hash === grant.notice.hash &&
    row.organisation_id === grant.grantee.organisation;
  if (!same) throw new AppError('CONSENT_UNKNOWN');
  if (row.withdrawn_at || row.ends_at.getTime() <= clock.now()) throw new AppError('CONSENT_WITHDRAWN');
  assertNoticeHolds(row.notice, row.purpose as Purpose, clock.now());
}

/** For whoever ends the last use of a consent. */
export async function markWithdrawn(
  { clock }: Pick<VaultContext, 'clock'>,
  tx: VaultTx,
  receipt: string,
): Promise<void> {
  await tx
    .updateTable('vault.consent')
    .set({ withdrawn_at: new Date(clock.now()) })
    .where('receipt', '=', receipt)
    .where('withdrawn_at', 'is', null)
    .execute();
}

export async function listConsents({ db }: VaultContext, patientId: string) {
  const rows = await db
    .selectFrom('vault.consent')
    .selectAll()
    .where('patient_id', '=', patientId)
    .orderBy('given_at', 'desc')
    .limit(500)
    .execute();
  const consents = rows.map((row) => ({
    receipt: row.receipt,
    purpose: row.purpose as Purpose,
    notice: row.notice,
    organisation: row.organisation_id,
    givenAt: toIso(row.given_at.getTime()),
    endsAt: toIso(row.ends_at.getTime()),
    withdrawnAt: row.withdrawn_at && toIso(row.withdrawn_at.getTime()),
  }));
  return { consents };
}
