/** The patient's side of one visit: where it stands, where the money is, and the one thing to do now. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { VisitView } from '@zhenmei/care/api.ts';
import {
  cancelBooking,
  checkOffer,
  makeReady,
  type PatientVisit,
  readVisit,
  relayEscrow,
} from '@zhenmei/client/patient.ts';
import { moneyApi } from '@zhenmei/money/api.ts';
import { provenanceApi } from '@zhenmei/provenance/api.ts';
import { demoApi, houseApi } from '@zhenmei/server/api/contract.ts';
import { allergyGate, SUBSTANCES } from '@zhenmei/vault/core/allergy.ts';
import { useState } from 'react';
import { AccountCard, useVault } from '../look/account.tsx';
import { Blossom, type Petal, type PetalState } from '../look/blossom.tsx';
import { Card, Details, Facts, Page, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { date, type Key, say, t, yuan } from '../shell/words.ts';
import { now, patientApi, syncClock } from '../state/apis.ts';
import { io, patientVisit } from '../state/vault.ts';
import { Confirm } from './visit-confirm.tsx';
import { Consent } from './visit-consent.tsx';

const route = getRouteApi('/framed/visits/$id');
const ORDER = [
  'quoted',
  'offered',
  'agreed',
  'held',
  'ready',
  'checked-in',
  'unsealed',
  'performed',
  'claimed',
  'released',
  'closed',
];

/** A petal fills when its proof exists. */
export function petalsOf(view: VisitView): Partial<Record<Petal, PetalState>> {
  const at = ORDER.indexOf(view.state);
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
  const open = useVault();
  const visit = patientVisit(id);
  if (!open || !visit)
    return (
      <Page title={t('visit.title')} lead={t('visit.unlockFirst')}>
        <AccountCard />
      </Page>
    );
  return <Loaded visit={visit} />;
}

function Loaded({ visit }: { visit: PatientVisit }) {
  const view = useQuery({
    queryKey: ['visit', visit.id],
    queryFn: () => readVisit(io, visit),
    refetchInterval: 1_500,
  });
  if (view.isPending) return <Waiting what={t('scan.checking')} />;
  if (view.error) return <Refusal error={view.error} />;
  const v = view.data;
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
            <span className="soft block">{date(v.slot.startsAt, now(), true)}</span>
          </div>
        </div>
        <Facts
          rows={[
            [t('visit.where'), say(v.clinic.name)],
            [t('visit.doctor'), `${say(v.doctor.name)} · ${say(v.doctor.title)}`],
            [t('visit.total'), yuan(v.total)],
          ]}
        />
      </Card>
      <Now visit={visit} view={v} />
      <Money view={v} />
    </Page>
  );
}

function Money({ view }: { view: VisitView }) {
  const m = view.money;
  const day = (iso: string) => date(iso, now());
  return (
    <Card title={t('visit.money')}>
      <p className="m-0 text-xl font-semibold">{yuan(m ? m.held : '0')}</p>
      <p className="m-0">{t(`money.${m?.state ?? 'none'}` as Key)}</p>
      {m?.state === 'active' && m.coolingEndsAt && Date.parse(m.coolingEndsAt) > now() ? (
        <p className="m-0 soft">{t('money.cooling', { until: day(m.coolingEndsAt) })}</p>
      ) : null}
      {m?.state === 'active' && m.dueBy ? (
        <p className="m-0 soft">{t('money.due', { until: day(m.dueBy) })}</p>
      ) : null}
      {m?.releasesAt ? <p className="m-0 soft">{t('money.releases', { until: day(m.releasesAt) })}</p> : null}
      {m?.state === 'closed' ? (
        <p className="m-0">{t('money.paid', { paid: yuan(m.paid), refunded: yuan(m.refunded) })}</p>
      ) : null}
      {view.agreementId ? <Details>{view.agreementId}</Details> : null}
    </Card>
  );
}

