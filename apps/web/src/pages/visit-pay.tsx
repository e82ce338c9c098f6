/** The payment into the held account: how to pay, what has arrived, and what to do if it does not fit. */
import { useMutation } from '@tanstack/react-query';
import type { VisitView } from '@zhenmei/care/api.ts';
import { checkOffer, type PatientVisit, relayEscrow } from '@zhenmei/client/patient.ts';
import { bearerOf } from '@zhenmei/client/patient-steps.ts';
import { moneyApi } from '@zhenmei/money/api.ts';
import { demoApi } from '@zhenmei/server/api/contract.ts';
import { useState } from 'react';
import { Button } from '../look/button.tsx';
import { Choice } from '../look/choice.tsx';
import { Refusal, Waiting } from '../look/parts.tsx';
import { CardPay } from '../money/card-pay.tsx';
import { ClaimPayment } from '../money/claim-payment.tsx';
import { CoinPay } from '../money/coin-pay.tsx';
import { DemoPayments } from '../money/demo-payments.tsx';
import { type Order, Trail } from '../money/trail.tsx';
import { useCoin } from '../money/use-coin.ts';
import { usePayment } from '../money/use-payment.ts';
import { useRails } from '../money/use-rails.ts';
import { date, t, yuan } from '../shell/words.ts';
import { now, patientApi } from '../state/apis.ts';
import { io } from '../state/vault.ts';

export function Pay({ visit, view, onDone }: { visit: PatientVisit; view: VisitView; onDone(): void }) {
  const params = { id: view.agreementId! };
  const asked = { params, bearer: bearerOf(visit) };
  const order = usePayment(visit, params.id, true);
  const rails = useRails(visit, params.id).data;
  const coin = useCoin(view.terms);
  const [chosen, setChosen] = useState<'custodian' | 'card' | null>(null);
  const pay = useMutation({
    mutationFn: async () => {
      await checkOffer(io, visit, view);
      let found = await patientApi.call(moneyApi.orderPayment, asked);
      if (found.state === 'expected')
        await patientApi.call(demoApi.payAtBank, {
          body: { reference: found.reference, amount: found.missing, currency: found.currency },
        });
      for (let i = 0; i < 60 && found.state !== 'minted'; i++) {
        await new Promise((resolve) => setTimeout(resolve, 500));
        found = await patientApi.call(moneyApi.readPayment, asked);
      }
      await relayEscrow(io, visit, 'open', view);
    },
    onSettled: onDone,
  });
  if (order.error) return <Refusal error={order.error} />;
  const found = order.data;
  if (found && coin) return <CoinPay visit={visit} view={view} onDone={onDone} />;
  if (rails && !WAYS.some((rail) => rails.rails.includes(rail)))
    return <p className="m-0">{t('rail.none')}</p>;
  const ways = WAYS.filter((rail) => rails?.rails.includes(rail));
  const byCard = found?.state === 'expected' && ways.includes('card');
  // whoever was on the acquirer's page comes back to where she left
  const way = chosen ?? (byCard && rails?.card ? 'card' : 'custodian');
  return (
    <>
      <p className="m-0 amount">{yuan(view.total, view.quote.currency)}</p>
      {found ? <p className="m-0 soft">{t('visit.payLead', { reference: found.reference })}</p> : null}
      {found?.state === 'expected' && found.payBy ? (
        <p className="m-0 soft">{t('pay.by', { until: date(found.payBy, now(), true) })}</p>
      ) : null}
      {found ? <Trail order={found} /> : null}
      {found && isPart(found) ? (
        <p className="m-0 font-medium">{t('pay.missing', { amount: yuan(found.missing) })}</p>
      ) : null}
      {byCard && ways.length > 1 ? (
        <Choice<(typeof WAYS)[number]>
          legend={t('rail.choose')}
          options={ways.map((rail) => ({ value: rail, label: <Way rail={rail} /> }))}
          value={way}
          onChange={setChosen}
        />
      ) : null}
      {byCard && way === 'card' ? (
        <CardPay visit={visit} id={params.id} card={rails?.card ?? null} missing={found!.missing} />
      ) : (
        <Button kind="main" busy={pay.isPending} disabled={!found} onClick={() => pay.mutate()}>
          {found ? labelOf(found) : t('visit.pay')}
        </Button>
      )}
      {pay.isPending ? <Waiting what={t('visit.paying')} /> : null}
      {pay.error ? <Refusal error={pay.error} /> : null}
      {found?.state === 'expected' && way === 'custodian' ? (
        <>
          <ClaimPayment visit={visit} id={params.id} onDone={() => void order.refetch()} />
          <DemoPayments order={found} onDone={() => void order.refetch()} />
        </>
      ) : null}
    </>
  );
}

const WAYS = ['custodian', 'card'] as const;

function Way({ rail }: { rail: (typeof WAYS)[number] }) {
  return (
    <span className="block py-1">
      <span className="font-medium block">{t(`rail.${rail}`)}</span>
      <span className="soft block">{t(`rail.${rail}.text`)}</span>
    </span>
  );
}

const isPart = (order: Order): boolean => order.state === 'expected' && order.missing !== order.amount;

function labelOf(order: Order): string {
  if (order.state !== 'expected') return t('pay.holdNow');
  return isPart(order) ? t('pay.rest', { amount: yuan(order.missing) }) : t('visit.pay');
}
