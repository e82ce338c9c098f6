/** What is covered, what is not, until when, what is paid in each case; and the claim in two steps. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { VisitView } from '@zhenmei/care/api.ts';
import { patientSeat } from '@zhenmei/client/dispute.ts';
import { claimCover } from '@zhenmei/client/guarantee.ts';
import { type PatientVisit, readVisit } from '@zhenmei/client/patient.ts';
import { FINDING } from '@zhenmei/money/core/guarantee-math.ts';
import type { CoverView } from '@zhenmei/money/guarantee-api.ts';
import { useMemo, useState } from 'react';
import { whoPays } from '../desk/behind.tsx';
import { ClaimBody } from '../dispute/claim-body.tsx';
import { useVault } from '../look/account.tsx';
import { Button } from '../look/button.tsx';
import { Choice } from '../look/choice.tsx';
import { Card, Details, Facts, Page, Pill, Refusal, Verdict, Waiting } from '../look/parts.tsx';
import { date, type Key, t, yuan } from '../shell/words.ts';
import { now, random, useNow } from '../state/apis.ts';
import { io } from '../state/vault.ts';
import { OwnVisit } from '../vault/own-visit.tsx';
import { DemoTime } from './demo-time.tsx';
import { toneOf, useCover } from './visit-guarantee-card.tsx';

const route = getRouteApi('/framed/visits/$id/guarantee');
const CASES = ['1', '2', '3'] as const;
type Case = (typeof CASES)[number];
const DAY = 86_400;

export function VisitGuaranteePage() {
  const { id } = route.useParams();
  return (
    <OwnVisit id={id} title={t('guarantee.title')}>
      {(visit) => <Guarantee visit={visit} />}
    </OwnVisit>
  );
}

function Guarantee({ visit }: { visit: PatientVisit }) {
  const view = useQuery({ queryKey: ['visit', visit.id], queryFn: () => readVisit(io, visit) });
  const cover = useCover(view.data?.agreementId ?? null);
  const error = view.error ?? cover.error;
  return (
    <Page
      title={t('guarantee.title')}
      lead={t(
        (cover.data?.cover?.backing.profile ?? 'promise') === 'promise' ? 'guarantee.lead' : 'backing.lead',
      )}
    >
      <Link
        to="/visits/$id"
        params={{ id: visit.id }}
        className="text-plum min-h-11 inline-flex items-center no-print"
      >
        ← {t('back')}
      </Link>
      {error ? <Refusal error={error} /> : null}
      {!error && (view.isPending || (view.data?.agreementId && cover.isPending)) ? (
        <Waiting what={t('loading')} lines={4} />
      ) : null}
      {view.data && !(cover.data?.cover ?? null) && !cover.isPending ? (
        <p className="m-0 soft">{t('guarantee.none')}</p>
      ) : null}
      {view.data && cover.data?.cover ? (
        <Shown visit={visit} view={view.data} cover={cover.data.cover} onDone={() => void cover.refetch()} />
      ) : null}
    </Page>
  );
}

function Shown(props: { visit: PatientVisit; view: VisitView; cover: CoverView; onDone(): void }) {
  const { cover } = props;
  return (
    <>
      <Outcome cover={cover} />
      {cover.state === 'open' ? <Claim {...props} /> : null}
      {cover.state === 'claimed' && cover.decider === 'panel' ? <BeforePanel {...props} /> : null}
      <Card title={t('guarantee.case')}>
        <Facts
          rows={[
            [t('guarantee.case.1'), yuan(cover.cases.objective)],
            [t('guarantee.case.2'), yuan(cover.cases.noImprovement)],
            [t('guarantee.case.3'), yuan(cover.cases.goodwill)],
            [t('guarantee.case.silent'), yuan(cover.cases.silent)],
          ]}
        />
      </Card>
      <Card title={t('guarantee.not')}>
        <ul className="m-0 pl-5 list-disc flex flex-col gap-1">
          {(['1', '2', '3', '4'] as const).map((n) => (
            <li key={n}>{t(`guarantee.not.${n}`)}</li>
          ))}
        </ul>
      </Card>
      <Card title={t('guarantee.when')}>
        <Facts
          rows={[
            [t('guarantee.from'), date(cover.from, now())],
            [t('guarantee.until'), date(cover.until, now())],
            [t('guarantee.bonded'), whoPays(cover)],
            [t('claimcase.who'), t(`claimcase.decider.${cover.decider}`)],
          ]}
        />
        <Details>{cover.id}</Details>
      </Card>
    </>
  );
}

function BeforePanel({ visit, view, cover }: { visit: PatientVisit; view: VisitView; cover: CoverView }) {
  const vault = useVault();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the seat changes with visit and cover alone
  const seat = useMemo(
    () => ({
      side: patientSeat(io, visit, view, random, 'GuaranteePanel'),
      id: cover.id,
      cover: cover.cover,
    }),
    [visit.id, cover.id],
  );
  const pictures = vault?.contents.items
    .filter(({ kind }) => kind === 'photo')
    .map((item) => ({ id: item.object, title: item.title, read: () => vault.read(item) }));
  return <ClaimBody seat={seat} vault={pictures ?? []} />;
}

/** Where it stands, in one word and one sentence. */
function Outcome({ cover }: { cover: CoverView }) {
  const paid = cover.paidOut !== null && cover.paidOut !== '0';
  if (cover.state === 'settled')
    return paid ? (
      <Verdict
        tone="jade"
        word={t('guarantee.state.settled')}
        sentence={t('guarantee.paid', { amount: yuan(cover.paidOut!) })}
      >
        {cover.silent ? <p className="m-0 soft">{t('guarantee.silentPaid')}</p> : null}
      </Verdict>
    ) : (
      <Verdict tone="amber" word={t('guarantee.state.settled')} sentence={t('guarantee.refused')}>
        <p className="m-0 soft">{t('guarantee.refused.next')}</p>
      </Verdict>
    );
  if (cover.state === 'lapsed')
    return <Verdict tone="slate" word={t('guarantee.state.lapsed')} sentence={t('guarantee.lapsed')} />;
  return (
    <Card>
      <p className="m-0">
        <Pill tone={toneOf(cover.state)}>{t(`guarantee.state.${cover.state}` as Key)}</Pill>
      </p>
      {cover.state === 'claimed' && cover.deadline ? (
        <Facts
          rows={[
            [t('guarantee.asked'), t(`guarantee.case.${cover.asked}` as Key)],
            [t('guarantee.deadline'), date(cover.deadline, now())],
          ]}
        />
      ) : null}
    </Card>
  );
}

