/** One transfer home, signed by the payer's device and left to be sent. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { PatientVisit } from '@zhenmei/client/patient.ts';
import { bearerOf } from '@zhenmei/client/patient-steps.ts';
import { signTokenReturn } from '@zhenmei/client/token-return.ts';
import { tokenApi } from '@zhenmei/money/token-api.ts';
import { t } from '../shell/words.ts';
import { patientApi } from '../state/apis.ts';
import type { Deposit } from './use-deposit.ts';

export interface CoinReturnProps {
  readonly visit: PatientVisit;
  readonly id: `0x${string}`;
  readonly deposit: Deposit;
}

/** Her signature is all that it needs. */
export function useReturn({ visit, id }: Pick<CoinReturnProps, 'visit' | 'id'>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (given: Parameters<typeof signTokenReturn>[1]) => {
      const signed = await signTokenReturn(visit, given);
      const asked = { params: { id }, bearer: bearerOf(visit) };
      return patientApi.call(tokenApi.returnTokens, { ...asked, body: { signed } });
    },
    onSettled: () => void queries.invalidateQueries({ queryKey: ['deposit', id] }),
  });
}

/** One return of a network waits, the newest: the address sends in the order of its numbers. */
export function Replaces({ deposit, chainId }: Pick<CoinReturnProps, 'deposit'> & { chainId: number }) {
  const waits = deposit.returns.some((one) => one.chainId === chainId && one.state === 'signed');
  return waits ? <p className="m-0">{t('coin.home.replaces')}</p> : null;
}
