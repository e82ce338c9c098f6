/** A clinic's price list: the version in force, the next one, and all before. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { careApi } from '@zhenmei/care/api.ts';
import type { Cancellation } from '@zhenmei/care/core/cancellation.ts';
import type { Plan } from '@zhenmei/care/core/plan.ts';
import type { PriceList } from '@zhenmei/care/core/price-list.ts';
import { itemsTotal } from '@zhenmei/care/core/quote.ts';
import { type ServiceBody, serviceCode } from '@zhenmei/care/core/service.ts';
import { priceApi } from '@zhenmei/care/price-api.ts';
import { type Currency, parseMoney } from '@zhenmei/kernel/core/money.ts';
import { type FormEvent, useState } from 'react';
import { type CancelDraft, CancelFields, cancelDraftOf, cancellationOf } from '../desk/cancel-fields.tsx';
import { draftOf, type PlanDraft, PlanFields, planOf } from '../desk/plan-fields.tsx';
import { PledgeField, pledgeDraftOf, pledgeIn } from '../desk/pledge-field.tsx';
import { useSeat } from '../desk/use-seat.ts';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Card, Facts, Page, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { yuanText } from '../money/amounts.ts';
import { CancelPrice } from '../money/cancel-price.tsx';
import { CoursePrice } from '../money/course-price.tsx';
import { PledgePrice } from '../money/pledge.tsx';
import { calendarDay, date, say, startOfDay, t, yuan } from '../shell/words.ts';
import { deskApi, now, syncClock } from '../state/apis.ts';

export function DeskPricesPage() {
  const clinicId = useSeat().data?.clinic?.desk.organisationId;
  const clinic = useQuery({
    queryKey: ['own-clinic', clinicId],
    enabled: Boolean(clinicId),
    queryFn: () => deskApi.call(careApi.readClinic, { params: { id: clinicId! } }),
  });
  const lists = useQuery({
    queryKey: ['price-lists', clinicId],
    enabled: Boolean(clinicId),
    queryFn: async () => (await deskApi.call(priceApi.readPriceLists, { params: { id: clinicId! } })).lists,
  });
  const refresh = () => {
    void lists.refetch();
    void clinic.refetch();
  };
  const error = clinic.error ?? lists.error;
  return (
    <Page title={t('prices.title')} lead={t('prices.lead')}>
      {error ? <Refusal error={error} /> : null}
      {clinic.data && lists.data ? (
        <>
          {lists.data.length === 0 ? (
            <Card>
              <p className="m-0 soft">{t('prices.none')}</p>
            </Card>
          ) : null}
          <Next key={lists.data.length} services={clinic.data.services} onDone={refresh} />
          {lists.data.map(({ list, currencies }) => (
            <Version
              key={list.version}
              list={list}
              currencies={currencies}
              names={namesOf(clinic.data.services)}
            />
          ))}
        </>
      ) : (
        <Waiting what={t('loading')} lines={4} />
      )}
    </Page>
  );
}

type Services = readonly {
  readonly body: {
    readonly code?: string | undefined;
    readonly procedure: ServiceBody['procedure'];
    readonly currency: Currency;
    readonly plan?: Plan | undefined;
    readonly cancellation?: Cancellation | undefined;
    readonly pledgeBps?: number | undefined;
    readonly items: PriceList['services'][number]['items'];
    readonly excluded: PriceList['services'][number]['excluded'];
  };
}[];

const namesOf = (services: Services) =>
  new Map(services.map(({ body }) => [serviceCode(body), say(body.procedure.name)]));

function Next({ services, onDone }: { services: Services; onDone(): void }) {
  const [prices, setPrices] = useState<Readonly<Record<string, string>>>({});
  const [plans, setPlans] = useState<Readonly<Record<string, PlanDraft>>>({});
  const draftFor = (body: Services[number]['body']) => plans[serviceCode(body)] ?? draftOf(body.plan);
  const [cancels, setCancels] = useState<Readonly<Record<string, CancelDraft>>>({});
  const cancelFor = (body: Services[number]['body']) =>
    cancels[serviceCode(body)] ?? cancelDraftOf(body.cancellation);
  /** What is kept; never of a price in parts. */
  const keptFor = (body: Services[number]['body']) =>
    planOf(draftFor(body)) === undefined ? cancellationOf(cancelFor(body)) : undefined;
  const [pledges, setPledges] = useState<Readonly<Record<string, string>>>({});
  const pledgeFor = (body: Services[number]['body']) =>
    pledges[serviceCode(body)] ?? pledgeDraftOf(body.pledgeBps);
  const itemsFor = (body: Services[number]['body']) =>
    body.items.map((item, i) => ({
      ...item,
      quantity: quantityOf(item.quantity, body.plan, planOf(draftFor(body))),
      unitPrice: priceOf(prices[`${serviceCode(body)}/${i}`], item.unitPrice, body.currency),
    }));
  const wrong = services.some(({ body }) =>
    [planOf(draftFor(body)), keptFor(body), pledgeIn(pledgeFor(body))].includes(null),
  );
  const [from, setFrom] = useState(calendarDay(now()));
  const publish = useMutation({
    mutationFn: async () => {
      await syncClock();
      // today means now: the beginning of the day is over; a moment is left for the way there
      const at = Math.max(startOfDay(from), now() + 2_000);
      return deskApi.call(priceApi.publishPriceList, {
        body: {
          validFrom: new Date(at).toISOString(),
          services: services.map(({ body }) => ({
            code: serviceCode(body),
            items: itemsFor(body),
            included: [],
            excluded: body.excluded,
            ...planPart(planOf(draftFor(body))),
            ...(keptFor(body) ? { cancellation: keptFor(body)! } : {}),
            ...pledgePart(pledgeIn(pledgeFor(body))),
          })),
        },
      });
    },
    onSuccess: onDone,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    publish.mutate();
  };
  return (
    <Card title={t('prices.next')}>
      <form className="flex flex-col gap-4" onSubmit={submit}>
        {services.map(({ body }) => (
          <fieldset key={serviceCode(body)} className="border-0 m-0 p-0 flex flex-col gap-3">
            <legend className="font-semibold p-0 mb-2">{say(body.procedure.name)}</legend>
            {body.items.map((item, i) => {
              const key = `${serviceCode(body)}/${i}`;
              return (
                <Field
                  key={key}
                  label={t('prices.each', { item: say(item.name), money: t(`currency.${body.currency}`) })}
                  inputMode="decimal"
                  value={prices[key] ?? yuanText(item.unitPrice)}
                  onValueChange={(text: string) => setPrices({ ...prices, [key]: text })}
                />
              );
            })}
            <PlanFields
              draft={draftFor(body)}
              onChange={(draft) => setPlans({ ...plans, [serviceCode(body)]: draft })}
            />
            <CancelFields
              draft={cancelFor(body)}
              total={totalOf(() => itemsTotal(itemsFor(body)))}
              currency={body.currency}
              divided={planOf(draftFor(body)) !== undefined}
              onChange={(draft) => setCancels({ ...cancels, [serviceCode(body)]: draft })}
            />
            <PledgeField
              draft={pledgeFor(body)}
              total={totalOf(() => itemsTotal(itemsFor(body)))}
              currency={body.currency}
              onChange={(draft) => setPledges({ ...pledges, [serviceCode(body)]: draft })}
            />
          </fieldset>
        ))}
        <Field
          label={t('prices.from')}
          hint={t('prices.fromHint')}
          type="date"
          min={calendarDay(now())}
          value={from}
          onValueChange={setFrom}
        />
        <Button type="submit" kind="main" busy={publish.isPending} disabled={!from || wrong}>
          {t('prices.publish')}
        </Button>
      </form>
      {publish.error ? <Refusal error={publish.error} /> : null}
    </Card>
  );
}

