/** A clinic's bond, its open promises, and how its claims came out. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { endCover } from '@zhenmei/client/guarantee.ts';
import { mayConcede } from '@zhenmei/money/core/guarantee-cover.ts';
import { type DeskCover, guaranteeApi } from '@zhenmei/money/guarantee-api.ts';
import { useState } from 'react';
import { ProfileLine } from '../desk/behind.tsx';
import { BondCard } from '../desk/bond-card.tsx';
import { CoverCard, ExperienceCard } from '../desk/cover-rows.tsx';
import { PledgeBond } from '../desk/pledge-bond.tsx';
import { useSupply } from '../desk/use-supply.ts';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Loaded } from '../look/loaded.tsx';
import { Card, Page, Refusal } from '../look/parts.tsx';
import { t, yuan } from '../shell/words.ts';
import { deskApi, useNow } from '../state/apis.ts';

export function DeskGuaranteePage() {
  const desk = useQuery({
    queryKey: ['guarantee-desk'],
    refetchInterval: 2_000,
    queryFn: () => deskApi.call(guaranteeApi.readDesk),
  });
  const refresh = () => void desk.refetch();
  return (
    <Page title={t('guarantee.desk.title')} lead={t('guarantee.desk.lead')}>
      <Loaded query={desk} lines={4}>
        {(d) => (
          <>
            <BondCard
              {...d}
              orderBond={(amount) => deskApi.call(guaranteeApi.orderBond, { body: { amount } })}
              onDone={refresh}
            />
            <PledgeBond data={d} onDone={refresh} />
            <Card title={t('backing.who')}>
              {d.profiles.map((one) => (
                <ProfileLine key={one.profile} of={one} />
              ))}
            </Card>
            <h2 className="text-lg font-semibold m-0">{t('guarantee.covers')}</h2>
            {d.covers.length === 0 ? <p className="m-0 soft">{t('guarantee.covers.none')}</p> : null}
            <div className="grid gap-4 md:grid-cols-2">
              {d.covers
                .filter(({ state, backing }) => state !== 'offered' || backing.profile === 'promise')
                .map((cover) => (
                  <CoverCard key={cover.id} cover={cover}>
                    <CoverActs cover={cover} onDone={refresh} />
                  </CoverCard>
                ))}
            </div>
            <ExperienceCard experience={d.experience} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function CoverActs({ cover, onDone }: { cover: DeskCover; onDone(): void }) {
  const { desk } = useSupply();
  const at = useNow();
  const [asking, setAsking] = useState(false);
  const act = useMutation({
    mutationFn: (what: 'concede' | 'lapse') => endCover(desk, what, cover),
    onSettled: onDone,
  });
  const { objective, noImprovement, goodwill } = cover.cases;
  const amount = cover.asked === 1 ? objective : cover.asked === 3 ? goodwill : noImprovement;
  const label = t('guarantee.concede', { amount: yuan(amount) });
  return (
    <>
      {cover.state === 'claimed' &&
      cover.ruling === null &&
      mayConcede(cover.cover, BigInt(cover.price), BigInt(amount)) ? (
        <>
          <Button busy={act.isPending} onClick={() => setAsking(true)}>
            {label}
          </Button>
          <Ask
            open={asking}
            onOpenChange={setAsking}
            title={label}
            text={t('guarantee.concede.ask')}
            yes={label}
            onYes={() => act.mutate('concede')}
          />
        </>
      ) : null}
      {cover.state === 'open' && at > Date.parse(cover.until) ? (
        <Button busy={act.isPending} onClick={() => act.mutate('lapse')}>
          {t('guarantee.lapse')}
        </Button>
      ) : null}
      {act.error ? <Refusal error={act.error} /> : null}
    </>
  );
}
