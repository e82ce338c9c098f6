/** The patient chooses a time for the present session, among those of her doctor. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { careApi, type VisitView } from '@zhenmei/care/api.ts';
import { pickTime } from '@zhenmei/client/course.ts';
import type { PatientVisit } from '@zhenmei/client/patient.ts';
import { useState } from 'react';
import { Button } from '../look/button.tsx';
import { Refusal, Waiting } from '../look/parts.tsx';
import { date, t } from '../shell/words.ts';
import { now, patientApi } from '../state/apis.ts';
import { io } from '../state/vault.ts';

const SHOWN = 9;

export function CourseTime({
  visit,
  view,
  onDone,
}: {
  visit: PatientVisit;
  view: VisitView;
  onDone(): void;
}) {
  const parts = view.parts!;
  const [picked, setPicked] = useState<string | null>(null);
  const clinic = useQuery({
    queryKey: ['clinic', view.clinic.id],
    // what was free when the last session was booked may have gone since
    staleTime: 0,
    queryFn: () => patientApi.call(careApi.readClinic, { params: { id: view.clinic.id } }),
  });
  const book = useMutation({
    mutationFn: (slot: { id: string; startsAt: string }) => pickTime(io, visit, view, slot),
    onSettled: () => {
      void clinic.refetch();
      onDone();
    },
  });
  const part = parts.kind === 'deposit' ? parts.present + 1 : parts.present;
  const { kind, n, dueBy } = parts.list[part]!;
  const times = (clinic.data?.slots ?? [])
    .filter(({ free, doctorId, startsAt }) => {
      return free && doctorId === view.doctor.id && (dueBy === null || startsAt <= dueBy);
    })
    .slice(0, SHOWN);
  const chosen = times.find(({ id }) => id === picked);
  if (clinic.isPending || !clinic.isFetchedAfterMount) return <Waiting what={t('loading')} />;
  if (clinic.error) return <Refusal error={clinic.error} />;
  return (
    <section className="flex flex-col gap-3">
      <h2 className="text-lg font-semibold m-0">
        {kind === 'follow-up' ? t('course.time.follow-up') : t('course.time', { n })}
      </h2>
      {dueBy ? <p className="m-0 soft">{t('course.time.lead', { until: date(dueBy, now()) })}</p> : null}
      {times.length === 0 ? <p className="m-0">{t('course.time.none')}</p> : null}
      <div className="grid grid-cols-2 sm:grid-cols-3 gap-2">
        {times.map((time) => (
          <button
            key={time.id}
            type="button"
            aria-pressed={picked === time.id}
            className={`btn text-sm ${picked === time.id ? 'btn-main' : ''}`}
            onClick={() => setPicked(time.id)}
          >
            {date(time.startsAt, now(), true)}
          </button>
        ))}
      </div>
      {times.length > 0 ? (
        <Button kind="main" busy={book.isPending} disabled={!chosen} onClick={() => book.mutate(chosen!)}>
          {t('course.time.pick')}
        </Button>
      ) : null}
      {book.error ? <Refusal error={book.error} /> : null}
    </section>
  );
}
