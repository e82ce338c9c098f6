/** The payment order of a visit's agreement, followed while something may still arrive. */
import { useQuery } from '@tanstack/react-query';
import { bearerOf, type PatientVisit } from '@zhenmei/client/patient-steps.ts';
import { noneFor } from '@zhenmei/kernel';
import { moneyApi } from '@zhenmei/money/api.ts';
import { patientApi } from '../state/apis.ts';

type AgreementId = `0x${string}`;
const EVERY = 2_000;

/** @param open asks for a payment order if there is none yet */
export const usePayment = (visit: PatientVisit, id: AgreementId | null, open: boolean) =>
  useQuery({
    queryKey: ['payment', id, open],
    enabled: id !== null,
    refetchInterval: EVERY,
    queryFn: async () => {
      const asked = { params: { id: id! }, bearer: bearerOf(visit) };
      const known = await patientApi.call(moneyApi.readPayment, asked).catch(noneFor('PAYMENT_UNKNOWN'));
      return known ?? (open ? patientApi.call(moneyApi.orderPayment, asked) : null);
    },
  });
