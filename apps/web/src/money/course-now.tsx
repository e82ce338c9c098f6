/** What a course adds to the one thing that the patient may do now: its deposit, its next time, and stopping. */
import { useMutation } from '@tanstack/react-query';
import type { VisitView } from '@zhenmei/care/api.ts';
import { type PatientVisit, relayEscrow } from '@zhenmei/client/patient.ts';
import { DAY, MINUTE } from '@zhenmei/kernel/core/time.ts';
import { useState } from 'react';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Refusal } from '../look/parts.tsx';
import { DemoTime } from '../pages/demo-time.tsx';
import { date, t, yuan } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { io } from '../state/vault.ts';
import { CourseTime } from './course-time.tsx';

interface Given {
  readonly visit: PatientVisit;
  readonly view: VisitView;
  onDone(): void;
}

/** Whether something of the course comes before its next session can be prepared. */
export const courseWaits = ({ state, parts }: VisitView): boolean =>
  state === 'held' && parts !== null && (parts.kind === 'deposit' || parts.needsTime);

/** From when the clinic may ask for the deposit; null once it may. */
export const depositFrom = ({ next }: VisitView): string | null =>
  next.find(({ type }) => type === 'claim-deposit')?.from ?? null;

export function CourseNow({ visit, view, onDone }: Given) {
  const parts = view.parts!;
  if (parts.needsTime) return <CourseTime visit={visit} view={view} onDone={onDone} />;
  const amount = yuan(parts.list[parts.present]!.amount);
  const ends = depositFrom(view);
  if (!ends) return <p className="m-0">{t('course.deposit.open')}</p>;
  return (
    <>
      <p className="m-0">{t('course.deposit.wait', { amount, from: date(ends, now(), true) })}</p>
      <DemoTime
        to={new Date(Date.parse(ends) + 1_000).toISOString()}
        label={t('course.demoTime')}
        onDone={onDone}
      />
    </>
  );
}

/** Another time for a session that has one; and the end of the course, which gives back what was not done. */
export function CourseMore({ visit, view, onDone }: Given) {
  const [asking, setAsking] = useState(false);
  // nothing of the visit changes with the day: the page is shown again
  const [, setMoved] = useState(0);
  const end = useMutation({
    mutationFn: () => relayEscrow(io, visit, 'cancel', view),
    onSettled: onDone,
  });
  const { parts, money } = view;
  const cooling = view.next.some(({ type, from }) => type === 'make-ready' && from !== null);
  if (!parts || view.state !== 'held' || cooling) return null;
  const starts = Date.parse(view.slot.startsAt);
  const dated = !parts.needsTime && parts.kind !== 'deposit';
  return (
    <>
      {dated && starts - now() > DAY ? (
        <>
          <p className="m-0 soft">{t('course.dayBefore')}</p>
          <DemoTime
            to={new Date(starts - 10 * MINUTE).toISOString()}
            onDone={() => {
              setMoved(now());
              onDone();
            }}
          />
        </>
      ) : null}
      {dated ? (
        <details>
          <summary className="soft cursor-pointer min-h-11 py-2.5">{t('course.time.change')}</summary>
          <CourseTime visit={visit} view={view} onDone={onDone} />
        </details>
      ) : null}
      <Button kind="danger" busy={end.isPending} onClick={() => setAsking(true)}>
        {t('course.end')}
      </Button>
      <Ask
        danger
        open={asking}
        onOpenChange={setAsking}
        title={t('course.end')}
        text={t('course.end.text', { amount: yuan(money?.held ?? '0') })}
        yes={t('course.end')}
        onYes={() => end.mutate()}
      />
      {end.error ? <Refusal error={end.error} /> : null}
    </>
  );
}
