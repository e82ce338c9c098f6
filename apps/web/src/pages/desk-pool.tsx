/** The funded pool's desk: is it solvent, how is it spread, who wants to leave, and our share in it. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { askExit, placeInPool, takeOut } from '@zhenmei/client/backing.ts';
import { numberFormat } from '@zhenmei/kernel/core/formats.ts';
import { backingApi, type PoolDesk } from '@zhenmei/money/backing-api.ts';
import { EXIT_DELAY_DAYS, EXIT_WINDOW_DAYS } from '@zhenmei/money/core/guarantee-pool.ts';
import { useState } from 'react';
import { WhyOff } from '../desk/behind.tsx';
import { Behind } from '../desk/cover-rows.tsx';
import { OrderForm, PayIn } from '../desk/pay-in.tsx';
import { useSupply } from '../desk/use-supply.ts';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Loaded } from '../look/loaded.tsx';
import { Card, Facts, Page, Pill, Refusal, Verdict } from '../look/parts.tsx';
import { date, language, say, t, yuan } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';

const percent = (bps: number): string =>
  numberFormat(language(), { style: 'percent', maximumFractionDigits: 1 }).format(bps / 10_000);

export function DeskPoolPage() {
  const desk = useQuery({
    queryKey: ['pool-desk'],
    refetchInterval: 3_000,
    queryFn: () => deskApi.call(backingApi.readPool),
  });
  return (
    <Page title={t('backing.pool.desk')} lead={t('backing.pool.lead')}>
      <Loaded query={desk} lines={4}>
        {(d) => (
          <>
            {d.profile.state === 'on' ? null : (
              <Verdict tone="amber" word={t('backing.pool.off')} sentence={t('backing.pool.off.kept')}>
                <WhyOff of={d.profile} />
              </Verdict>
            )}
            {d.profile.state === 'on' || d.capital !== '0' ? (
              <>
                <Mine d={d} onDone={() => void desk.refetch()} />
                <Money d={d} />
                <Clinics d={d} />
                <Exits d={d} />
                <Behind
                  title={t('backing.pool.covers')}
                  none={t('backing.pool.covers.none')}
                  covers={d.covers}
                />
              </>
            ) : null}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Money({ d }: { d: PoolDesk }) {
  return (
    <Card title={t('backing.pool.money')}>
      <Pill tone={d.enough ? 'jade' : 'cinnabar'}>
        {t(d.enough ? 'backing.pool.enough' : 'backing.pool.short')}
      </Pill>
      <Facts
        rows={[
          [t('backing.pool.capital'), yuan(d.capital)],
          [t('backing.pool.exposure'), yuan(d.exposure)],
          [t('backing.pool.frozen'), yuan(d.frozen)],
          [t('backing.pool.minimum'), yuan(d.minimum)],
          [t('backing.pool.ratio'), d.ratioBps === null ? t('backing.pool.ratio.none') : percent(d.ratioBps)],
          [t('backing.pool.free'), yuan(d.free)],
        ]}
      />
      <p className="m-0 soft text-sm">{t('backing.pool.rule')}</p>
    </Card>
  );
}

function Clinics({ d }: { d: PoolDesk }) {
  return (
    <Card title={t('backing.pool.clinics')}>
      {d.clinics.length === 0 ? <p className="m-0 soft">{t('backing.pool.clinics.none')}</p> : null}
      <Facts
        rows={d.clinics.map(({ name, amount, bps }) => [
          say(name),
          bps === null
            ? yuan(amount)
            : t('backing.pool.share', { amount: yuan(amount), percent: percent(bps) }),
        ])}
      />
    </Card>
  );
}

function Exits({ d }: { d: PoolDesk }) {
  return (
    <Card title={t('backing.pool.exits')}>
      {d.exits.length === 0 ? <p className="m-0 soft">{t('backing.pool.exits.none')}</p> : null}
      {d.exits.map(({ mine, amount, from, until }) => (
        <p key={`${from}-${amount}-${mine}`} className="m-0">
          {mine ? <Pill tone="plum">{t('backing.pool.exit.mine')}</Pill> : null}{' '}
          {t('backing.pool.exit', {
            amount: yuan(amount),
            from: date(from, now()),
            until: date(until, now()),
          })}
        </p>
      ))}
    </Card>
  );
}

function Mine({ d, onDone }: { d: PoolDesk; onDone(): void }) {
  const { desk } = useSupply();
  const [asking, setAsking] = useState(false);
  const act = useMutation({ mutationFn: (work: () => Promise<unknown>) => work(), onSettled: onDone });
  const { mine, order } = d;
  const busy = act.isPending;
  const text = t('backing.pool.ask.text', { wait: EXIT_DELAY_DAYS, days: EXIT_WINDOW_DAYS });
  return (
    <Card title={t('backing.pool.mine')}>
      <Facts rows={[[t('backing.pool.worth'), yuan(mine.worth)]]} />
      {order?.state === 'minted' && d.profile.state === 'on' ? (
        <Button
          kind="main"
          busy={busy}
          onClick={() => act.mutate(() => placeInPool(desk, BigInt(order.amount)))}
        >
          {t('backing.pool.place')} · {yuan(order.amount)}
        </Button>
      ) : null}
      <PayIn order={order} busy={busy} run={act.mutate} />
      {d.profile.state === 'on' && (!order || order.state === 'expected') ? (
        <OrderForm
          busy={busy}
          onOrder={(minor) =>
            act.mutate(() =>
              deskApi.call(backingApi.orderPoolCapital, { body: { amount: minor.toString() } }),
            )
          }
        />
      ) : null}
      {mine.ready !== '0' ? (
        <Button busy={busy} onClick={() => act.mutate(() => takeOut(desk, BigInt(mine.ready)))}>
          {t('backing.pool.take', { amount: yuan(mine.readyWorth) })}
        </Button>
      ) : null}
      {mine.shares !== '0' ? (
        <>
          <Button kind="quiet" busy={busy} onClick={() => setAsking(true)}>
            {t('backing.pool.ask')}
          </Button>
          <Ask
            open={asking}
            onOpenChange={setAsking}
            title={t('backing.pool.ask')}
            text={text}
            yes={t('backing.pool.ask')}
            onYes={() => act.mutate(() => askExit(desk, BigInt(mine.shares)))}
          />
        </>
      ) : null}
      {act.error ? <Refusal error={act.error} /> : null}
    </Card>
  );
}
