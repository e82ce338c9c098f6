/** The register of toxic drugs: by period, as a table to print and as a file. */
import { useQuery } from '@tanstack/react-query';
import type { MovementKind } from '@zhenmei/care/core/stock.ts';
import { REGISTER_COLUMNS, type RegisterRow, registerCsv } from '@zhenmei/care/core/toxin-register.ts';
import { stockApi } from '@zhenmei/care/stock-api.ts';
import { useState } from 'react';
import { useSeat } from '../desk/use-seat.ts';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Loaded } from '../look/loaded.tsx';
import { Card, Facts, Page } from '../look/parts.tsx';
import { saveFile } from '../look/save.ts';
import { amountOf, calendarDay, fullMoment, type Key, language, say, startOfDay, t } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';

const DAY = 86_400_000;
const MONTH = 31 * DAY;

export function ToxinPage() {
  const organisation = useSeat().data?.organisation;
  const [from, setFrom] = useState(() => calendarDay(now() - MONTH));
  const [until, setUntil] = useState(() => calendarDay(now()));
  const register = useQuery({
    queryKey: ['toxin', from, until],
    enabled: from !== '' && until !== '',
    queryFn: () =>
      deskApi.call(stockApi.toxinRegister, {
        query: {
          from: new Date(startOfDay(from)).toISOString(),
          until: new Date(startOfDay(calendarDay(startOfDay(until) + 1.5 * DAY)) - 1).toISOString(),
        },
      }),
    select: ({ rows }) => rows,
  });
  const rows = register.data ?? [];
  return (
    <Page title={t('toxin.title')} lead={t('toxin.lead')}>
      <p className="m-0 hidden print:block">
        {organisation ? t('toxin.clinic', { name: say(organisation.name) }) : ''} · {from} – {until}
      </p>
      <div className="card flex flex-col gap-3 no-print">
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label={t('toxin.from')} type="date" value={from} onValueChange={setFrom} />
          <Field label={t('toxin.until')} type="date" value={until} onValueChange={setUntil} />
        </div>
        <div className="flex flex-wrap gap-3">
          <Button disabled={rows.length === 0} onClick={() => save(rows, from, until)}>
            {t('toxin.csv')}
          </Button>
          <Button disabled={rows.length === 0} onClick={() => window.print()}>
            {t('toxin.print')}
          </Button>
        </div>
      </div>
      <Loaded query={register} lines={4} empty={t('toxin.empty')}>
        {(all) => (
          <>
            <Table rows={all} />
            <Cards rows={all} />
            <p className="hidden print:block mt-8">{t('toxin.signature')}</p>
          </>
        )}
      </Loaded>
    </Page>
  );
}

const kindWord = (kind: MovementKind): string => t(`stock.move.${kind}`);
const reasonWord = (reason: string): string => {
  const key = `stock.reason.${reason}` as Key;
  const word = t(key);
  return word === key ? '' : word;
};
const signed = ({ amount, amountUnit }: RegisterRow): string =>
  amount === 0 ? '' : `${amount > 0 ? '+' : '−'}${amountOf(Math.abs(amount), amountUnit)}`;
const keyOf = (row: RegisterRow): string => `${row.event}/${row.serial}/${row.kind}`;
const people = (row: RegisterRow): string => [row.by, row.second].filter(Boolean).join(' · ');

function Table({ rows }: { rows: readonly RegisterRow[] }) {
  return (
    <div className="card hidden md:block print:block print:p-0 print:border-0">
      <table className="w-full text-sm border-collapse">
        <thead>
          <tr className="text-left soft">
            {(['at', 'kind', 'product', 'amount', 'remaining', 'balance', 'by'] as const).map((column) => (
              <th
                key={column}
                scope="col"
                className={`py-2 pr-3 font-medium align-bottom ${['amount', 'remaining', 'balance'].includes(column) ? 'text-right' : ''}`}
              >
                {t(`toxin.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} className="border-t border-line align-top">
              <td className="py-2 pr-3 whitespace-nowrap">{fullMoment(row.at)}</td>
              <td className="py-2 pr-3">
                {kindWord(row.kind)}
                <span className="soft block">{reasonWord(row.reason)}</span>
              </td>
              <td className="py-2 pr-3 break-words">
                {say(row.product)}
                <span className="soft block break-all">
                  {row.lot} · {row.serial}
                </span>
              </td>
              <td className="py-2 pr-3 text-right whitespace-nowrap">{signed(row)}</td>
              <td className="py-2 pr-3 text-right whitespace-nowrap">
                {amountOf(row.remaining, row.amountUnit)}
              </td>
              <td className="py-2 pr-3 text-right whitespace-nowrap font-medium">
                {amountOf(row.balance, row.amountUnit)}
              </td>
              <td className="py-2">{people(row)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The same on a phone: one card a movement. */
function Cards({ rows }: { rows: readonly RegisterRow[] }) {
  return (
    <div className="md:hidden print:hidden flex flex-col gap-3">
      {rows.map((row) => (
        <Card key={keyOf(row)}>
          <span className="font-medium">
            {kindWord(row.kind)} <span className="soft font-normal">{fullMoment(row.at)}</span>
          </span>
          <Facts
            rows={[
              [t('toxin.product'), say(row.product)],
              [t('toxin.serial'), `${row.lot} · ${row.serial}`],
              ...(row.amount === 0 ? [] : [[t('toxin.amount'), signed(row)] as const]),
              [t('toxin.remaining'), amountOf(row.remaining, row.amountUnit)],
              [t('toxin.balance'), amountOf(row.balance, row.amountUnit)],
              ...(people(row) ? [[t('toxin.by'), people(row)] as const] : []),
            ]}
          />
        </Card>
      ))}
    </div>
  );
}

function save(rows: readonly RegisterRow[], from: string, until: string): void {
  const csv = registerCsv(rows, language() === 'en' ? 'en' : 'zh', {
    columns: REGISTER_COLUMNS.map((column) => t(`toxin.${column}`)),
    kind: kindWord,
    reason: reasonWord,
  });
  saveFile(`toxin-register-${from}-${until}.csv`, csv, 'text/csv;charset=utf-8');
}
