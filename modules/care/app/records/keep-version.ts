/** Puts one version of a record into the database and its commitment into the log, in the caller's transaction. */
import { AppError, fromBase64Url, type Hex, sha256, toHex0x } from '@zhenmei/kernel';
import { sealLeafText } from '../../core/receipt.ts';
import {
  type Acknowledgement,
  assertNext,
  assertStated,
  LARGEST_BOX,
  type RecordStatement,
  statementHash,
} from '../../core/sealed-record.ts';
import type { NewVersion } from '../../record-api.ts';
import type { CareContext, CareTx, VisitRow } from '../context.ts';

/** Key of a version's leaf in the log. */
const recordLeafKey = (visitId: string, version: number): string => `record/${visitId}/${version}`;

export async function lastStatement(tx: CareTx, visitId: string): Promise<RecordStatement | null> {
  const row = await tx
    .selectFrom('care.record_version')
    .select('statement')
    .where('visit_id', '=', visitId)
    .orderBy('version', 'desc')
    .executeTakeFirst();
  return row?.statement ?? null;
}

/** Throws RECORD_SIGNATURE_WRONG, RECORD_VERSION_WRONG, RECORD_FULL. */
export async function assertVersion(tx: CareTx, visit: VisitRow, given: NewVersion): Promise<void> {
  const { statement, signature, box } = given;
  const key = visit.offer?.publicKey;
  const bytes = fromBase64Url(box);
  if (
    !key ||
    statement.visit !== visit.id ||
    bytes.length > LARGEST_BOX ||
    toHex0x(sha256(bytes)) !== statement.box
  )
    throw new AppError('RECORD_SIGNATURE_WRONG');
  assertStated(statement, signature, key);
  assertNext(statement, await lastStatement(tx, visit.id));
}

export async function keepVersion(
  ctx: CareContext,
  tx: CareTx,
  visit: VisitRow,
  { statement, signature, box }: NewVersion,
  acknowledgement: Acknowledgement | null,
): Promise<void> {
  const hash: Hex = statementHash(statement);
  await tx
    .insertInto('care.record_version')
    .values({
      visit_id: visit.id,
      version: statement.version,
      statement: JSON.stringify(statement),
      hash,
      signature,
      box: fromBase64Url(box),
      acknowledgement: acknowledgement && JSON.stringify(acknowledgement),
      added_at: new Date(ctx.clock.now()),
    })
    .execute();
  await ctx.log.append(
    tx,
    0x02,
    sealLeafText(statement.commitment),
    recordLeafKey(visit.id, statement.version),
  );
}
