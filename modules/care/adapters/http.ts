/** The visit's handlers, by the names of its contract. */
import { AppError, type Handlers, type RouteContract, type RouteInput } from '@zhenmei/kernel';
import type { CareApi } from '../api.ts';
import { bookVisit } from '../app/book-visit.ts';
import { listClinics, readClinic, readDoctor } from '../app/browse.ts';
import type { CareContext } from '../app/context.ts';
import {
  publishConsent,
  publishService,
  publishSlots,
  publishStandard,
  readConsent,
  readStandard,
} from '../app/publish.ts';
import { deskVisits, loadReadable, type Reader, readEvidence, readVisit } from '../app/read-visit.ts';
import { takeStep, withdrawPending } from '../app/take-step.ts';

const reader = (input: Pick<RouteInput<RouteContract>, 'bearer' | 'caller'>): Reader => ({
  token: input.bearer,
  organisationId: input.caller?.organisationId ?? null,
});

function organisation(input: Pick<RouteInput<RouteContract>, 'caller'>): string {
  const id = input.caller?.organisationId;
  if (!id) throw new AppError('VISIT_UNKNOWN');
  return id;
}

export function careHandlers(ctx: CareContext): Handlers<CareApi> {
  return {
    listClinics: async ({ query }) => ({ clinics: await listClinics(ctx, query.q) }),
    readClinic: ({ params }) => readClinic(ctx, params.id),
    readDoctor: ({ params }) => readDoctor(ctx, params.id),
    publishConsent: ({ body }) => publishConsent(ctx, body),
    readConsent: ({ params }) => readConsent(ctx, params.id, params.version),
    publishStandard: ({ body }) => publishStandard(ctx, body),
    readStandard: ({ params }) => readStandard(ctx, params.id, params.version),
    publishService: (input) => publishService(ctx, organisation(input), input.body, input.lang),
    publishSlots: (input) => publishSlots(ctx, organisation(input), input.body.doctorId, input.body.slots),
    bookVisit: async (input) => {
      const id = await bookVisit(ctx, input.body, input.lang, input.again);
      return readVisit(ctx, id, { token: input.bearer, organisationId: null });
    },
    readVisit: (input) => readVisit(ctx, input.params.id, reader(input)),
    deskVisits: (input) => deskVisits(ctx, organisation(input), input.query),
    takeStep: async (input) => {
      await loadReadable(ctx, input.params.id, reader(input));
      await takeStep(ctx, input.params.id, input.body, {
        organisationId: input.caller?.organisationId ?? null,
        lang: input.lang,
        again: input.again,
      });
      return readVisit(ctx, input.params.id, reader(input));
    },
    withdrawPending: async (input) => {
      await loadReadable(ctx, input.params.id, reader(input));
      await withdrawPending(ctx, input.params.id);
      return readVisit(ctx, input.params.id, reader(input));
    },
    readEvidence: async (input) => (await readEvidence(ctx, input.params.id, reader(input))) as never,
  };
}
