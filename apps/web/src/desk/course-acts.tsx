/** What a clinic does for a course beside the steps of each session: it claims the deposit. */
import { useMutation } from '@tanstack/react-query';
import type { VisitView } from '@zhenmei/care/api.ts';
import { FINAL_STATES } from '@zhenmei/care/core/visit.ts';
import { type Clinic, claim } from '@zhenmei/client/clinic.ts';
import { Button } from '../look/button.tsx';
import { Refusal } from '../look/parts.tsx';
import { depositFrom } from '../money/course-now.tsx';
import { date, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';

interface Given {
  readonly clinic: Clinic;
  readonly view: VisitView;
  onDone(): void;
}

/** Instead of waiting for the patient: null where a course asks for nothing now. */
export function DeskCourseNow({ clinic, view, onDone }: Given) {
  const act = useMutation({ mutationFn: (work: () => Promise<unknown>) => work(), onSettled: onDone });
  const { parts } = view;
  const from = depositFrom(view);
  const body = () => {
    if (view.state === 'released' || FINAL_STATES.includes(view.state))
      return <p className="m-0 soft">{t('desk.over')}</p>;
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
