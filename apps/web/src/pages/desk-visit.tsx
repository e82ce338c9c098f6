/** The clinic's side of one visit: the one thing to do now. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { VisitView } from '@zhenmei/care/api.ts';
import { presenceCode, presenceHash } from '@zhenmei/care/core/presence.ts';
import { GATED } from '@zhenmei/care/core/visit.ts';
import { clinicAbsenceSeat } from '@zhenmei/client/absence.ts';
import {
  type Clinic,
  claim,
  makeOffer,
  openUnit,
  proposeCheckIn,
  proposePerform,
  proposeUnseal,
  readVisitAtDesk,
  type UnitChoice,
} from '@zhenmei/client/clinic.ts';
import { proposeFollowUp } from '@zhenmei/client/course.ts';
import { recordOf, type Written } from '@zhenmei/client/records/written-record.ts';
import { useState } from 'react';
import { DeskCourseNow } from '../desk/course-acts.tsx';
import { GivePledge } from '../desk/give-pledge.tsx';
import { GivePromise } from '../desk/give-promise.tsx';
import { useSeat } from '../desk/use-seat.ts';
import { VisitState } from '../desk/visit-state.tsx';
import { DeskGate } from '../health/desk-gate.tsx';
import { Blossom } from '../look/blossom.tsx';
import { Card, Facts, Refusal, Waiting } from '../look/parts.tsx';
import { Absence } from '../money/absence.tsx';
import { ChangeForm } from '../money/change-form.tsx';
import { CourseParts, presentName } from '../money/course-parts.tsx';
import { ClinicLeaves } from '../money/leave.tsx';
import { QuoteForm } from '../money/quote-form.tsx';
import { date, type Key, say, t, yuan } from '../shell/words.ts';
import { now, random, syncClock } from '../state/apis.ts';
import { type DeviceUse, RecordForm } from './desk-record.tsx';
import { Unseal } from './desk-unseal.tsx';
import { petalsOf } from './visit.tsx';

const route = getRouteApi('/desk/visits/$id');

export function DeskVisitPage() {
  const { id } = route.useParams();
  const clinic = useSeat().data?.clinic;
  const view = useQuery({
    queryKey: ['desk-visit', id],
    enabled: Boolean(clinic),
    refetchInterval: 1_500,
    queryFn: async () => {
      await syncClock();
      return readVisitAtDesk(clinic!, id);
    },
  });
  return (
    <div className="flex flex-col gap-4">
      <title>{`${t('desk.title')} · ${t('brand')}`}</title>
      <Link to="/desk/visits" className="text-plum min-h-11 inline-flex items-center">
        ← {t('back')}
      </Link>
      {view.error ? <Refusal error={view.error} /> : null}
      {!view.data || !clinic ? (
        <Waiting what={t('scan.checking')} />
      ) : (
        <Work clinic={clinic} view={view.data} />
      )}
    </div>
  );
}

function Work({ clinic, view }: { clinic: Clinic; view: VisitView }) {
  const queries = useQueryClient();
  const [code, setCode] = useState<string | null>(null);
  const [written, setWritten] = useState<Written | null>(null);
  const refresh = () => {
    void queries.invalidateQueries({ queryKey: ['desk-visit', view.id] });
    // a unit that was refused, or has been opened, is on the shelf no more
    void queries.invalidateQueries({ queryKey: ['stock'] });
  };
  const act = useMutation({ mutationFn: (work: () => Promise<unknown>) => work(), onSettled: refresh });
  const withCode = (work: (digits: string) => Promise<unknown>) => {
    const digits = presenceCode(random(4));
    act.mutate(async () => {
      await work(digits);
      setCode(digits);
    });
  };
  const button = (label: string, run: () => void, disabled = false) => (
    <button type="button" className="btn btn-main" disabled={act.isPending || disabled} onClick={run}>
      {label}
    </button>
  );
  const waiting = view.pending && !view.pending.sides.includes('patient');
  const stopped =
    GATED.includes(view.state) && view.gate && view.gate.outcome !== 'clear' && !view.gate.override;
  // digits of the step before, or of another device's proposal, are not those that the patient must type
  const fits = waiting && code !== null && presenceHash(view.id, code) === view.pending!.step.data.presence;
  const step = () => {
    if (fits)
      return (
        <>
          <p className="m-0">{t('desk.code')}</p>
          <p className="m-0 text-5xl font-semibold tracking-widest" aria-live="polite">
            {code}
          </p>
          <NewDigits clinic={clinic} view={view} written={written} withCode={withCode} />
        </>
      );
    if (stopped) return <p className="m-0 soft">{t('desk.gate.first')}</p>;
    switch (view.state) {
      case 'quoted':
        return button(t('desk.offer'), () => act.mutate(() => makeOffer(clinic, view)));
      case 'ready':
        return view.next.some((n) => n.type === 'check-in' && n.from) ? (
          <p className="m-0">
            {t('visit.notBefore', {
              from: date(view.next.find((n) => n.type === 'check-in')!.from!, now(), true),
            })}
          </p>
        ) : (
          button(t('desk.checkIn'), () => withCode((c) => proposeCheckIn(clinic, view, c)))
        );
      case 'checked-in':
        return view.pending?.sides.length === 2 ? (
          button(t('desk.open'), () => act.mutate(() => openUnit(clinic, view)))
        ) : view.parts?.kind === 'follow-up' ? (
          <>
            <p className="m-0 soft">{t('course.followUp.lead')}</p>
            {button(t('course.followUp'), () => withCode((c) => proposeFollowUp(clinic, view, c)))}
          </>
        ) : view.consent?.anchored ? (
          <Unseal
            view={view}
            onChoose={(item) => withCode((c) => proposeUnseal(clinic, view, item, c))}
            busy={act.isPending}
          />
        ) : (
          <Waiting what={t('desk.sealing')} />
        );
      case 'unsealed':
        return (
          <RecordForm
            view={view}
            busy={act.isPending}
            onDone={(text, device) => {
              setWritten(text);
              withCode((c) => perform(clinic, view, text, c, device));
            }}
          />
        );
      case 'performed':
        return button(t('desk.claim'), () => act.mutate(() => claim(clinic, view)));
      case 'disputed':
        return (
          <Link to="/desk/visits/$id/dispute" params={{ id: view.id }} className="btn btn-main">
            {t('dispute.open')}
          </Link>
        );
      default:
        return <DeskCourseNow clinic={clinic} view={view} onDone={refresh} />;
    }
  };
  const absence = { seat: () => clinicAbsenceSeat(clinic, view), view, onDone: refresh };
  return (
    <>
      <Card>
        <div className="flex gap-4 items-center">
          <Blossom states={petalsOf(view)} size={72} />
          <div>
            <h1 className="text-xl font-semibold m-0">{say(view.service.procedure.name)}</h1>
            <VisitState state={view.state} />
          </div>
        </div>
        <Facts
          rows={[
            [t('visit.doctor'), say(view.doctor.name)],
            ...(view.parts ? [[t('course.desk.due'), presentName(view)] as const] : []),
            ...(view.parts?.needsTime
              ? []
              : [[t('visit.when'), date(view.slot.startsAt, now(), true)] as const]),
            [t('visit.total'), yuan(view.total, view.quote.currency)],
            [
              t('desk.money'),
              view.money
                ? `${yuan(view.money.held, view.quote.currency)} · ${moneyState(view.money.state)}`
                : t('money.none'),
            ],
          ]}
        />
      </Card>
      <Absence part="report" {...absence} />
      <DeskGate clinic={clinic} view={view} onDone={refresh} />
      <ChangeForm view={view} />
      <Card>
        {view.state === 'quoted' ? <QuoteForm view={view} onDone={refresh} /> : null}
        {step()}
        {act.error ? <Refusal error={act.error} /> : null}
      </Card>
      <CourseParts view={view} side="desk" />
      <Absence part="ask" {...absence} />
      <GivePledge clinic={clinic} view={view} />
      <GivePromise clinic={clinic} view={view} />
      <ClinicLeaves clinic={clinic} view={view} />
      {(view.treatment as { recordObject?: string } | null)?.recordObject || view.parts?.done ? (
        <Link to="/desk/visits/$id/record" params={{ id: view.id }} className="btn">
          {t('sealed.open')}
        </Link>
      ) : null}
    </>
  );
}

/** @param note as it was written for the record */
const perform = (
  clinic: Clinic,
  view: VisitView,
  written: Written,
  code: string,
  device: DeviceUse | undefined,
): Promise<VisitView> =>
  proposePerform(
    clinic,
    view,
    recordOf(view, written, say, now()),
    code,
    device,
    presentName(view) ?? undefined,
  );

