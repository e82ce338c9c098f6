/** An offer to split: the same amount signed by both sides ends the dispute at once. */
import { useMutation } from '@tanstack/react-query';
import { type Dispute, type DisputeSeat, offerSplit } from '@zhenmei/client/dispute.ts';
import type { Currency } from '@zhenmei/kernel/core/money.ts';
import { useState } from 'react';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Card, Refusal } from '../look/parts.tsx';
import { t, yuan } from '../shell/words.ts';

/** Minor units of what was typed, or null. */
export function minorOf(text: string): bigint | null {
  const read = /^(\d{1,12})(?:[.](\d{1,2}))?$/.exec(text.trim().replaceAll(/[,，]/g, ''));
  return read ? BigInt(read[1]!) * 100n + BigInt((read[2] ?? '').padEnd(2, '0')) : null;
}

/** How much goes back of what is held: the field, and the minor units once what was typed fits. */
export function useRefund(held: string, currency: Currency) {
  const [text, setText] = useState('');
  const read = minorOf(text);
  const refund = read !== null && read <= BigInt(held) ? read : null;
  const field = (
    <Field
      label={t('dispute.settle.refund', { money: t(`currency.${currency}`) })}
      inputMode="decimal"
      value={text}
      onValueChange={setText}
      {...(text !== '' && refund === null ? { error: t('dispute.settle.wrong') } : {})}
    />
  );
  return { refund, field };
}

export function Settle({ seat, d, onDone }: { seat: DisputeSeat; d: Dispute; onDone(): void }) {
  const { refund, field } = useRefund(d.held, d.currency);
  const sign = useMutation({
    mutationFn: (refund: bigint) => offerSplit(seat, d, refund),
    onSettled: onDone,
  });
  const mine = d.splits.find(({ by }) => by === seat.you);
  return (
    <Card title={t('dispute.settle')}>
      <p className="m-0 soft">{t('dispute.settle.lead')}</p>
      {d.splits.length === 0 ? <p className="m-0">{t('dispute.settle.none')}</p> : null}
      {d.splits.map((split) => (
        <div key={split.by} className="flex flex-wrap gap-3 items-center justify-between">
          <span>{t(`dispute.split.${split.by}`, { refund: yuan(split.refund, d.currency) })}</span>
          {split.by !== seat.you && mine?.refund !== split.refund ? (
            <Button busy={sign.isPending} onClick={() => sign.mutate(BigInt(split.refund))}>
              {t('dispute.settle.accept', { refund: yuan(split.refund, d.currency) })}
            </Button>
          ) : null}
        </div>
      ))}
      {field}
      <Button
        busy={sign.isPending}
        disabled={refund === null}
        onClick={() => refund !== null && sign.mutate(refund)}
      >
        {t('dispute.settle.sign')}
      </Button>
      {sign.error ? <Refusal error={sign.error} /> : null}
    </Card>
  );
}
