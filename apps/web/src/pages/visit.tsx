/** The patient's side of one visit: where it stands, where the money is, and the one thing to do now. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { VisitView } from '@zhenmei/care/api.ts';
import { VISIT_COURSE } from '@zhenmei/care/core/visit.ts';
import { patientAbsenceSeat } from '@zhenmei/client/absence.ts';
import {
  cancelBooking,
  isFinanced,
  type PatientVisit,
  readVisit,
  relayEscrow,
} from '@zhenmei/client/patient.ts';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { useEffect } from 'react';
import { DeviceCard } from '../desk/device-card.tsx';
import { HealthCheck, VisitGate } from '../health/visit-gate.tsx';
import { Blossom, type Petal, type PetalState } from '../look/blossom.tsx';
import { Card, Facts, Page, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { Twice } from '../look/twice.tsx';
import { Absence } from '../money/absence.tsx';
import { ChangeOrders } from '../money/change-orders.tsx';
import { CourseMore, CourseNow, courseWaits } from '../money/course-now.tsx';
import { CourseParts, presentName } from '../money/course-parts.tsx';
import { PatientLeaves } from '../money/leave.tsx';
import { date, type Key, say, t, yuan } from '../shell/words.ts';
import { now, patientApi } from '../state/apis.ts';
import { unitsOf, watchUnit } from '../state/recalls.ts';
import { io } from '../state/vault.ts';
import { OwnVisit } from '../vault/own-visit.tsx';
import { DemoTime } from './demo-time.tsx';
import { Confirm } from './visit-confirm.tsx';
import { Consent } from './visit-consent.tsx';
import { GuaranteeLink } from './visit-guarantee-card.tsx';
import { Instalments } from './visit-instalments.tsx';
import { Money } from './visit-money.tsx';
import { Pay } from './visit-pay.tsx';
import { WarningCard } from './visit-warning.tsx';

const route = getRouteApi('/framed/visits/$id');
const ORDER: readonly string[] = VISIT_COURSE;

/** A petal fills when its proof exists. */
export function petalsOf(view: VisitView): Partial<Record<Petal, PetalState>> {
  // a course that goes on has opened something already
  const at = Math.max(ORDER.indexOf(view.state), view.parts?.done ? ORDER.indexOf('unsealed') : -1);
  const from = (state: string): PetalState => (at >= ORDER.indexOf(state) ? 'proven' : 'none');
  return {
    licence: from('offered'),
    consent: from('agreed'),
    product: from('unsealed'),
    money: from('released'),
    review: from('closed'),
  };
}

export function VisitPage() {
  const { id } = route.useParams();
  return (
    <OwnVisit id={id} title={t('visit.title')}>
      {(visit) => <Shown visit={visit} />}
    </OwnVisit>
  );
}

function Shown({ visit }: { visit: PatientVisit }) {
  const view = useQuery({
    queryKey: ['visit', visit.id],
    queryFn: () => readVisit(io, visit),
    refetchInterval: 1_500,
  });
  const config = useQuery({ queryKey: ['config'], queryFn: () => patientApi.call(houseApi.readConfig) });
  const used = view.data ? JSON.stringify(unitsOf(view.data)) : '[]';
  useEffect(() => {
    for (const { unit, lot } of JSON.parse(used) as ReturnType<typeof unitsOf>)
      watchUnit(visit.id, unit, lot);
  }, [visit.id, used]);
  if (view.isPending) return <Waiting what={t('loading')} lines={4} />;
  if (view.error) return <Refusal error={view.error} />;
  const v = view.data;
  const financed = config.data ? isFinanced(v, config.data.contracts) : false;
  const absence = {
    seat: () => patientAbsenceSeat(io, visit, v),
    view: v,
    onDone: () => void view.refetch(),
  };
  return (
    <Page title={say(v.service.procedure.name)}>
      <Card>
        <div className="flex gap-4 items-center">
          <Blossom states={petalsOf(v)} size={72} />
          <div>
            <Pill
              tone={
                ['cancelled', 'refused', 'expired', 'disputed'].includes(v.state)
                  ? 'amber'
                  : v.state === 'closed'
                    ? 'jade'
                    : 'plum'
              }
            >
              {t(`state.${v.state}` as Key)}
            </Pill>
            {presentName(v) ? <span className="block font-medium">{presentName(v)}</span> : null}
            {v.parts?.needsTime ? null : (
              <span className="soft block">{date(v.slot.startsAt, now(), true)}</span>
            )}
          </div>
        </div>
        <Facts
          rows={[
            [t('visit.where'), say(v.clinic.name)],
            [t('visit.doctor'), `${say(v.doctor.name)} · ${say(v.doctor.title)}`],
            [t('visit.total'), yuan(v.total, v.quote.currency)],
          ]}
        />
      </Card>
      <WarningCard view={v} />
      <Absence part="report" {...absence} />
      <VisitGate visit={visit} view={v} onDone={() => void view.refetch()} />
      <Now visit={visit} view={v} financed={financed} />
      <Absence part="ask" {...absence} />
      {financed && ORDER.indexOf(v.state) !== ORDER.indexOf('offered') ? (
        <Instalments visit={visit} view={v} />
      ) : null}
      <ChangeOrders visit={visit} view={v} />
      <Device view={v} />
      {(v.treatment as { recordObject?: string } | null)?.recordObject || v.parts?.done ? (
        <Link to="/visits/$id/record" params={{ id: visit.id }} className="btn">
          {t('sealed.open')}
        </Link>
      ) : null}
      <CourseParts view={v} side="patient" />
      <Money visit={visit} view={v} financed={financed} />
      <GuaranteeLink visit={visit} view={v} />
      {v.minorUntil ? (
        <Card>
          <p className="m-0 soft">{t('ward.seen')}</p>
          <p className="m-0" data-guardian-seen>
            {v.guardianSeenAt
              ? t('ward.seen.at', { at: date(v.guardianSeenAt, now(), true) })
              : t('ward.seen.never')}
          </p>
        </Card>
      ) : null}
    </Page>
  );
}

