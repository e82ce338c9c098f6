/** What a course adds to the one thing that the patient may do now: its deposit and its next time. */
import type { VisitView } from '@zhenmei/care/api.ts';
import type { PatientVisit } from '@zhenmei/client/patient.ts';
import { DAY, MINUTE } from '@zhenmei/kernel/core/time.ts';
import { DemoTime } from '../pages/demo-time.tsx';
import { date, t, yuan } from '../shell/words.ts';
import { now, useNow } from '../state/apis.ts';
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
  const amount = yuan(parts.list[parts.present]!.amount, view.quote.currency);
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

/** Another time for a session that has one. */
export function CourseMore({ visit, view, onDone }: Given) {
  const at = useNow();
  const { parts } = view;
  const cooling = view.next.some(({ type, from }) => type === 'make-ready' && from !== null);
  if (!parts || view.state !== 'held' || cooling || parts.needsTime || parts.kind === 'deposit') return null;
  const starts = Date.parse(view.slot.startsAt);
  return (
    <>
      {starts - at > DAY ? (
        <>
          <p className="m-0 soft">{t('course.dayBefore')}</p>
          <DemoTime to={new Date(starts - 10 * MINUTE).toISOString()} onDone={onDone} />
        </>
      ) : null}
      <details>
        <summary className="soft cursor-pointer min-h-11 py-2.5">{t('course.time.change')}</summary>
        <CourseTime visit={visit} view={view} onDone={onDone} />
      </details>
    </>
  );
}
