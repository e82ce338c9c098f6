/** What all devices of a person are told, in the order in which it happened. */
import { toIso } from '@zhenmei/kernel';
import { sql } from 'kysely';
import type { NOTICE_KINDS } from '../api-devices.ts';
import type { VaultContext, VaultTx } from './context.ts';

export type NoticeKind = (typeof NOTICE_KINDS)[number];
export type NoticeFacts = Readonly<Record<string, string | number>>;

/** Inside the transaction of what happened. @param facts nothing about health */
export async function tell(
  { clock }: Pick<VaultContext, 'clock'>,
  tx: VaultTx,
  patientId: string,
  kind: NoticeKind,
  facts: NoticeFacts = {},
): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`vault.notice/${patientId}`}, 0))`.execute(tx);
  const { last } = await tx
    .selectFrom('vault.notice')
    .select((eb) => eb.fn.max('n').as('last'))
    .where('patient_id', '=', patientId)
    .executeTakeFirstOrThrow();
  await tx
    .insertInto('vault.notice')
    .values({
      patient_id: patientId,
      n: (last ?? 0) + 1,
      kind,
      facts: JSON.stringify(facts),
      at: new Date(clock.now()),
    })
    .execute();
}

/** The newest two hundred after number `after`. */
export async function readNotices({ db }: VaultContext, patientId: string, after: number) {
  const rows = await db
    .selectFrom('vault.notice')
    .selectAll()
    .where('patient_id', '=', patientId)
    .where('n', '>', after)
    .orderBy('n', 'desc')
    .limit(200)
    .execute();
  const notices = rows.reverse().map(({ n, kind, facts, at }) => ({
    n,
    kind: kind as NoticeKind,
    facts,
    at: toIso(at.getTime()),
  }));
  return { notices };
}
