/** A clinic's statement by day, as table and PDF, and its settlement invoices. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { type InvoiceView, type StatementDayView, settlementApi } from '@zhenmei/money/settlement-api.ts';
import { type FormEvent, useState } from 'react';
import type { z } from 'zod';
import { CoinIncome } from '../desk/coin-income.tsx';
import { useSeat } from '../desk/use-seat.ts';
import { WaysToBePaid } from '../desk/ways-to-be-paid.tsx';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Loaded } from '../look/loaded.tsx';
import { Card, Facts, Page, Refusal } from '../look/parts.tsx';
import { saveFile } from '../look/save.ts';
import { SealNote } from '../money/seal-note.tsx';
import { calendarDay, date, fullMoment, startOfDay, t, yuan } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';

const MONTH = 30 * 86_400_000;
const SUMS = ['in', 'paid', 'fee', 'refunded', 'withdrawn'] as const;
const PDF = 'application/pdf';

interface Period {
  readonly from: string;
  readonly to: string;
}

export function DeskSettlementPage() {
  const clinic = useSeat().data?.clinic;
  return (
    <Page title={t('settle.title')} lead={t('settle.lead')}>
      {clinic ? (
        <>
          <Days />
          <Invoices />
          <CoinIncome clinic={clinic} period={{ from: calendarDay(now() - MONTH), to: calendarDay(now()) }} />
          <WaysToBePaid />
        </>
      ) : null}
    </Page>
  );
}

function Days() {
  const today = calendarDay(now());
  const [from, setFrom] = useState(calendarDay(now() - MONTH));
  const [to, setTo] = useState(today);
  const [asked, setAsked] = useState<Period>({ from, to });
  const found = useQuery({
    queryKey: ['statement-days', asked],
    retry: false,
    queryFn: () => deskApi.call(settlementApi.statementDays, { query: asked }),
    select: ({ days }) => days,
  });
  const file = useMutation({
    mutationFn: async (kind: 'csv' | 'pdf') => {
      const name = `zhenmei-${asked.from}-${asked.to}`;
      if (kind === 'csv')
        saveFile(
          `${name}.csv`,
          // spreadsheets read it as UTF-8 only with this mark in front, which the reading of the answer took away
          `\uFEFF${await deskApi.call(settlementApi.statementTable, { query: asked })}`,
          'text/csv;charset=utf-8',
        );
      else {
        const { bytes } = await deskApi.call(settlementApi.statementPaper, { query: asked });
        saveFile(`${name}.pdf`, bytes, PDF);
      }
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked({ from, to });
  };
  return (
    <>
      <Card>
        <form className="flex flex-col gap-4" onSubmit={submit}>
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label={t('settle.from')} type="date" value={from} onValueChange={setFrom} />
            <Field label={t('settle.to')} type="date" value={to} onValueChange={setTo} />
          </div>
          <div className="flex flex-wrap gap-3">
            <Button type="submit" kind="main" disabled={!from || !to}>
              {t('settle.show')}
            </Button>
            <Button busy={file.isPending} onClick={() => file.mutate('csv')}>
              {t('settle.csv')}
            </Button>
            <Button busy={file.isPending} onClick={() => file.mutate('pdf')}>
              {t('settle.pdf')}
            </Button>
          </div>
        </form>
        {file.error ? <Refusal error={file.error} /> : null}
      </Card>
      <Loaded query={found} lines={3} empty={t('settle.nothing')}>
        {(days) => days.toReversed().map((day) => <Day key={day.day} day={day} />)}
      </Loaded>
    </>
  );
}

function Day({ day }: { day: z.infer<typeof StatementDayView> }) {
  return (
    <Card title={date(new Date(startOfDay(day.day)).toISOString(), now())}>
      {day.opened > 0 ? <p className="m-0 soft">{t('settle.opened', { n: day.opened })}</p> : null}
      <Facts
        rows={[
          ...SUMS.filter((key) => day[key] !== '0').map(
            (key) => [t(`settle.${key}`), yuan(day[key])] as const,
          ),
          [t('settle.held'), <strong key="held">{yuan(day.held)}</strong>],
          [t('settle.credit'), <strong key="credit">{yuan(day.credit)}</strong>],
        ]}
      />
    </Card>
  );
}

function Invoices() {
  const found = useQuery({
    queryKey: ['invoices'],
    queryFn: () => deskApi.call(settlementApi.listInvoices),
  });
  const file = useMutation({
    mutationFn: async ({ number, label }: z.infer<typeof InvoiceView>) => {
      const { bytes } = await deskApi.call(settlementApi.invoicePaper, { params: { number } });
      saveFile(`zhenmei-${label}.pdf`, bytes, PDF);
    },
  });
  return (
    <Card title={t('settle.invoices')}>
      <p className="m-0 soft">{t('settle.notTax')}</p>
      <SealNote />
      {found.error ? <Refusal error={found.error} /> : null}
      {found.data?.invoices.length === 0 ? <p className="m-0 soft">{t('settle.noInvoices')}</p> : null}
      <ul className="list-none p-0 m-0 flex flex-col">
        {found.data?.invoices.map((one) => (
          <li
            key={one.number}
            className="border-t border-line first:border-0 py-3 flex flex-wrap items-center justify-between gap-3"
          >
            <span>
              <span className="font-medium block">{t('settle.invoice', { label: one.label })}</span>
              <span className="soft">
                {fullMoment(one.issuedAt)} · {yuan(one.paid)}
              </span>
            </span>
            <Button
              className="btn-small"
              busy={file.isPending}
              aria-label={`${t('settle.pdf')} ${one.label}`}
              onClick={() => file.mutate(one)}
            >
              {t('settle.pdf')}
            </Button>
          </li>
        ))}
      </ul>
      {file.error ? <Refusal error={file.error} /> : null}
    </Card>
  );
}
