/** What a clinic earned in coins, and taking it out: it names an address, looks again, and signs once. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { type Clinic, withdrawCoin } from '@zhenmei/client/clinic.ts';
import { addressInGroups, readAddress } from '@zhenmei/client/coin-frame.ts';
import { coinText } from '@zhenmei/money/core/coin-amounts.ts';
import { type CoinStatementView, settlementApi } from '@zhenmei/money/settlement-api.ts';
import { useState } from 'react';
import type { z } from 'zod';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Card, Facts, Refusal } from '../look/parts.tsx';
import { saveFile } from '../look/save.ts';
import { t } from '../shell/words.ts';
import { deskApi } from '../state/apis.ts';

type Income = z.infer<typeof CoinStatementView>;

/** Nothing where no agreement of the clinic was ever held in a coin. */
export function CoinIncome({ clinic, period }: { clinic: Clinic; period: { from: string; to: string } }) {
  const found = useQuery({
    queryKey: ['coin-statements'],
    retry: false,
    queryFn: () => deskApi.call(settlementApi.coinStatements),
  });
  if (found.error) return <Refusal error={found.error} />;
  return found.data?.coins.map((one) => (
    <Income
      key={one.token}
      clinic={clinic}
      income={one}
      period={period}
      onDone={() => void found.refetch()}
    />
  ));
}

function Income({
  clinic,
  income,
  period,
  onDone,
}: {
  clinic: Clinic;
  income: Income;
  period: { from: string; to: string };
  onDone(): void;
}) {
  const [typed, setTyped] = useState('');
  const [asks, setAsks] = useState(false);
  const { token, symbol: coin, digits } = income;
  const receiver = readAddress(typed);
  const text = (amount: bigint) => `${coinText(amount, digits)} ${coin}`;
  const has = { credit: BigInt(income.credit), onAccount: BigInt(income.onAccount) };
  const free = has.credit + has.onAccount;
  const take = useMutation({
    mutationFn: () => withdrawCoin(clinic, token, receiver!, has),
    onSuccess: () => setTyped(''),
    onSettled: onDone,
  });
  const table = useMutation({
    mutationFn: async () =>
      saveFile(
        `zhenmei-${coin}-${period.from}-${period.to}.csv`,
        // spreadsheets read it as UTF-8 only with this mark in front, which the reading of the answer took away
        `\uFEFF${await deskApi.call(settlementApi.coinTable, { query: { ...period, token } })}`,
        'text/csv;charset=utf-8',
      ),
  });
  return (
    <Card title={`${t('coin.clinic.title')} · ${coin}`}>
      <p className="m-0 soft">{t('coin.clinic.lead')}</p>
      <Facts
        rows={[
          [t('coin.clinic.credit'), <strong key="credit">{text(free)}</strong>],
          [t('coin.clinic.held'), text(BigInt(income.held))],
          [t('coin.clinic.paid'), text(BigInt(income.paidOut))],
        ]}
      />
      {free > 0n ? (
        <form
          className="flex flex-col gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            if (receiver) setAsks(true);
          }}
        >
          <Field
            label={t('coin.clinic.to')}
            value={typed}
            onValueChange={setTyped}
            spellCheck={false}
            autoComplete="off"
            error={typed && !receiver ? t('coin.home.wrong') : null}
          />
          <Button type="submit" kind="main" className="self-start" disabled={!receiver} busy={take.isPending}>
            {t('coin.clinic.take')}
          </Button>
        </form>
      ) : (
        <p className="m-0 soft">{t('coin.clinic.none')}</p>
      )}
      <Button className="self-start" busy={table.isPending} onClick={() => table.mutate()}>
        {t('coin.clinic.table', { coin })}
      </Button>
      {take.error ? <Refusal error={take.error} /> : null}
      {table.error ? <Refusal error={table.error} /> : null}
      <Ask
        open={asks}
        onOpenChange={setAsks}
        title={t('coin.clinic.ask')}
        text={t('coin.clinic.askText', {
          amount: coinText(free, digits),
          coin,
          to: receiver ? addressInGroups(receiver) : '',
        })}
        yes={t('coin.clinic.take')}
        onYes={() => take.mutate()}
      />
    </Card>
  );
}