/** What was counted by session goes on being counted so. */
const quantityOf = (quantity: number, before: Plan | undefined, after: Plan | undefined | null): number =>
  quantity === (before?.sessions ?? 1) ? (after?.sessions ?? 1) : quantity;

/** Null while a price that is being typed cannot be read. */
function totalOf(read: () => bigint): bigint | null {
  try {
    return read();
  } catch {
    return null;
  }
}

const pledgePart = (pledgeBps: number | undefined | null) => (pledgeBps ? { pledgeBps } : {});

const planPart = (plan: Plan | undefined | null) => (plan ? { plan } : {});

const priceOf = (typed: string | undefined, before: string, currency: Currency): string =>
  typed === undefined ? before : parseMoney(typed, currency).minor.toString();

function Version({
  list,
  currencies,
  names,
}: {
  list: PriceList;
  currencies: Readonly<Record<string, Currency>>;
  names: ReadonlyMap<string, string>;
}) {
  return (
    <Card title={t('prices.version', { n: list.version, from: date(list.validFrom, now(), true) })}>
      {Date.parse(list.validFrom) > now() ? <Pill tone="amber">{t('prices.notYet')}</Pill> : null}
      {list.services.map((service) => {
        const currency = currencies[service.code]!;
        const total = String(itemsTotal(service.items));
        return (
          <section key={service.code} className="flex flex-col gap-1">
            <h3 className="font-semibold m-0 text-base">{names.get(service.code) ?? ''}</h3>
            <Facts
              rows={service.items.map(
                (i) =>
                  [say(i.name), yuan(String(BigInt(i.unitPrice) * BigInt(i.quantity)), currency)] as const,
              )}
            />
            {service.plan ? <CoursePrice plan={service.plan} total={total} currency={currency} /> : null}
            {service.cancellation ? (
              <CancelPrice cancellation={service.cancellation} total={total} currency={currency} />
            ) : null}
            <PledgePrice bps={service.pledgeBps} total={total} currency={currency} />
          </section>
        );
      })}
    </Card>
  );
}
