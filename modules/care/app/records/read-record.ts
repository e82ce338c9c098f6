/** Every version of a record, oldest first, as the server has it: nothing of it can be read here. */
import { toBase64Url } from '@zhenmei/kernel';
import type { RecordView } from '../../record-api.ts';
import type { CareContext } from '../context.ts';
import { loadReadable, type Reader } from '../read-visit.ts';

/** Throws VISIT_UNKNOWN unless the reader is one of the visit's two sides. */
export async function readRecord(ctx: CareContext, visitId: string, reader: Reader): Promise<RecordView> {
  const visit = await loadReadable(ctx, visitId, reader);
  const rows = await ctx.db
    .selectFrom('care.record_version')
    .selectAll()
    .where('visit_id', '=', visitId)
    .orderBy('version')
    .execute();
  return {
    clinicKey: visit.offer?.publicKey ?? null,
    patient: visit.patient_address,
    versions: rows.map(({ statement, signature, box, acknowledgement }) => ({
      statement,
      signature,
      box: toBase64Url(box),
      acknowledgement,
    })),
  };
}
