/** “I paid and it is not here”: the payer names the payment by the bank's number and its amount. */
import { useMutation } from '@tanstack/react-query';
import { bearerOf, type PatientVisit } from '@zhenmei/client/patient-steps.ts';
import { parseMoney } from '@zhenmei/kernel/core/money.ts';
import { moneyApi } from '@zhenmei/money/api.ts';
import { type FormEvent, useState } from 'react';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Refusal } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { patientApi } from '../state/apis.ts';

interface Props {
  readonly visit: PatientVisit;
  readonly id: `0x${string}`;
  onDone(): void;
}

export function ClaimPayment({ visit, id, onDone }: Props) {
  const [entry, setEntry] = useState('');
  const [amount, setAmount] = useState('');
  const claim = useMutation({
    mutationFn: async () =>
      patientApi.call(moneyApi.claimPayment, {
        params: { id },
        bearer: bearerOf(visit),
        body: { entry, amount: parseMoney(amount, 'CNY').minor.toString() },
      }),
    onSettled: onDone,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    claim.mutate();
  };
  return (
    <details>
      <summary className="soft cursor-pointer min-h-11 py-2.5">{t('pay.wrong')}</summary>
      <form className="flex flex-col gap-4 mt-2" onSubmit={submit}>
        <p className="m-0 soft">{t('pay.wrong.lead')}</p>
        <Field label={t('pay.wrong.entry')} autoComplete="off" value={entry} onValueChange={setEntry} />
        <Field
          label={t('pay.wrong.amount')}
          hint={t('pay.wrong.amountHint')}
          inputMode="decimal"
          autoComplete="off"
          value={amount}
          onValueChange={setAmount}
        />
        <Button type="submit" busy={claim.isPending} disabled={entry.trim().length < 6 || !amount.trim()}>
          {t('pay.wrong.do')}
        </Button>
        {claim.error ? <Refusal error={claim.error} /> : null}
      </form>
    </details>
  );
}
