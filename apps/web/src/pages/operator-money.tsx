/** The operator's money desk: balance, whether payouts run, alarms, entries that wait, payments out. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { moneyOperatorApi } from '@zhenmei/money/operator-api.ts';
import { Card, Pill, Refusal, Verdict, Waiting } from '../look/parts.tsx';
import { Alarms, LastReconciliation } from '../money/operator-alarms.tsx';
import { OperatorCoinReturns } from '../money/operator-coin-returns.tsx';
import { OperatorDisputes } from '../money/operator-disputes.tsx';
import { type OperatorActs, OperatorEntries } from '../money/operator-entries.tsx';
import { OperatorPage, TurnedAway } from '../money/operator-page.tsx';
import { OperatorParked } from '../money/operator-parked.tsx';
import { OperatorReserve } from '../money/operator-reserve.tsx';
import { fullMoment, t, yuan } from '../shell/words.ts';
import { deskApi, syncClock } from '../state/apis.ts';

export function OperatorMoneyPage() {
  return (
    <OperatorPage
      title={t('op.title')}
      lead={t('op.lead')}
      desk={(bearer, leave) => <Desk bearer={bearer} onLeave={leave} />}
    />
  );
}

function Desk({ bearer, onLeave }: { bearer: string; onLeave(): void }) {
  const desk = useQuery({
    queryKey: ['money-desk', bearer],
    retry: false,
    refetchInterval: 5_000,
    queryFn: async () => {
      await syncClock();
      return deskApi.call(moneyOperatorApi.readMoneyDesk, { bearer });
    },
  });
  const work = useMutation({
    mutationFn: (run: () => Promise<unknown>) => run(),
    onSettled: () => void desk.refetch(),
  });
  const acts: OperatorActs = { bearer, busy: work.isPending, act: (run) => work.mutate(run) };
  if (desk.isPending) return <Waiting what={t('loading')} lines={4} />;
  if (desk.error) return <TurnedAway error={desk.error} onLeave={onLeave} />;
  const d = desk.data;
  return (
    <>
      <Verdict
        tone={d.stopped ? 'cinnabar' : 'jade'}
        word={t(d.stopped ? 'op.stopped' : 'op.running')}
        sentence={t(d.stopped ? 'op.stopped.lead' : 'op.running.lead')}
      >
        {d.balances.map(({ rail, balance }) => (
          <div key={rail}>
            <p className="m-0 soft">{t(`op.balance.${rail}`)}</p>
            <p className={balance === null ? 'm-0' : 'm-0 amount'}>
              {balance === null ? t('op.balance.none') : yuan(balance)}
            </p>
          </div>
        ))}
        {d.connected ? null : <p className="m-0">{t('op.none')}</p>}
      </Verdict>
      {work.error ? <Refusal error={work.error} /> : null}
      <Alarms desk={d} acts={acts} />
      <OperatorReserve reserve={d.reserve} acts={acts} />
      <OperatorEntries entries={d.entries} acts={acts} />
      <OperatorParked parked={d.parked} acts={acts} />
      <OperatorCoinReturns returns={d.coinReturns} />
      <OperatorDisputes acts={acts} />
      <LastReconciliation desk={d} acts={acts} />
      <Card title={t('op.out')}>
        {d.outgoing.length === 0 ? <p className="m-0 soft">{t('op.noOut')}</p> : null}
        <ul className="list-none p-0 m-0 flex flex-col">
          {d.outgoing.map((one) => (
            <li
              key={one.key}
              className="border-t border-line first:border-0 py-2 flex flex-wrap justify-between gap-x-4"
            >
              <span>
                {t(`op.out.${one.kind}`)} · <strong>{yuan(one.amount)}</strong>
                <span className="soft block text-sm">{fullMoment(one.at)}</span>
              </span>
              <Pill tone={one.state === 'booked' ? 'jade' : 'amber'}>{t(`op.out.${one.state}`)}</Pill>
            </li>
          ))}
        </ul>
      </Card>
    </>
  );
}
