/** Writes and reads the access log of a vault. An entry and its leaf are in the caller's transaction, or in none. */
import { AppError, canonicalJson, equalBytes, toHex, toIso } from '@zhenmei/kernel';
import { type AccessEntry, accessHead, accessLeaf, accessLeafKey, accessTag } from '../core/access/entry.ts';
import type { VaultContext, VaultTx } from './context.ts';

/** `access-log-head` in the log's own numbering. */
const LEAF = 0x07;
const PAGE = 200;

/** The first device to open the vault begins its log; the same key again changes nothing. Throws ACCESS_LOG_KEY_SET. */
export async function openAccessLog({ db }: VaultContext, patientId: string, key: Uint8Array): Promise<void> {
  await db
    .insertInto('vault.access_log')
    .values({ patient_id: patientId, key })
    .onConflict((c) => c.doNothing())
    .execute();
  const row = await db
    .selectFrom('vault.access_log')
    .select('key')
    .where('patient_id', '=', patientId)
    .executeTakeFirstOrThrow();
  if (!equalBytes(row.key, key)) throw new AppError('ACCESS_LOG_KEY_SET');
}

type Facts = Partial<Omit<AccessEntry, 'version' | 'seq' | 'previous' | 'at' | 'kind'>>;

/** One entry, with its leaf for the transparency log. Throws ACCESS_LOG_CLOSED. */
export async function record(
  { clock, random, log }: Pick<VaultContext, 'clock' | 'random' | 'log'>,
  tx: VaultTx,
  patientId: string,
  kind: AccessEntry['kind'],
  facts: Facts,
): Promise<AccessEntry> {
  const state = await tx
    .selectFrom('vault.access_log')
    .selectAll()
    .where('patient_id', '=', patientId)
    .forUpdate()
    .executeTakeFirst();
  if (!state) throw new AppError('ACCESS_LOG_CLOSED');
  const now = clock.now();
  const entry: AccessEntry = {
    version: 1,
    seq: state.seq + 1,
    previous: state.head,
    at: toIso(now),
    kind,
    grant: null,
    organisation: null,
    device: null,
    person: null,
    purpose: null,
    reason: null,
    object: null,
    ...facts,
  };
  const salt = random.bytes(16);
  const key = new Uint8Array(state.key);
  await tx
    .insertInto('vault.access')
    .values({
      patient_id: patientId,
      seq: entry.seq,
      body: canonicalJson(entry),
      salt,
      organisation_id: entry.organisation,
      at: new Date(now),
    })
    .execute();
  await tx
    .updateTable('vault.access_log')
    .set({ seq: entry.seq, head: accessHead(salt, entry) })
    .where('patient_id', '=', patientId)
    .execute();
  await log.append(tx, LEAF, accessLeaf(key, salt, entry), accessLeafKey(accessTag(key, entry.seq)));
  return entry;
}

/** Entries behind a number, a page at a time, each with the proof of its leaf once that is published. */
export async function readAccess({ db, log }: VaultContext, patientId: string, after: number) {
  const state = await db
    .selectFrom('vault.access_log')
    .select(['key', 'seq'])
    .where('patient_id', '=', patientId)
    .executeTakeFirst();
  const rows = await db
    .selectFrom('vault.access')
    .select(['seq', 'body', 'salt'])
    .where('patient_id', '=', patientId)
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(PAGE)
    .execute();
  const key = new Uint8Array(state?.key ?? []);
  const entries = await Promise.all(
    rows.map(async ({ seq, body, salt }) => ({
      text: body,
      salt: toHex(new Uint8Array(salt)),
      proof: await log.proof(accessLeafKey(accessTag(key, seq))),
    })),
  );
  return { entries, more: rows.length === PAGE };
}

/** Whether the transparency log has a leaf with this tag: then the vault has an entry of that number. */
export async function findLeaf({ log }: VaultContext, tag: string) {
  return { proof: await log.proof(accessLeafKey(tag)) };
}
