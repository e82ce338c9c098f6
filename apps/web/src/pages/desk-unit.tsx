/** One unit: what is left of it, everything that happened to it here, and what may be done with it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { REQUEST_KINDS, REQUESTS, type RequestKind } from '@zhenmei/care/core/stock-requests.ts';
import type { StockUnitView } from '@zhenmei/care/core/stock-views.ts';
import { stockApi } from '@zhenmei/care/stock-api.ts';
import type { Clinic } from '@zhenmei/client/clinic.ts';
import { askFor } from '@zhenmei/client/stock.ts';
import { useState } from 'react';
import { Person, usePerson } from '../desk/person.tsx';
import { Requests } from '../desk/requests.tsx';
import { STATE_TONE } from '../desk/stock-tone.ts';
import { asTyped, onlyAmount, typedAmount, typedUnit } from '../desk/typed-amount.ts';
import { useSeat } from '../desk/use-seat.ts';
import { Button } from '../look/button.tsx';
import { Choice, Select } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Loaded } from '../look/loaded.tsx';
import { Card, Details, Facts, Page, Pill, Refusal } from '../look/parts.tsx';
import { amountOf, date, type Key, say, t } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';
import { Until } from './desk-stock.tsx';

const route = getRouteApi('/desk/stock/unit');

export function UnitPage() {
  const { unit } = route.useSearch();
  const clinic = useSeat().data?.clinic;
  const read = useQuery({
    queryKey: ['stock', 'unit', unit],
    queryFn: () => deskApi.call(stockApi.unit, { query: { unit } }),
  });
  return (
    <Page title={read.data ? say(read.data.unit.product) : t('stock.title')}>
      <Link to="/desk/stock" className="text-plum min-h-11 inline-flex items-center no-print">
        ← {t('back')}
      </Link>
      <Loaded query={read} lines={4}>
        {({ unit, supplier, requests, movements }) => (
          <>
            <Summary unit={unit} supplier={supplier} />
            {clinic && requests.some(({ doneAt }) => doneAt === null) ? <Requests clinic={clinic} /> : null}
            {clinic ? <Act clinic={clinic} unit={unit} /> : null}
            <Timeline movements={movements} unit={unit} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Summary({ unit, supplier }: { unit: StockUnitView; supplier: { zh: string; en: string } | null }) {
  const amount = (n: number) => amountOf(n, unit.amountUnit);
  return (
    <Card>
      <div className="flex flex-wrap justify-between gap-2">
        <Pill tone={STATE_TONE[unit.state]}>{t(`stock.state.${unit.state}`)}</Pill>
        <Until unit={unit} />
      </div>
      <Facts
        rows={[
          [t('stock.serial'), unit.serial],
          ...(unit.lotNumber ? [[t('verdict.lot'), unit.lotNumber] as const] : []),
          ...(supplier ? [[t('stock.supplier'), say(supplier)] as const] : []),
          [
            t('stock.amounts'),
            t('stock.amountsLine', {
              used: amount(unit.used),
              wasted: amount(unit.wasted),
              remaining: amount(unit.remaining),
              amount: amount(unit.amount),
            }),
          ],
        ]}
      />
    </Card>
  );
}

function Timeline({
  movements,
  unit,
}: {
  movements: readonly {
    kind: string;
    at: string;
    amount: number | null;
    reason: string | null;
    event: string;
    by: string | null;
    second: string | null;
  }[];
  unit: StockUnitView;
}) {
  return (
    <Card title={t('stock.timeline')}>
      <ol className="list-none p-0 m-0 border-l border-line ml-2">
        {movements.map((one) => (
          <li key={`${one.event}/${one.kind}`} className="pl-4 pb-3 relative">
            <span aria-hidden="true" className="absolute -left-1.5 top-2 w-3 h-3 rounded-full bg-plum" />
            <span className="font-medium">{t(`stock.move.${one.kind}` as Key)}</span>{' '}
            {one.amount === null ? null : <span>{amountOf(one.amount, unit.amountUnit)}</span>}
            {one.reason ? <span className="block">{reasonWord(one.reason)}</span> : null}
            <span className="soft block text-sm">
              {date(one.at, now(), true)}
              {one.by ? ` · ${t('stock.by', { by: one.by })}` : ''}
              {one.second ? ` · ${t('stock.second', { second: one.second })}` : ''}
            </span>
          </li>
        ))}
      </ol>
      <Details>
        {unit.unit}
        {movements.map((one) => (
          <span key={`${one.event}/${one.kind}`} className="block">
            {one.event}
          </span>
        ))}
      </Details>
    </Card>
  );
}

/** Reasons of people have words of their own; those of the door are told with the scan. */
function reasonWord(reason: string): string {
  const known = Object.values(REQUESTS).some(({ reasons }) => reasons.includes(reason));
  return known ? t(`stock.reason.${reason}` as Key) : '';
}

