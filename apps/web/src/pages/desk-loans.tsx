/** A lender's desk: its capital, who asks, what it offered, and what is late. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { offerPlan, payInCapital, planFor } from '@zhenmei/client/lender.ts';
import { toHex0x } from '@zhenmei/kernel';
import { parseMoney } from '@zhenmei/kernel/core/money.ts';
import { costOf, totalOf } from '@zhenmei/money/core/instalment-plan.ts';
import { instalmentApi } from '@zhenmei/money/instalment-api.ts';
import { useMemo, useState } from 'react';
import type { z } from 'zod';
import { useSeat } from '../desk/use-seat.ts';
import { Button } from '../look/button.tsx';
import { Tick } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Loaded } from '../look/loaded.tsx';
import { Card, Facts, Page, Pill, Refusal, type Tone, Waiting } from '../look/parts.tsx';
import { date, type Key, t, yuan } from '../shell/words.ts';
import { deskApi, now, random } from '../state/apis.ts';

type Desk = z.infer<(typeof instalmentApi.lenderLoans.response)[200]>;
const KEY = ['desk-loans'];
const LATE_BPS = 300;

export function DeskLoansPage() {
  const desk = useQuery({
    queryKey: KEY,
    refetchInterval: 3_000,
    queryFn: () => deskApi.call(instalmentApi.lenderLoans),
  });
  return (
    <Page title={t('lend.title')} lead={t('lend.lead')}>
      <Loaded query={desk} lines={4}>
        {(d) => (
          <>
            <Card title={t('lend.applications')}>
              {d.applications.length === 0 ? (
                <p className="m-0 soft">{t('lend.applications.none')}</p>
              ) : (
                d.applications.map((one) => <Application key={one.agreement} one={one} desk={d} />)
              )}
            </Card>
            <Loans desk={d} />
            <Capital desk={d} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** Whole and two decimals; null if it is no number within the cap. */
function rateOf(text: string, cap: number): number | null {
  const match = /^(\d{1,2})(?:\.(\d{1,2}))?$/.exec(text.trim());
  if (!match) return null;
  const rate = Number(match[1]) * 10_000 + Number((match[2] ?? '').padEnd(2, '0')) * 100;
  return rate <= cap ? rate : null;
}

function Application({ one, desk }: { one: Desk['applications'][number]; desk: Desk }) {
  const seat = useSeat();
  const queries = useQueryClient();
  const [text, setText] = useState('12');
  const [affordable, setAffordable] = useState(false);
  const cap = desk.cap / 10_000;
  const rate = rateOf(text, desk.cap);
  const salt = useMemo(() => toHex0x(random(32)), []);
  const terms = { rate: rate ?? 0, cap: desk.cap, coolingOff: desk.coolingOff, lateBps: LATE_BPS };
  const plan = planFor(one, desk.account, terms, now(), salt);
  const offer = useMutation({
    mutationFn: () => offerPlan(seat.data!.desk, plan, affordable),
    onSettled: () => void queries.invalidateQueries({ queryKey: KEY }),
  });
  return (
    <div className="flex flex-col gap-3 border-t border-line pt-3 first-of-type:border-0">
      <p className="m-0 font-semibold">
        {t('lend.application', { amount: yuan(one.principal), n: one.months })}
      </p>
      <Field
        label={t('lend.rate')}
        hint={t('lend.rate.hint', { cap })}
        inputMode="decimal"
        value={text}
        onChange={(e) => setText(e.target.value)}
        {...(rate === null ? { error: t('lend.rate.wrong', { cap }) } : {})}
      />
      {rate === null ? null : (
        <Facts
          rows={[
            [
              t('loan.cost'),
              t('loan.cost.percent', { percent: ((Number(costOf(plan)) || 0) / 10_000).toFixed(2) }),
            ],
            [t('lend.each'), yuan(plan.instalments[0]!.amount.toString())],
            [t('loan.sum'), yuan(totalOf(plan).toString())],
            [t('loan.start'), date(new Date(Number(plan.start) * 1_000).toISOString(), now(), true)],
          ]}
        />
      )}
      <Tick label={t('lend.affordable')} on={affordable} onChange={setAffordable} />
      <Button
        kind="main"
        busy={offer.isPending}
        disabled={rate === null || !seat.data}
        onClick={() => offer.mutate()}
      >
        {t('lend.offer')}
      </Button>
      {offer.error ? <Refusal error={offer.error} /> : null}
    </div>
  );
}

const TONES: Partial<Record<string, Tone>> = {
  live: 'plum',
  closed: 'jade',
  impaired: 'amber',
  'written-off': 'cinnabar',
};

function Loans({ desk }: { desk: Desk }) {
  return (
    <Card title={t('lend.loans')}>
      {desk.loans.length === 0 ? <p className="m-0 soft">{t('lend.loans.none')}</p> : null}
      {desk.loans.map((one) => {
        const state = one.impaired ? 'impaired' : one.state;
        return (
          <div
            key={one.agreement}
            className="flex flex-col gap-2 border-t border-line pt-3 first-of-type:border-0"
          >
            <div>
              <Pill tone={TONES[state] ?? 'slate'}>{t(`lend.state.${state}` as Key)}</Pill>
            </div>
            <Facts
              rows={[
                [t('lend.col.principal'), yuan(one.principal)],
                [t('lend.col.received'), yuan(one.received)],
                [t('lend.col.carrying'), yuan(one.carrying)],
                [
                  t('lend.col.cost'),
                  t('loan.cost.percent', { percent: ((one.cost ?? 0) / 10_000).toFixed(2) }),
                ],
                ...(one.nextAt ? ([[t('lend.col.next'), date(one.nextAt, now())]] as const) : []),
              ]}
            />
          </div>
        );
      })}
    </Card>
  );
}

/** Minor units; null if it is no amount. */
function amountIn(text: string): bigint | null {
  try {
    const { minor } = parseMoney(text, 'CNY');
    return minor > 0n ? minor : null;
  } catch {
    return null;
  }
}

function Capital({ desk }: { desk: Desk }) {
  const seat = useSeat();
  const queries = useQueryClient();
  const [text, setText] = useState('');
  const amount = amountIn(text);
  const add = useMutation({
    mutationFn: () => payInCapital(seat.data!.desk, amount!),
    onSettled: () => void queries.invalidateQueries({ queryKey: KEY }),
  });
  return (
    <Card title={t('lend.pool')}>
      <Facts
        rows={[
          [t('lend.ours'), yuan(desk.pool.ours)],
          [t('lend.cash'), yuan(desk.pool.cash)],
          [t('lend.outstanding'), yuan(desk.pool.outstanding)],
          [t('lend.impaired'), yuan(desk.pool.impaired)],
        ]}
      />
      <Field
        label={t('lend.capital')}
        inputMode="decimal"
        value={text}
        onChange={(e) => setText(e.target.value)}
        {...(text !== '' && amount === null ? { error: t('lend.capital.wrong') } : {})}
      />
      <Button busy={add.isPending} disabled={amount === null || !seat.data} onClick={() => add.mutate()}>
        {t('lend.capital.add')}
      </Button>
      {add.isPending ? <Waiting what={t('lend.capital.adding')} /> : null}
      {add.error ? <Refusal error={add.error} /> : null}
      <p className="m-0 soft">{t('lend.exit')}</p>
    </Card>
  );
}