function Now({ visit, view }: { visit: PatientVisit; view: VisitView }) {
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
  const cooling = view.money?.coolingEndsAt && Date.parse(view.money.coolingEndsAt) > now();
  const body = () => {
    switch (view.state) {
      case 'quoted':
        return (
          <>
            <p className="m-0">{t('visit.waitOffer')}</p>
            {button(t('visit.cancelBooking'), () => cancelBooking(io, visit, view))}
          </>
        );
      case 'offered':
        return (
          <Consent
            visit={visit}
            view={view}
            onDone={refresh}
            cancel={button(t('visit.cancelBooking'), () => cancelBooking(io, visit, view))}
          />
        );
      case 'agreed':
        return <Pay visit={visit} view={view} onDone={refresh} />;
      case 'held':
      case 'ready':
        return (
          <>
            {next?.from ? (
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
              <Allergies visit={visit} view={view} onDone={refresh} />
            ) : null}
            {view.state === 'ready' && !next?.from ? (
              view.pending ? (
                <Confirm visit={visit} view={view} onDone={refresh} />
              ) : (
                <p className="m-0">{t('visit.waitClinic')}</p>
              )
            ) : null}
            {view.state === 'held' && cooling
              ? button(t('visit.coolingCancel'), () => relayEscrow(io, visit, 'cancel', view))
              : null}
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
            {button(t('visit.accept'), () => relayEscrow(io, visit, 'accept', view), true)}
            {button(t('visit.dispute'), () => relayEscrow(io, visit, 'dispute', view))}
          </>
        );
      case 'released':
      case 'closed':
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

function DemoTime({ to, onDone }: { to: string; onDone(): void }) {
  const config = useQuery({ queryKey: ['config'], queryFn: () => patientApi.call(houseApi.readConfig) });
  const go = useMutation({
    mutationFn: async () => {
      await patientApi.call(demoApi.advanceTime, { body: { to } });
      await syncClock();
    },
    onSettled: onDone,
  });
  if (!config.data?.demo) return null;
  return (
    <>
      <button type="button" className="btn" disabled={go.isPending} onClick={() => go.mutate()}>
        {t('visit.demoTime')}
      </button>
      {go.error ? <Refusal error={go.error} /> : null}
    </>
  );
}

function Pay({ visit, view, onDone }: { visit: PatientVisit; view: VisitView; onDone(): void }) {
  const params = { id: view.agreementId! };
  const order = useQuery({
    queryKey: ['order', view.agreementId],
    queryFn: () => patientApi.call(moneyApi.orderPayment, { params }),
  });
  const pay = useMutation({
    mutationFn: async () => {
      await checkOffer(io, visit, view);
      let found = await patientApi.call(moneyApi.orderPayment, { params });
      if (found.state === 'expected')
        await patientApi.call(demoApi.payAtBank, {
          body: { reference: found.reference, amount: found.amount, currency: found.currency },
        });
      for (let i = 0; i < 60 && found.state !== 'minted'; i++) {
        await new Promise((resolve) => setTimeout(resolve, 500));
        found = await patientApi.call(moneyApi.readPayment, { params });
      }
      await relayEscrow(io, visit, 'open', view);
    },
    onSettled: onDone,
  });
  if (order.error) return <Refusal error={order.error} />;
  return (
    <>
      <p className="m-0 text-xl font-semibold">{yuan(view.total)}</p>
      {order.data ? (
        <p className="m-0 soft">{t('visit.payLead', { reference: order.data.reference })}</p>
      ) : null}
      <button
        type="button"
        className="btn btn-main"
        disabled={pay.isPending || !order.data}
        onClick={() => pay.mutate()}
      >
        {t('visit.pay')}
      </button>
      {pay.isPending ? <Waiting what={t('visit.paying')} /> : null}
      {pay.error ? <Refusal error={pay.error} /> : null}
    </>
  );
}

function Allergies({ visit, view, onDone }: { visit: PatientVisit; view: VisitView; onDone(): void }) {
  const product = useQuery({
    queryKey: ['product', view.service.gtin],
    queryFn: () => patientApi.call(provenanceApi.readProduct, { params: { gtin: view.service.gtin! } }),
  });
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const ingredients = product.data?.product.ingredients ?? [];
  const gate = allergyGate({ answered: true, substances: chosen }, ingredients);
  const ready = useMutation({
    mutationFn: () => makeReady(io, visit, view, gate.outcome),
    onSettled: onDone,
  });
  const name = (code: string) =>
    code in SUBSTANCES ? say(SUBSTANCES[code as keyof typeof SUBSTANCES]) : code;
  return (
    <>
      <p className="m-0">{t('visit.allergyAsk')}</p>
      {ingredients.map((code) => (
        <label key={code} className="flex gap-3 items-center min-h-11">
          <input
            type="checkbox"
            className="w-6 h-6 accent-plum"
            checked={chosen.includes(code)}
            onChange={(e) =>
              setChosen(e.target.checked ? [...chosen, code] : chosen.filter((c) => c !== code))
            }
          />
          {name(code)}
        </label>
      ))}
      {gate.outcome === 'blocked' ? (
        <Pill tone="cinnabar">
          {t('visit.allergyBlocked', { what: gate.conflicts.map(name).join(' · ') })}
        </Pill>
      ) : null}
      <button
        type="button"
        className="btn btn-main"
        disabled={ready.isPending || gate.outcome !== 'clear' || !product.data}
        onClick={() => ready.mutate()}
      >
        {chosen.length === 0 ? `${t('visit.allergyNone')} · ${t('visit.ready')}` : t('visit.ready')}
      </button>
      {ready.error ? <Refusal error={ready.error} /> : null}
    </>
  );
}
