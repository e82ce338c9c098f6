/** What lies at an agreement's own address, followed while it may change. */
import { useQuery } from '@tanstack/react-query';
import { bearerOf, type PatientVisit } from '@zhenmei/client/patient-steps.ts';
import { noneFor } from '@zhenmei/kernel';
import { type TokenPaymentView, tokenApi } from '@zhenmei/money/token-api.ts';
import type { z } from 'zod';
import { patientApi } from '../state/apis.ts';

export type Deposit = z.infer<typeof TokenPaymentView>;
const EVERY = 2_000;

/** @param open asks for the address if nobody has */
export const useDeposit = (visit: PatientVisit, id: `0x${string}`, open: boolean, enabled = true) =>
  useQuery({
    queryKey: ['deposit', id, open],
    enabled,
    retry: false,
    refetchInterval: EVERY,
    queryFn: async () => {
      const asked = { params: { id }, bearer: bearerOf(visit) };
      const known = await patientApi.call(tokenApi.readDeposit, asked).catch(noneFor('PAYMENT_UNKNOWN'));
      return known ?? (open ? patientApi.call(tokenApi.orderDeposit, { ...asked, body: {} }) : null);
    },
  });
