/** A verifier's desk: whom it was drawn to check, its admission and money; for the authority, the checks that stand and who may check. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import {
  certificateOf,
  certifyCheck,
  revokeCheck,
  type StandingCheck,
  verifierDesk,
} from '@zhenmei/client/check.ts';
import type { Desk } from '@zhenmei/client/desk.ts';
import { readPurse } from '@zhenmei/client/verifier.ts';
import { verificationApi } from '@zhenmei/money/verification-api.ts';
import { useState } from 'react';
import { AdmissionCard } from '../checks/admission-card.tsx';
import { Admissions } from '../checks/admissions.tsx';
import { PurseCard } from '../checks/purse-card.tsx';
import { useCheckSeat } from '../checks/use-check-seat.ts';
import { useSeat } from '../desk/use-seat.ts';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Card, Facts, Page, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { date, type Key, say, t, yuan } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';

type Task = Awaited<ReturnType<typeof verifierDesk>>['tasks'][number];

/** The one thing to do about a task now. */
export function todoOf({ phase, committed, mine }: Task): 'answer' | 'wait' | 'done' {
  if (phase === 'answering' && !committed) return 'answer';
  return committed && mine === null && (phase === 'answering' || phase === 'revealing') ? 'wait' : 'done';
}

export function DeskChecksPage() {
  const kind = useSeat().data?.organisation.kind;
  return kind === 'regulator' ? <Standing /> : <Queue />;
}

function Queue() {
  const { seat, error: unread } = useCheckSeat();
  const desk = useQuery({
    queryKey: ['checks'],
    enabled: Boolean(seat),
    refetchInterval: 3_000,
    queryFn: () => verifierDesk(seat!),
  });
  const purse = useQuery({
    queryKey: ['check-purse', seat?.desk.organisationId],
    enabled: Boolean(seat),
    refetchInterval: 3_000,
    queryFn: () => readPurse(seat!.desk),
  });
  const d = desk.data;
  const error = unread ?? desk.error ?? purse.error;
  const money = seat && purse.data ? { desk: seat.desk, purse: purse.data } : null;
  const again = () => void purse.refetch();
  return (
    <Page title={t('check.queue')} lead={t('check.queue.lead')}>
      {error ? <Refusal error={error} /> : null}
      {!d && !error ? <Waiting what={t('loading')} lines={3} /> : null}
      {d && !d.admitted ? <p className="card m-0 text-amber">{t('check.queue.out')}</p> : null}
      {d?.suspended ? <p className="card m-0 text-cinnabar">{t('check.queue.suspended')}</p> : null}
      {d?.tasks.length === 0 ? <p className="card m-0 soft">{t('check.queue.empty')}</p> : null}
      {d?.tasks.map((task) => {
        const todo = todoOf(task);
        return (
          <Link
            key={`${task.id}/${task.round}`}
            to="/desk/checks/$id"
            params={{ id: task.id }}
            className="card no-underline text-ink"
          >
            <span className="font-semibold">{t('check.task', { id: task.id })}</span>
            <span className="soft block">{t(`check.round.${task.round}` as Key)}</span>
            <Pill tone={todo === 'done' ? 'jade' : todo === 'wait' ? 'slate' : 'amber'}>
              {t(`check.todo.${todo}`)}
            </Pill>
            {task.deadline && todo === 'answer' ? (
              <span className="soft block">
                {t('check.by')} {date(task.deadline, now(), true)}
              </span>
            ) : null}
            {task.earned === '0' ? null : (
              <span className="block">
                {t('check.queue.earned')} {yuan(task.earned)}
              </span>
            )}
          </Link>
        );
      })}
      {d ? (
        <Card title={t('check.queue.standing')}>
          <Facts
            rows={[
              [t('check.queue.pay'), yuan(d.pay)],
              [t('check.queue.rate'), t('check.queue.rate.n', { n: d.checks, misses: d.misses })],
            ]}
          />
        </Card>
      ) : null}
      {money ? (
        <div className="grid gap-4 md:grid-cols-2 items-start">
          <AdmissionCard {...money} onDone={again} />
          <PurseCard {...money} onDone={again} />
        </div>
      ) : null}
    </Page>
  );
}

function Standing() {
  const { seat, error: unread } = useCheckSeat();
  const list = useQuery({
    queryKey: ['standing-checks'],
    refetchInterval: 5_000,
    queryFn: () => deskApi.call(verificationApi.standingChecks),
  });
  return (
    <Page title={t('check.stand')} lead={t('check.stand.lead')}>
      {unread || list.error ? <Refusal error={unread ?? list.error} /> : null}
      {list.isPending ? <Waiting what={t('loading')} lines={3} /> : null}
      {list.data?.checks.length === 0 ? <p className="card m-0 soft">{t('check.stand.none')}</p> : null}
      {list.data?.checks.map((check) => (
        <Card key={check.id} title={say(check.clinic)}>
          <Facts
            rows={[
              [t('check.task', { id: check.id }), t('check.phase.standing')],
              ...(check.until ? [[t('check.by'), date(check.until, now())] as const] : []),
            ]}
          />
          {seat ? <Acts desk={seat.desk} check={check} onDone={() => list.refetch()} /> : null}
        </Card>
      ))}
      {seat ? <Admissions desk={seat.desk} /> : null}
    </Page>
  );
}

function Acts({ desk, check, onDone }: { desk: Desk; check: StandingCheck; onDone(): void }) {
  const [asking, setAsking] = useState(false);
  const certificate = useQuery({
    queryKey: ['check-certificate', check.id],
    queryFn: () => certificateOf(desk, check),
  });
  const act = useMutation({
    mutationFn: (work: () => Promise<void>) => work(),
    onSettled: () => {
      void certificate.refetch();
      onDone();
    },
  });
  return (
    <>
      {certificate.data ? <p className="m-0 text-jade">{t('check.stand.certified')}</p> : null}
      {certificate.data === null && check.organisationId ? (
        <Button kind="main" busy={act.isPending} onClick={() => act.mutate(() => certifyCheck(desk, check))}>
          {t('check.stand.certify')}
        </Button>
      ) : null}
      {certificate.error ? <Refusal error={certificate.error} /> : null}
      <Button busy={act.isPending} onClick={() => setAsking(true)}>
        {t('check.stand.revoke')}
      </Button>
      <Ask
        open={asking}
        onOpenChange={setAsking}
        title={t('check.stand.revoke')}
        text={t('check.stand.revoke.ask')}
        yes={t('check.stand.revoke')}
        onYes={() => act.mutate(() => revokeCheck(desk, check))}
      />
      {act.error ? <Refusal error={act.error} /> : null}
    </>
  );
}
