/** Money of an organisation on its way in: how to pay it, and what is being waited for. */
import { useQuery } from '@tanstack/react-query';
import { demoApi, houseApi } from '@zhenmei/server/api/contract.ts';
import { type FormEvent, useState } from 'react';
import { minorOf } from '../dispute/settle.tsx';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Waiting } from '../look/parts.tsx';
import { date, say, t, yuan } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';

interface Order {
  readonly state: string;
  /** Minor units: what was asked for, and the rest of it. */
  readonly amount: string;
  readonly missing: string;
  /** After this nothing is taken any more. */
  readonly payBy: string | null;
  readonly currency: string;
  readonly reference: string;
  readonly payee: { readonly zh: string; readonly en: string };
}
type Run = (work: () => Promise<unknown>) => void;

/** An order that is not paid yet, or not booked yet; nothing otherwise. The demo has a bank that can be told to pay. */
export function PayIn({ order, busy, run }: { order: Order | null; busy: boolean; run: Run }) {
  const config = useQuery({ queryKey: ['config'], queryFn: () => deskApi.call(houseApi.readConfig) });
  if (order?.state === 'received') return <Waiting what={t('deposit.wait')} />;
  if (order?.state !== 'expected') return null;
  const { reference, missing, currency, payee, payBy } = order;
  return (
    <>
      <p className="m-0 amount">{yuan(missing)}</p>
      <p className="m-0">{t('deposit.pay', { reference, payee: say(payee) })}</p>
      {payBy ? <p className="m-0 soft">{t('pay.by', { until: date(payBy, now(), true) })}</p> : null}
      {config.data?.demo ? (
        <Button
          busy={busy}
          onClick={() =>
            run(() => deskApi.call(demoApi.payAtBank, { body: { reference, amount: missing, currency } }))
          }
        >
          {t('deposit.demo')}
        </Button>
      ) : null}
    </>
  );
}

/** An amount, and then how to pay it. */
export function OrderForm({ busy, onOrder }: { busy: boolean; onOrder(minor: bigint): void }) {
  const [text, setText] = useState('');
  const minor = minorOf(text);
  // less than one yuan is no payment
  const fits = minor !== null && minor >= 100n;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (fits) onOrder(minor);
  };
  return (
    <form className="flex flex-col gap-3" onSubmit={submit}>
      <Field
        label={t('deposit.add')}
        value={text}
        onValueChange={setText}
        inputMode="decimal"
        {...(text !== '' && !fits ? { error: t('deposit.add.wrong') } : {})}
      />
      <Button type="submit" disabled={!fits} busy={busy}>
        {t('deposit.order')}
      </Button>
    </form>
  );
}
