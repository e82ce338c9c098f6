/** How an agreement can be paid, followed while it may change. */
import { useQuery } from '@tanstack/react-query';
import { bearerOf, type PatientVisit } from '@zhenmei/client/patient-steps.ts';
import { railsApi } from '@zhenmei/money/rails-api.ts';
import { patientApi } from '../state/apis.ts';

const EVERY = 2_000;

export const useRails = (visit: PatientVisit, id: `0x${string}`) =>
  useQuery({
    queryKey: ['rails', id],
    refetchInterval: EVERY,
    queryFn: () => patientApi.call(railsApi.readRails, { params: { id }, bearer: bearerOf(visit) }),
  });
