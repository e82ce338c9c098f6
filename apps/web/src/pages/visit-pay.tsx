/** The payment into the held account, by its reference. */
import { useMutation, useQuery } from '@tanstack/react-query';
import type { VisitView } from '@zhenmei/care/api.ts';
import { checkOffer, type PatientVisit, relayEscrow } from '@zhenmei/client/patient.ts';
import { moneyApi } from '@zhenmei/money/api.ts';
import { demoApi } from '@zhenmei/server/api/contract.ts';
import { Refusal, Waiting } from '../look/parts.tsx';
import { t, yuan } from '../shell/words.ts';
import { patientApi } from '../state/apis.ts';
import { io } from '../state/vault.ts';

export function Pay({ visit, view, onDone }: { visit: PatientVisit; view: VisitView; onDone(): void }) {
  const params = { id: view.agreementId! };
  const order = useQuery({
    queryKey: ['order', view.agreementId],
    queryFn: () => patientApi.call(moneyApi.orderPayment, { params }),
  });
  const pay = useMutation({
    mutationFn: async () => {
      await checkOffer(io, visit, view);
      let found = await patientApi.call(moneyApi.orderPayment, { params });
      if (found.state === 'expected')
        await patientApi.call(demoApi.payAtBank, {
          body: { reference: found.reference, amount: found.amount, currency: found.currency },
        });
      for (let i = 0; i < 60 && found.state !== 'minted'; i++) {
        await new Promise((resolve) => setTimeout(resolve, 500));
        found = await patientApi.call(moneyApi.readPayment, { params });
      }
      await relayEscrow(io, visit, 'open', view);
    },
    onSettled: onDone,
  });
  if (order.error) return <Refusal error={order.error} />;
  return (
    <>
      <p className="m-0 amount">{yuan(view.total)}</p>
      {order.data ? (
        <p className="m-0 soft">{t('visit.payLead', { reference: order.data.reference })}</p>
      ) : null}
      <button
        type="button"
        className="btn btn-main"
        disabled={pay.isPending || !order.data}
        onClick={() => pay.mutate()}
      >
        {t('visit.pay')}
      </button>
      {pay.isPending ? <Waiting what={t('visit.paying')} /> : null}
      {pay.error ? <Refusal error={pay.error} /> : null}
    </>
  );
}