function Act({ clinic, unit }: { clinic: Clinic; unit: StockUnitView }) {
  const queries = useQueryClient();
  const [person, setPerson] = usePerson();
  const kinds = REQUEST_KINDS.filter((kind) => REQUESTS[kind].from.includes(unit.state));
  const [kind, setKind] = useState<RequestKind | null>(null);
  const [reason, setReason] = useState('');
  const [note, setNote] = useState('');
  const [amount, setAmount] = useState<string | null>(null);
  const wasted = amount === null ? unit.remaining : typedAmount(amount, unit.amountUnit);
  const fits = wasted !== null && wasted >= 1 && wasted <= unit.remaining;
  const ask = useMutation({
    mutationFn: () =>
      askFor(clinic, {
        kind: kind!,
        unit: unit.unit,
        amount: kind === 'waste' ? wasted : null,
        reason: reason || REQUESTS[kind!].reasons[0]!,
        note,
        person: person.trim(),
      }),
    onSettled: () => void queries.invalidateQueries({ queryKey: ['stock'] }),
    onSuccess: () => setKind(null),
  });
  if (kinds.length === 0) return null;
  return (
    <Card title={t('stock.act')}>
      <div className="flex flex-col gap-3 no-print">
        <Choice
          legend={<span className="sr-only">{t('stock.act')}</span>}
          value={kind}
          onChange={(next) => {
            setKind(next);
            setReason('');
            ask.reset();
          }}
          options={kinds.map((one) => ({ value: one, label: t(`stock.request.${one}`) }))}
        />
        {kind ? (
          <>
            <Select
              label={t('stock.reason')}
              value={reason || REQUESTS[kind].reasons[0]!}
              onChange={setReason}
              options={REQUESTS[kind].reasons.map((one) => ({
                value: one,
                label: t(`stock.reason.${one}` as Key),
              }))}
            />
            {kind === 'waste' ? (
              <Field
                label={t('stock.wasteAmount', { unit: t(`unit.name.${typedUnit(unit.amountUnit)}` as Key) })}
                inputMode="decimal"
                value={amount ?? asTyped(unit.remaining, unit.amountUnit)}
                error={
                  fits
                    ? null
                    : t('desk.amountWrong', {
                        least: amountOf(1, unit.amountUnit),
                        left: amountOf(unit.remaining, unit.amountUnit),
                      })
                }
                onValueChange={(text) => setAmount(onlyAmount(text, unit.amountUnit))}
              />
            ) : null}
            <Field label={t('stock.note')} maxLength={500} value={note} onValueChange={setNote} />
            <Person value={person} onChange={setPerson} />
            <Button
              kind="main"
              busy={ask.isPending}
              disabled={person.trim() === '' || (kind === 'waste' && !fits)}
              onClick={() => ask.mutate()}
            >
              {t(REQUESTS[kind].second ? 'stock.ask' : 'stock.askReturn')}
            </Button>
          </>
        ) : null}
        {ask.data ? (
          <p role="status" className="m-0">
            <Pill tone="jade">{t(ask.data.doneAt ? 'stock.done' : 'stock.asked')}</Pill>
          </p>
        ) : null}
        {ask.error ? <Refusal error={ask.error} /> : null}
      </div>
    </Card>
  );
}
