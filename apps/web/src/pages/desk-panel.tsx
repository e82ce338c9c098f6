/** One case of an assessor: what the visit shows, what the sides say, and a sealed opinion. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { ApiError } from '@zhenmei/client/api.ts';
import { type Assessor, commitVote, type Opinion, openCase, revealVote } from '@zhenmei/client/assessor.ts';
import { FINDINGS, type Finding } from '@zhenmei/money/core/panel-math.ts';
import { useState } from 'react';
import { PicturePairs } from '../desk/picture-pairs.tsx';
import { useSeat } from '../desk/use-seat.ts';
import { Button } from '../look/button.tsx';
import { Choice } from '../look/choice.tsx';
import { Card, Facts, Page, Refusal, Waiting } from '../look/parts.tsx';
import { date, type Key, say, t, yuan } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { keepVote, keptVote, thisAssessor } from '../state/panels.ts';
import { caseTitle, todoOf } from './desk-panels.tsx';

const route = getRouteApi('/desk/panels/$id');
type Case = Awaited<ReturnType<typeof openCase>>;

export function DeskPanelPage() {
  const { id } = route.useParams();
  const seat = useSeat().data;
  const assessor = useQuery({
    queryKey: ['assessor', seat?.desk.organisationId],
    enabled: Boolean(seat),
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => thisAssessor(seat!),
  });
  const read = useQuery({
    queryKey: ['panels', id],
    enabled: Boolean(assessor.data),
    // once it is closed it stays closed; what may pass is asked again
    refetchInterval: ({ state }) =>
      state.error instanceof ApiError && !state.error.retryable ? false : 3_000,
    queryFn: () => openCase(assessor.data!, id),
  });
  const error = assessor.error ?? read.error;
  return (
    <Page title={caseTitle(id)}>
      <Link to="/desk/panels" className="text-plum min-h-11 inline-flex items-center">
        ← {t('back')}
      </Link>
      {error ? <Refusal error={error} /> : null}
      {read.data && assessor.data ? (
        <Opened one={read.data} assessor={assessor.data} />
      ) : error ? null : (
        <Waiting what={t('loading')} lines={4} />
      )}
    </Page>
  );
}

function Opened({ one, assessor }: { one: Case; assessor: Assessor }) {
  const { facts, papers } = one;
  const moment = (type: string) => {
    const at = facts.history.find((step) => step.type === type)?.at;
    return at ? [[t(`state.${MOMENTS[type]}` as Key), date(at, now(), true)] as const] : [];
  };
  return (
    <>
      <Vote one={one} assessor={assessor} />
      <Card title={t('panels.papers')}>
        {papers.length === 0 ? <p className="m-0 soft">{t('panels.papers.none')}</p> : null}
        {papers.map(({ by, statement }) => (
          <section key={by}>
            <h3 className="text-base m-0">{t(`panels.paper.${by}`)}</h3>
            <p className="m-0 whitespace-pre-wrap">{statement ?? t('panels.paper.other')}</p>
          </section>
        ))}
      </Card>
      <Card title={t('panels.facts')}>
        <Facts
          rows={[
            [t('panels.procedure'), say(facts.procedure)],
            ...(one.case.asked
              ? [[t('guarantee.asked'), t(`guarantee.case.${one.case.asked}` as Key)] as const]
              : []),
            [t(one.case.asked ? 'claimcase.amount' : 'dispute.amount'), yuan(one.amount)],
            [
              t('panels.quote'),
              facts.quote.map((item) => (
                <span key={item.name.en} className="block">
                  {say(item.name)} × {item.quantity} · {yuan(item.unitPrice)}
                </span>
              )),
            ],
            [
              t('panels.consent'),
              facts.consent
                ? t('panels.consent.v', { version: facts.consent.version })
                : t('panels.record.no'),
            ],
            [t('panels.unit'), t(facts.unit ? 'panels.unit.yes' : 'panels.unit.no')],
            [t('panels.record'), t(facts.record ? 'panels.record.yes' : 'panels.record.no')],
            ...Object.keys(MOMENTS).flatMap(moment),
          ]}
        />
      </Card>
    </>
  );
}

/** Steps of the visit whose time is shown, and the states they lead to. */
const MOMENTS: Readonly<Record<string, string>> = {
  offer: 'offered',
  agree: 'agreed',
  'check-in': 'checked-in',
  unseal: 'unsealed',
  perform: 'performed',
  dispute: 'disputed',
};

function Vote({ one, assessor }: { one: Case; assessor: Assessor }) {
  const queries = useQueryClient();
  const { panelId, round, deadline } = one.case;
  const { account } = assessor.desk;
  const kept = keptVote(account, panelId, round);
  const [finding, setFinding] = useState<Finding | null>(null);
  const act = useMutation({
    mutationFn: (work: () => Promise<unknown>) => work(),
    onSettled: () => queries.invalidateQueries({ queryKey: ['panels'] }),
  });
  const todo = todoOf(one.case);
  const place = { panelId, round };
  const seal = (opinion: Opinion) =>
    act.mutate(async () => {
      // before it is sealed for good, so that it can always be opened
      keepVote(account, panelId, round, opinion);
      await commitVote(assessor, place, opinion);
    });
  return (
    <Card title={t(`panels.round.${round}` as Key)}>
      <p className="m-0 font-medium">{t(`panels.todo.${todo}`)}</p>
      {deadline && todo !== 'done' ? (
        <p className="m-0 soft">
          {t('panels.by')} {date(deadline, now(), true)}
        </p>
      ) : null}
      {todo === 'vote' && one.pictures ? (
        <PicturePairs
          pictures={one.pictures}
          busy={act.isPending}
          onSeal={(scores) => seal({ finding: 'kept', scores })}
        />
      ) : null}
      {todo === 'vote' && !one.pictures ? (
        <>
          <Choice<Finding>
            legend={t('panels.finding')}
            value={finding}
            onChange={setFinding}
            options={FINDINGS.map((value) => ({
              value,
              label: t((one.case.asked ? `panels.claim.${value}` : `panels.finding.${value}`) as Key),
            }))}
          />
          <p className="m-0 soft">{t('panels.commit.note')}</p>
          <Button
            kind="main"
            busy={act.isPending}
            disabled={!finding}
            onClick={() => finding && seal({ finding, scores: 0 })}
          >
            {t('panels.commit')}
          </Button>
        </>
      ) : null}
      {todo === 'reveal' && kept ? (
        <Button
          kind="main"
          busy={act.isPending}
          onClick={() => act.mutate(() => revealVote(assessor, place, kept))}
        >
          {t('panels.reveal')}
        </Button>
      ) : null}
      {todo === 'reveal' && !kept ? <p className="m-0 text-amber">{t('panels.lost')}</p> : null}
      {act.error ? <Refusal error={act.error} /> : null}
    </Card>
  );
}
