/** An assessor's bond: what is there, paying in through the custodian, and taking out while no case is open. */
import { useMutation } from '@tanstack/react-query';
import { type Assessor, type assessorDesk, depositBond, withdrawBond } from '@zhenmei/client/assessor.ts';
import { disputeApi } from '@zhenmei/money/dispute-api.ts';
import { useState } from 'react';
import { minorOf } from '../dispute/settle.tsx';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Card, Facts, Refusal } from '../look/parts.tsx';
import { t, yuan } from '../shell/words.ts';
import { OrderForm, PayIn } from './pay-in.tsx';

type Desk = Awaited<ReturnType<typeof assessorDesk>>;
const SITTING = ['voting', 'revealing', 'tallying', 'appealable', 'secrets', 'opening'];

export function DepositCard({ assessor, d, onDone }: { assessor: Assessor; d: Desk; onDone(): void }) {
  const { api } = assessor.desk;
  const [out, setOut] = useState('');
  const act = useMutation({ mutationFn: (work: () => Promise<unknown>) => work(), onSettled: onDone });
  const taken = useMutation({
    mutationFn: (sum: bigint) => withdrawBond(assessor, sum),
    onSuccess: () => setOut(''),
    onSettled: onDone,
  });
  const { order } = d;
  const leaving = minorOf(out);
  const fits = leaving !== null && leaving > 0n && leaving <= BigInt(d.purse);
  const seated = d.cases.some(({ phase }) => SITTING.includes(phase));
  return (
    <Card title={t('deposit.title')}>
      <p className="m-0 soft">{t('deposit.lead')}</p>
      <Facts
        rows={[
          [t('deposit.now'), yuan(d.purse)],
          [t('deposit.needed'), yuan(d.bond)],
        ]}
      />
      {BigInt(d.purse) < BigInt(d.bond) ? (
        <p className="m-0 text-amber">{t('panels.purse.low', { bond: yuan(d.bond) })}</p>
      ) : null}
      {order?.state === 'minted' ? (
        <Button
          kind="main"
          busy={act.isPending}
          onClick={() => act.mutate(() => depositBond(assessor, BigInt(order.amount)))}
        >
          {t('deposit.place')} · {yuan(order.amount)}
        </Button>
      ) : null}
      <PayIn order={order} busy={act.isPending} run={act.mutate} />
      {!order || order.state === 'expected' ? (
        <OrderForm
          busy={act.isPending}
          onOrder={(minor) =>
            act.mutate(() => api.call(disputeApi.orderDeposit, { body: { amount: minor.toString() } }))
          }
        />
      ) : null}
      {act.error ? <Refusal error={act.error} /> : null}
      {seated ? <p className="m-0 soft">{t('deposit.out.seated')}</p> : null}
      {!seated && BigInt(d.purse) > 0n ? (
        <form
          className="flex flex-col gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            if (fits) taken.mutate(leaving);
          }}
        >
          <Field
            label={t('deposit.out')}
            value={out}
            onValueChange={setOut}
            inputMode="decimal"
            {...(out !== '' && !fits ? { error: t('deposit.wrong') } : {})}
          />
          <Button type="submit" disabled={!fits} busy={taken.isPending}>
            {t('deposit.out.do')}
          </Button>
        </form>
      ) : null}
      {taken.isSuccess ? (
        <p className="m-0" role="status">
          {t('deposit.out.done')}
        </p>
      ) : null}
      {taken.error ? <Refusal error={taken.error} /> : null}
    </Card>
  );
}
