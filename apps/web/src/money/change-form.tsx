/** The clinic proposes something more: never for today, and never within today's agreement. */
import { useMutation } from '@tanstack/react-query';
import type { VisitView } from '@zhenmei/care/api.ts';
import { priceApi } from '@zhenmei/care/price-api.ts';
import { parseMoney } from '@zhenmei/kernel/core/money.ts';
import { type FormEvent, useState } from 'react';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Card, Pill, Refusal } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { deskApi } from '../state/apis.ts';

const OPEN = ['held', 'ready', 'checked-in', 'unsealed', 'performed', 'claimed'];
const EMPTY = { item: '', itemEn: '', price: '', reason: '', reasonEn: '' };
const FIELDS = ['item', 'itemEn', 'price', 'reason', 'reasonEn'] as const;

export function ChangeForm({ view }: { view: VisitView }) {
  const [said, setSaid] = useState(EMPTY);
  const send = useMutation({
    mutationFn: () =>
      deskApi.call(priceApi.proposeChange, {
        params: { id: view.id },
        body: {
          items: [
            {
              name: { zh: said.item.trim(), en: said.itemEn.trim() },
              quantity: 1,
              unitPrice: parseMoney(said.price, view.quote.currency).minor.toString(),
            },
          ],
          excluded: [],
          reason: { zh: said.reason.trim(), en: said.reasonEn.trim() },
        },
      }),
    onSuccess: () => setSaid(EMPTY),
  });
  if (!OPEN.includes(view.state)) return null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate();
  };
  return (
    <Card>
      <details>
        <summary className="font-medium cursor-pointer min-h-11 py-2.5">{t('change.propose')}</summary>
        <form className="flex flex-col gap-4 mt-2" onSubmit={submit}>
          <p className="m-0 soft">{t('change.lead')}</p>
          {FIELDS.map((key) => (
            <Field
              key={key}
              label={t(`change.${key}`, { money: t(`currency.${view.quote.currency}`) })}
              autoComplete="off"
              {...(key === 'price' ? { inputMode: 'decimal' as const } : {})}
              value={said[key]}
              onValueChange={(text: string) => setSaid({ ...said, [key]: text })}
            />
          ))}
          <Button type="submit" busy={send.isPending} disabled={FIELDS.some((key) => !said[key].trim())}>
            {t('change.send')}
          </Button>
          {send.isSuccess ? <Pill tone="jade">{t('change.sent')}</Pill> : null}
          {send.error ? <Refusal error={send.error} /> : null}
        </form>
      </details>
    </Card>
  );
}