function Claim({
  visit,
  view,
  cover,
  onDone,
}: {
  visit: PatientVisit;
  view: VisitView;
  cover: CoverView;
  onDone(): void;
}) {
  const [asked, setAsked] = useState<Case | null>(null);
  const [checking, setChecking] = useState(false);
  const [begun, setBegun] = useState(false);
  const at = useNow();
  const send = useMutation({
    mutationFn: () => claimCover(io, visit, view, cover, Number(asked) as 1 | 2 | 3),
    onSettled: onDone,
  });
  if (at < Date.parse(cover.from))
    return (
      <Card title={t('guarantee.claim')}>
        <p className="m-0">{t('guarantee.notYet', { from: date(cover.from, now()) })}</p>
        <DemoTime
          label={t('guarantee.demoTime')}
          to={new Date(Date.parse(cover.from) + 60_000).toISOString()}
          onDone={onDone}
        />
      </Card>
    );
  if (at > Date.parse(cover.until)) return <p className="m-0 soft">{t('guarantee.over')}</p>;
  if (!cover.claimable) return <p className="m-0 soft">{t('guarantee.notOver')}</p>;
  if (!begun)
    return (
      <Button kind="main" onClick={() => setBegun(true)}>
        {t('guarantee.claim')}
      </Button>
    );
  const amounts = { 1: cover.cases.objective, 2: cover.cases.noImprovement, 3: cover.cases.goodwill };
  const most = asked === String(FINDING.objective) ? amounts[1] : asked === '3' ? amounts[3] : amounts[2];
  return (
    <Card title={t('guarantee.claim')}>
      {checking && asked ? (
        <>
          <p className="m-0 font-medium">{t('guarantee.claim.check')}</p>
          <p className="m-0">{t(`guarantee.case.${asked}`)}</p>
          <p className="m-0 soft">
            {t('guarantee.claim.text', {
              days: Math.round(cover.cover.arbiterWindow / DAY),
              amount: yuan(most),
            })}
          </p>
          <div className="flex flex-wrap gap-3">
            <Button kind="main" busy={send.isPending} onClick={() => send.mutate()}>
              {t('guarantee.claim.send')}
            </Button>
            <Button disabled={send.isPending} onClick={() => setChecking(false)}>
              {t('guarantee.claim.back')}
            </Button>
          </div>
        </>
      ) : (
        <>
          <Choice<Case>
            legend={t('guarantee.claim.which')}
            value={asked}
            onChange={setAsked}
            options={CASES.map((value) => ({ value, label: t(`guarantee.case.${value}`) }))}
          />
          <Button kind="main" disabled={!asked} onClick={() => setChecking(true)}>
            {t('guarantee.claim.next')}
          </Button>
        </>
      )}
      {send.error ? <Refusal error={send.error} /> : null}
    </Card>
  );
}
