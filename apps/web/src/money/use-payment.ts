/** The payment order of an agreement, followed while something may still arrive. */
import { useQuery } from '@tanstack/react-query';
import { noneFor } from '@zhenmei/kernel';
import { moneyApi } from '@zhenmei/money/api.ts';
import { patientApi } from '../state/apis.ts';

type AgreementId = `0x${string}`;
const EVERY = 2_000;

/** @param open asks for a payment order if there is none yet */
export const usePayment = (id: AgreementId | null, open: boolean) =>
  useQuery({
    queryKey: ['payment', id, open],
    enabled: id !== null,
    refetchInterval: EVERY,
    queryFn: async () => {
      const params = { id: id! };
      const known = await patientApi.call(moneyApi.readPayment, { params }).catch(noneFor('PAYMENT_UNKNOWN'));
      return known ?? (open ? patientApi.call(moneyApi.orderPayment, { params }) : null);
    },
  });
