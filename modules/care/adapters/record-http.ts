/** The handlers of sealed records, by the names of their contract. */
import { AppError, type Handlers } from '@zhenmei/kernel';
import type { CareContext } from '../app/context.ts';
import { loadReadable } from '../app/read-visit.ts';
import { acknowledgeVersion } from '../app/records/acknowledge-version.ts';
import { addVersion } from '../app/records/add-version.ts';
import { readRecord } from '../app/records/read-record.ts';
import type { RecordApi } from '../record-api.ts';

export function recordHandlers(ctx: CareContext): Handlers<RecordApi> {
  return {
    readRecord: ({ params, bearer, caller }) =>
      readRecord(ctx, params.id, { token: bearer, organisationId: caller?.organisationId ?? null }),
    addVersion: async ({ params, body, caller }) => {
      const organisationId = caller?.organisationId;
      if (!organisationId) throw new AppError('VISIT_UNKNOWN');
      await addVersion(ctx, params.id, organisationId, body);
      return readRecord(ctx, params.id, { token: null, organisationId });
    },
    acknowledge: async ({ params, body, bearer }) => {
      const reader = { token: bearer, organisationId: null };
      await loadReadable(ctx, params.id, reader);
      await acknowledgeVersion(ctx, params.id, params.version, body);
      return readRecord(ctx, params.id, reader);
    },
  };
}
