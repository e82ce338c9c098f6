/** What a clinic does for a course beside the steps of each session: claim its deposit, take what is due, stop. */
import { useMutation } from '@tanstack/react-query';
import type { VisitView } from '@zhenmei/care/api.ts';
import { type Clinic, claim } from '@zhenmei/client/clinic.ts';
import { settleAgreement } from '@zhenmei/client/course.ts';
import { useEffect, useState } from 'react';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Card, Refusal } from '../look/parts.tsx';
import { depositFrom } from '../money/course-now.tsx';
import { date, t, yuan } from '../shell/words.ts';
import { now } from '../state/apis.ts';

interface Given {
  readonly clinic: Clinic;
  readonly view: VisitView;
  onDone(): void;
}

/** Instead of waiting for the patient: null where a course asks for nothing now. */
export function DeskCourseNow({ clinic, view, onDone }: Given) {
  const act = useMutation({ mutationFn: (work: () => Promise<unknown>) => work(), onSettled: onDone });
  const { parts, money } = view;
  const over = usePassed(money?.releasesAt ?? null);
  const from = depositFrom(view);
  const body = () => {
    if (view.state === 'claimed' && over)
      return (
        <Button
          kind="main"
          busy={act.isPending}
          onClick={() => act.mutate(() => settleAgreement(clinic, view, 'release'))}
        >
          {t('course.release')}
        </Button>
      );
    if (view.state === 'held' && parts?.kind === 'deposit')
      return from === null ? (
        <Button kind="main" busy={act.isPending} onClick={() => act.mutate(() => claim(clinic, view))}>
          {t('course.deposit.claim')}
        </Button>
      ) : (
        <p className="m-0">{t('course.deposit.dueDesk', { from: date(from, now(), true) })}</p>
      );
    return (
      <p className="m-0 soft">
        {view.state === 'held' && parts?.needsTime ? t('course.time.desk') : t('desk.waitPatient')}
      </p>
    );
  };
  return (
    <>
      {body()}
      {act.error ? <Refusal error={act.error} /> : null}
    </>
  );
}

/** Whether a time is over, also while the page stands open. */
function usePassed(iso: string | null): boolean {
  const [, look] = useState(0);
  const passed = iso !== null && Date.parse(iso) < now();
  useEffect(() => {
    if (iso === null || passed) return;
    const timer = setInterval(() => look((n) => n + 1), 1_000);
    return () => clearInterval(timer);
  }, [iso, passed]);
  return passed;
}

/** The clinic gives up what it has not done yet. */
export function DeskCourseEnd({ clinic, view, onDone }: Given) {
  const [asking, setAsking] = useState(false);
  const end = useMutation({
    mutationFn: () => settleAgreement(clinic, view, 'providerCancel'),
    onSettled: onDone,
  });
  const { money } = view;
  if (!view.parts || !money || !['active', 'claimed'].includes(money.state)) return null;
  return (
    <Card>
      <Button kind="danger" busy={end.isPending} onClick={() => setAsking(true)}>
        {t('course.close')}
      </Button>
      <Ask
        danger
        open={asking}
        onOpenChange={setAsking}
        title={t('course.close')}
        text={t('course.close.text', { amount: yuan(money.held) })}
        yes={t('course.close')}
        onYes={() => end.mutate()}
      />
      {end.error ? <Refusal error={end.error} /> : null}
    </Card>
  );
}
