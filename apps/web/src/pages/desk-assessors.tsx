/** The authority's register of assessors: admit, look at how well they see, end; clinics' tags; known pairs. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { admitAssessor, dismissAssessor, tagClinic } from '@zhenmei/client/assessor.ts';
import { DAY, toSeconds } from '@zhenmei/kernel';
import { disputeApi } from '@zhenmei/money/dispute-api.ts';
import { useState } from 'react';
import { Eyes } from '../desk/eyes.tsx';
import { KnownPairs } from '../desk/known-pairs.tsx';
import { useSupply } from '../desk/use-supply.ts';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Loaded } from '../look/loaded.tsx';
import { Card, Facts, Page, Pill, Refusal } from '../look/parts.tsx';
import { date, say, t, yuan } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';

type Candidate = Awaited<
  ReturnType<typeof deskApi.call<typeof disputeApi.candidates>>
>['organisations'][number];

const FIVE_YEARS = 5 * 365 * DAY;

export function DeskAssessorsPage() {
  const list = useQuery({
    queryKey: ['assessors'],
    refetchInterval: 3_000,
    queryFn: () => deskApi.call(disputeApi.candidates),
  });
  const all = list.data?.organisations ?? [];
  const assessors = all.filter(({ kind }) => kind === 'assessor');
  const clinics = all.filter(({ kind }) => kind === 'clinic');
  const refresh = () => void list.refetch();
  return (
    <Page title={t('assessors.title')} lead={t('assessors.lead')}>
      <Loaded query={list} lines={4} />
      {list.data && assessors.length === 0 ? <p className="card m-0 soft">{t('assessors.empty')}</p> : null}
      <div className="grid gap-4 md:grid-cols-2">
        {assessors.map((one) => (
          <AssessorCard key={one.id} one={one} onDone={refresh} />
        ))}
      </div>
      {clinics.length > 0 ? <Clinics clinics={clinics} onDone={refresh} /> : null}
      <KnownPairs />
    </Page>
  );
}

function AssessorCard({ one, onDone }: { one: Candidate; onDone(): void }) {
  const { desk } = useSupply();
  const [asking, setAsking] = useState<'renew' | 'end' | null>(null);
  const act = useMutation({ mutationFn: (work: () => Promise<unknown>) => work(), onSettled: onDone });
  const admit = () =>
    act.mutate(() => admitAssessor(desk, one.account, one.tags, toSeconds(now() + FIVE_YEARS)));
  const { admitted } = one;
  const live = admitted?.live ?? false;
  return (
    <Card title={say(one.name)}>
      <p className="m-0">
        <Pill tone={live ? 'jade' : 'slate'}>
          {t(live ? 'assessors.live' : admitted ? 'assessors.ended' : 'assessors.never')}
        </Pill>
      </p>
      {admitted ? (
        <>
          <Facts
            rows={[
              [t('assessors.until'), date(admitted.until, now())],
              [t('assessors.purse'), yuan(admitted.purse)],
            ]}
          />
          {live ? <Eyes calibration={admitted.calibration} /> : null}
        </>
      ) : null}
      {one.appointed ? null : <p className="m-0 text-amber">{t('assessors.unappointed')}</p>}
      <div className="flex flex-wrap gap-3">
        {admitted ? (
          <Button disabled={!one.appointed} busy={act.isPending} onClick={() => setAsking('renew')}>
            {t('assessors.renew')}
          </Button>
        ) : (
          <Button kind="main" disabled={!one.appointed} busy={act.isPending} onClick={admit}>
            {t('assessors.admit')}
          </Button>
        )}
        {live ? (
          <Button kind="quiet" busy={act.isPending} onClick={() => setAsking('end')}>
            {t('assessors.end')}
          </Button>
        ) : null}
      </div>
      <Ask
        open={asking !== null}
        onOpenChange={(open) => open || setAsking(null)}
        title={t(asking === 'end' ? 'assessors.end' : 'assessors.renew')}
        text={t(asking === 'end' ? 'assessors.end.ask' : 'assessors.renew.ask')}
        yes={t(asking === 'end' ? 'assessors.end' : 'assessors.renew')}
        onYes={() => (asking === 'end' ? act.mutate(() => dismissAssessor(desk, one.account)) : admit())}
      />
      {act.error ? <Refusal error={act.error} /> : null}
    </Card>
  );
}

function Clinics({ clinics, onDone }: { clinics: readonly Candidate[]; onDone(): void }) {
  const { desk } = useSupply();
  const tag = useMutation({
    mutationFn: (one: Candidate) => tagClinic(desk, one.account, one.tags),
    onSettled: onDone,
  });
  return (
    <Card title={t('assessors.clinics')}>
      <p className="m-0 soft">{t('assessors.clinics.lead')}</p>
      {clinics.map((one) => (
        <div key={one.id} className="flex flex-wrap gap-3 items-center justify-between">
          <span>{say(one.name)}</span>
          <Button kind="quiet" busy={tag.isPending} onClick={() => tag.mutate(one)}>
            {t('assessors.tag')}
          </Button>
        </div>
      ))}
      {tag.error ? <Refusal error={tag.error} /> : null}
    </Card>
  );
}
