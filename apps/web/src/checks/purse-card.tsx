/** A verifier's money: paying the bond in, what is free, locked, due and still to come, and taking it out. */
import { useMutation } from '@tanstack/react-query';
import type { Desk } from '@zhenmei/client/desk.ts';
import { addToBond, type Purse, takeBondOut } from '@zhenmei/client/verifier.ts';
import { verificationApi } from '@zhenmei/money/verification-api.ts';
import { type FormEvent, useState } from 'react';
import { OrderForm, PayIn } from '../desk/pay-in.tsx';
import { minorOf } from '../dispute/settle.tsx';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Card, Facts, Refusal } from '../look/parts.tsx';
import { date, t, yuan } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { TakeOut } from './take-out.tsx';

interface Props {
  readonly desk: Desk;
  readonly purse: Purse;
  onDone(): void;
}

export function PurseCard({ desk, purse, onDone }: Props) {
  const act = useMutation({ mutationFn: (work: () => Promise<unknown>) => work(), onSettled: onDone });
  const { order, free, lock, units, locked, waiting, credit } = purse;
  const low = purse.admission.state === 'admitted' && BigInt(free) < BigInt(lock);
  const pays = order?.state === 'expected' || order?.state === 'received';
  const lines = (rows: readonly { id: string; line: string; amount: string }[]) =>
    rows.length === 0
      ? t('verifier.none')
      : rows.map(({ id, line, amount }) => (
          <span key={id} className="block">
            {yuan(amount)} <span className="soft text-sm">{line}</span>
          </span>
        ));
  return (
    <Card title={t('verifier.money')}>
      <p className="m-0 soft">{t('verifier.money.lead', { lock: yuan(lock) })}</p>
      <Facts
        rows={[
          [t('verifier.free'), yuan(free)],
          [
            t('verifier.locked'),
            lines(locked.map((one) => ({ ...one, line: t('verifier.locked.one', { id: one.id }) }))),
          ],
          [t('verifier.credit'), yuan(credit)],
          [
            t('verifier.later'),
            lines(
              waiting.map((one) => ({
                ...one,
                line: t('verifier.later.one', { id: one.id, when: one.at ? date(one.at, now()) : '' }),
              })),
            ),
          ],
          [t('verifier.earned'), yuan(purse.earned)],
          [t('verifier.slashed'), yuan(purse.slashed)],
        ]}
      />
      {low ? <p className="m-0 text-amber">{t('check.queue.bond.low', { lock: yuan(lock) })}</p> : null}
      {units === '0' ? null : (
        <Button
          kind="main"
          busy={act.isPending}
          onClick={() => act.mutate(() => addToBond(desk, BigInt(units)))}
        >
          {t('verifier.bond.add', { amount: yuan(units) })}
        </Button>
      )}
      <PayIn order={order} busy={act.isPending} run={act.mutate} />
      {pays ? null : (
        <OrderForm
          busy={act.isPending}
          onOrder={(minor) =>
            act.mutate(() =>
              desk.api.call(verificationApi.orderCheckMoney, { body: { amount: minor.toString() } }),
            )
          }
        />
      )}
      {act.error ? <Refusal error={act.error} /> : null}
      <TakeOut desk={desk} credit={credit} onDone={onDone} />
      {free === '0' ? null : <BondOut desk={desk} free={free} onDone={onDone} />}
    </Card>
  );
}

function BondOut({ desk, free, onDone }: { desk: Desk; free: string; onDone(): void }) {
  const [text, setText] = useState('');
  const taken = useMutation({
    mutationFn: (sum: bigint) => takeBondOut(desk, sum),
    onSuccess: () => setText(''),
    onSettled: onDone,
  });
  const sum = minorOf(text);
  const fits = sum !== null && sum > 0n && sum <= BigInt(free);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (fits) taken.mutate(sum);
  };
  return (
    <form className="flex flex-col gap-3 border-t border-line pt-3" onSubmit={submit}>
      <Field
        label={t('verifier.bond.out')}
        hint={t('verifier.bond.out.note')}
        inputMode="decimal"
        value={text}
        onValueChange={setText}
        {...(text !== '' && !fits ? { error: t('verifier.bond.wrong') } : {})}
      />
      <Button type="submit" disabled={!fits} busy={taken.isPending}>
        {t('verifier.bond.out.do')}
      </Button>
      {taken.isSuccess ? (
        <p className="m-0" role="status">
          {t('verifier.credit.done')}
        </p>
      ) : null}
      {taken.error ? <Refusal error={taken.error} /> : null}
    </form>
  );
}