/** As the clinic sees it. */
const moneyState = (state: string): string =>
  state === 'claimed' ? t('desk.claimed') : t(`money.${state}` as Key);

function NewDigits({
  clinic,
  view,
  written,
  withCode,
}: {
  clinic: Clinic;
  view: VisitView;
  /** What the record says, as it was written before. */
  written: Written | null;
  withCode(work: (digits: string) => Promise<unknown>): void;
}) {
  const { step } = view.pending!;
  const again = (code: string) => {
    if (step.type === 'check-in') return proposeCheckIn(clinic, view, code);
    if (step.type === 'follow-up') return proposeFollowUp(clinic, view, code);
    if (step.type === 'unseal') {
      const { unit, lot, use, amount, amountUnit } = step.data as unknown as Omit<UnitChoice, 'remaining'>;
      const event = view.pending!.attachments.event as { action?: string } | undefined;
      // the last of the unit, or a part of what was left
      const remaining = event?.action === 'DELETE' ? amount : amount + 1;
      return proposeUnseal(clinic, view, { unit, lot, use, amount, amountUnit, remaining }, code);
    }
    const { device, shots } = step.data as unknown as DeviceUse;
    const used = device === undefined ? undefined : { device, shots };
    return perform(clinic, view, written!, code, used);
  };
  return (
    <button type="button" className="btn" onClick={() => withCode(again)}>
      {t('desk.newCode')}
    </button>
  );
}