/** The energy device that was used, for as long as the visit is shown. */
function Device({ view }: { view: VisitView }) {
  const { device } = (view.treatment ?? {}) as { device?: string };
  return device ? (
    <Card>
      <DeviceCard unit={device} />
    </Card>
  ) : null;
}

function Now({ visit, view, financed }: { visit: PatientVisit; view: VisitView; financed: boolean }) {
  const queries = useQueryClient();
  const refresh = () => void queries.invalidateQueries({ queryKey: ['visit', visit.id] });
  const act = useMutation({ mutationFn: (work: () => Promise<unknown>) => work(), onSettled: refresh });
  const button = (label: string, work: () => Promise<unknown>, main = false) => (
    <button
      type="button"
      className={`btn ${main ? 'btn-main' : ''}`}
      disabled={act.isPending}
      onClick={() => act.mutate(work)}
    >
      {label}
    </button>
  );
  const next = view.next.find((n) => ['make-ready', 'check-in'].includes(n.type));
  const cancel = (
    <Twice
      label={t('visit.cancelBooking')}
      text={t('visit.cancelText')}
      busy={act.isPending}
      onYes={() => act.mutate(() => cancelBooking(io, visit, view))}
    />
  );
  const body = () => {
    switch (view.state) {
      case 'quoted':
        return (
          <>
            <p className="m-0">{t('visit.waitOffer')}</p>
            {cancel}
          </>
        );
      case 'offered':
        return <Consent visit={visit} view={view} onDone={refresh} cancel={cancel} />;
      case 'agreed':
        return financed ? null : <Pay visit={visit} view={view} onDone={refresh} />;
      case 'held':
      case 'ready':
        return (
          <>
            {courseWaits(view) ? (
              <CourseNow visit={visit} view={view} onDone={refresh} />
            ) : next?.from ? (
              <>
                <p className="m-0">{t('visit.notBefore', { from: date(next.from, now(), true) })}</p>
                <DemoTime
                  to={
                    view.state === 'held'
                      ? new Date(Date.parse(view.slot.startsAt) - 600_000).toISOString()
                      : next.from
                  }
                  onDone={refresh}
                />
              </>
            ) : view.state === 'held' ? (
              <HealthCheck visit={visit} view={view} onDone={refresh} />
            ) : null}
            {view.state === 'ready' && !next?.from ? (
              view.pending ? (
                <Confirm visit={visit} view={view} onDone={refresh} />
              ) : (
                <p className="m-0">{t('visit.waitClinic')}</p>
              )
            ) : null}
            <CourseMore visit={visit} view={view} onDone={refresh} />
            <PatientLeaves visit={visit} view={view} onDone={refresh} />
          </>
        );
      case 'checked-in':
      case 'unsealed':
        return view.pending && !view.pending.sides.includes('patient') ? (
          <Confirm visit={visit} view={view} onDone={refresh} />
        ) : (
          <p className="m-0">{t('visit.waitClinic')}</p>
        );
      case 'performed':
        return <p className="m-0">{t('visit.waitClinic')}</p>;
      case 'claimed':
        return (
          <>
            {view.parts?.kind === 'deposit' ? (
              <p className="m-0">
                {t('course.deposit.claimed', {
                  amount: yuan(view.parts.list[0]!.amount, view.quote.currency),
                })}
              </p>
            ) : null}
            {button(t('visit.accept'), () => relayEscrow(io, visit, 'accept', view), true)}
            <Twice
              label={t('visit.dispute')}
              text={t('visit.disputeText')}
              busy={act.isPending}
              onYes={() => act.mutate(() => relayEscrow(io, visit, 'dispute', view))}
            />
          </>
        );
      case 'disputed':
        return <DisputeLink id={visit.id} />;
      case 'released':
      case 'closed':
        // where everything went back there is nothing to have a receipt of
        if (view.money?.paid === '0') return <DisputeLink id={visit.id} />;
        return view.receiptReady ? (
          <Link to="/visits/$id/receipt" params={{ id: visit.id }} className="btn btn-main">
            {t('visit.receipt')}
          </Link>
        ) : (
          <Waiting what={t('visit.evidence')} />
        );
      default:
        return null;
    }
  };
  const content = body();
  return content ? (
    <Card>
      {content}
      {act.error ? <Refusal error={act.error} /> : null}
    </Card>
  ) : null;
}

function DisputeLink({ id }: { id: string }) {
  return (
    <Link to="/visits/$id/dispute" params={{ id }} className="btn btn-main">
      {t('dispute.open')}
    </Link>
  );
}
