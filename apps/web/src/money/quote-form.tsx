/** The clinic's own quote before its offer: whatever differs from the price list asks for a reason. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { careApi, type VisitView } from '@zhenmei/care/api.ts';
import { differingItems } from '@zhenmei/care/core/price-list.ts';
import { priceApi } from '@zhenmei/care/price-api.ts';
import { parseMoney } from '@zhenmei/kernel/core/money.ts';
import { type FormEvent, useState } from 'react';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Refusal } from '../look/parts.tsx';
import { say, t } from '../shell/words.ts';
import { deskApi } from '../state/apis.ts';
import { yuanText } from './amounts.ts';

export function QuoteForm({ view, onDone }: { view: VisitView; onDone(): void }) {
  const [prices, setPrices] = useState<Readonly<Record<number, string>>>({});
  const [reasons, setReasons] = useState<Readonly<Record<string, { zh: string; en: string }>>>({});
  const clinic = useQuery({
    queryKey: ['own-clinic', view.clinic.id],
    queryFn: () => deskApi.call(careApi.readClinic, { params: { id: view.clinic.id } }),
  });
  const listed =
    clinic.data?.services.find(({ id }) => id === view.serviceId)?.body.items ?? view.quote.items;
  const items = view.quote.items.map((item, i) => {
    const typed = prices[i];
    return typed === undefined ? item : { ...item, unitPrice: minorOf(typed) ?? item.unitPrice };
  });
  const differing = differingItems(listed, items);
  const save = useMutation({
    mutationFn: () =>
      deskApi.call(priceApi.reviseQuote, {
        params: { id: view.id },
        body: {
          items,
          excluded: view.quote.excluded,
          differs: differing.flatMap(({ zh }) =>
            reasons[zh]?.zh && reasons[zh].en ? [{ item: zh, reason: reasons[zh] }] : [],
          ),
        },
      }),
    onSettled: onDone,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const reason = (zh: string, change: Partial<{ zh: string; en: string }>) =>
    setReasons({ ...reasons, [zh]: { ...(reasons[zh] ?? { zh: '', en: '' }), ...change } });
  return (
    <details>
      <summary className="soft cursor-pointer min-h-11 py-2.5">{t('quote.edit')}</summary>
      <form className="flex flex-col gap-4 mt-2" onSubmit={submit}>
        {view.quote.items.map((item, i) => (
          <Field
            key={item.name.zh}
            label={t('prices.each', { item: say(item.name), money: t(`currency.${view.quote.currency}`) })}
            inputMode="decimal"
            value={prices[i] ?? yuanText(item.unitPrice)}
            onValueChange={(text: string) => setPrices({ ...prices, [i]: text })}
          />
        ))}
        {differing.map((name) => (
          <div key={name.zh} className="flex flex-col gap-3">
            <Field
              label={t('quote.reason', { item: say(name) })}
              value={reasons[name.zh]?.zh ?? ''}
              onValueChange={(zh: string) => reason(name.zh, { zh })}
            />
            <Field
              label={t('quote.reasonEn')}
              value={reasons[name.zh]?.en ?? ''}
              onValueChange={(en: string) => reason(name.zh, { en })}
            />
          </div>
        ))}
        <Button type="submit" busy={save.isPending}>
          {t('quote.save')}
        </Button>
        {save.error ? <Refusal error={save.error} /> : null}
      </form>
    </details>
  );
}

function minorOf(text: string): string | null {
  try {
    return parseMoney(text, 'CNY').minor.toString();
  } catch {
    return null;
  }
}
