/** What happened at the bank after the money was held, if anything did: a second payment, or one that was taken back. */
import { useMutation } from '@tanstack/react-query';
import type { PatientVisit } from '@zhenmei/client/patient-steps.ts';
import { demoApi } from '@zhenmei/server/api/contract.ts';
import { Button } from '../look/button.tsx';
import { Refusal } from '../look/parts.tsx';
import { t, yuan } from '../shell/words.ts';
import { patientApi } from '../state/apis.ts';
import { Trail } from './trail.tsx';
import { usePayment } from './use-payment.ts';

export function AfterPayment({ visit, id }: { visit: PatientVisit; id: `0x${string}` }) {
  const order = usePayment(visit, id, false);
  const found = order.data;
  const pay = useMutation({
    mutationFn: () =>
      patientApi.call(demoApi.payAtBank, {
        body: { reference: found!.reference, amount: found!.missing, currency: found!.currency },
      }),
    onSettled: () => void order.refetch(),
  });
  if (!found?.entries.some(({ state }) => state !== 'matched')) return null;
  const owed = found.state !== 'expected' && found.missing !== '0';
  return (
    <>
      <Trail order={found} />
      {owed ? (
        <>
          <p className="m-0 font-medium">{t('pay.owed')}</p>
          <Button kind="main" busy={pay.isPending} onClick={() => pay.mutate()}>
            {t('pay.again', { amount: yuan(found.missing) })}
          </Button>
        </>
      ) : null}
      {pay.error ? <Refusal error={pay.error} /> : null}
    </>
  );
}
