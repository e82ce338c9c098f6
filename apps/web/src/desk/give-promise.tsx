/** On a visit at the clinic's desk: promises its outcome, while the money is held and nothing was done. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { VisitView } from '@zhenmei/care/api.ts';
import type { Clinic } from '@zhenmei/client/clinic.ts';
import { coinOfTerms } from '@zhenmei/client/coin-frame.ts';
import { askBacking, openCover } from '@zhenmei/client/guarantee.ts';
import { isFinanced } from '@zhenmei/client/patient.ts';
import { guaranteeApi } from '@zhenmei/money/guarantee-api.ts';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { useState } from 'react';
import { Button } from '../look/button.tsx';
import { Choice } from '../look/choice.tsx';
import { Card, Pill, Refusal } from '../look/parts.tsx';
import { say, t, yuan } from '../shell/words.ts';
import { deskApi } from '../state/apis.ts';
import { AskedBacking } from './asked-backing.tsx';
import { ProfileLine } from './behind.tsx';

type Desk = Awaited<ReturnType<typeof deskApi.call<typeof guaranteeApi.readDesk>>>;

export function GivePromise({ clinic, view }: { clinic: Clinic; view: VisitView }) {
  const early = view.state === 'held' || view.state === 'ready';
  const desk = useQuery({
    queryKey: ['guarantee-desk'],
    enabled: view.agreementId !== null,
    queryFn: () => deskApi.call(guaranteeApi.readDesk),
    refetchInterval: 3_000,
  });
  const [again, setAgain] = useState<string | null>(null);
  const config = useQuery({ queryKey: ['config'], queryFn: () => deskApi.call(houseApi.readConfig) });
  if (!desk.data || !config.data) return null;
  const ours = desk.data.covers.filter(({ cover }) => cover.agreement === view.agreementId);
  const given = ours.find(({ state }) => state !== 'offered');
  const asked = ours.find(({ state, backing }) => state === 'offered' && backing.profile !== 'promise');
  if (!given && !early) return null;
  const refresh = () => void desk.refetch();
  const inCoin = view.terms !== null && coinOfTerms(config.data.coins, view.terms as never) !== null;
  return (
    <Card title={t('guarantee.title')}>
      {given ? (
        <>
          <Pill tone="jade">{t('guarantee.given')}</Pill>
          {given.asked !== null && given.decider === 'panel' ? (
            <Link to="/desk/visits/$id/claim" params={{ id: view.id }} className="btn">
              {t('claimcase.open')}
            </Link>
          ) : null}
        </>
      ) : isFinanced(view, config.data.contracts) ? (
        <p className="m-0 soft">{t('guarantee.byLoan')}</p>
      ) : inCoin ? (
        <p className="m-0 soft">{t('guarantee.byCoin')}</p>
      ) : asked && asked.id !== again ? (
        <AskedBacking
          cover={asked}
          order={desk.data.order}
          onDone={refresh}
          onOther={() => setAgain(asked.id)}
        />
      ) : (
        <Give clinic={clinic} view={view} desk={desk.data} onDone={refresh} />
      )}
    </Card>
  );
}

/** `promise`, `pool`, or an insurer's account. */
type Way = string;

function Give({
  clinic,
  view,
  desk,
  onDone,
}: {
  clinic: Clinic;
  view: VisitView;
  desk: Desk;
  onDone(): void;
}) {
  const [chosen, setChosen] = useState<Way>('promise');
  const { arbiter, authority, profiles } = desk;
  const open = profiles.filter(({ profile, state }) => state === 'on' && profile !== 'promise' && authority);
  const ways = [
    ...(arbiter ? [{ value: 'promise', label: t('backing.promise') }] : []),
    ...open.flatMap(({ profile, insurers }) =>
      profile === 'pool'
        ? [{ value: 'pool', label: t('backing.pool') }]
        : insurers.map(({ account, name }) => ({
            value: account as string,
            label: t('insurer.behind', { name: say(name) }),
          })),
    ),
  ];
  const way = ways.some(({ value }) => value === chosen) ? chosen : ways[0]?.value;
  const insurer = profiles.flatMap(({ insurers }) => insurers).find(({ account }) => account === way);
  const give = useMutation({
    mutationFn: async () => {
      if (way === 'promise') return openCover(clinic, view, arbiter!);
      const behind = insurer
        ? ({ profile: 'insurer', backer: insurer.account } as const)
        : ({ profile: 'pool' } as const);
      await askBacking(clinic, view, authority!, behind);
    },
    onSettled: onDone,
  });
  const off = profiles.filter(({ state }) => state !== 'on');
  return (
    <>
      {ways.length === 0 ? <p className="m-0 soft">{t('guarantee.noArbiter')}</p> : null}
      {ways.length > 1 && way ? (
        <Choice legend={t('backing.choose')} value={way} onChange={setChosen} options={ways} />
      ) : null}
      {way ? (
        <>
          {way === 'promise' ? (
            <p className="m-0 soft">
              {t('guarantee.give.text', { amount: yuan(view.total, view.quote.currency) })}
            </p>
          ) : null}
          <Button busy={give.isPending} onClick={() => give.mutate()}>
            {way === 'promise'
              ? t('guarantee.give')
              : insurer
                ? t('insurer.ask', { name: say(insurer.name) })
                : t('backing.ask.pool')}
          </Button>
        </>
      ) : null}
      {give.error ? <Refusal error={give.error} /> : null}
      {off.length > 0 ? (
        <details>
          <summary className="min-h-11 flex items-center soft">{t('backing.off')}</summary>
          <div className="flex flex-col gap-3">
            {off.map((one) => (
              <ProfileLine key={one.profile} of={one} />
            ))}
          </div>
        </details>
      ) : null}
    </>
  );
}
