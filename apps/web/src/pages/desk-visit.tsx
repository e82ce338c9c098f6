/** The clinic's side of one visit: the one thing to do now. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { VisitView } from '@zhenmei/care/api.ts';
import { presenceCode } from '@zhenmei/care/core/presence.ts';
import {
  type Clinic,
  claim,
  makeOffer,
  openUnit,
  proposeCheckIn,
  proposePerform,
  proposeUnseal,
  readVisitAtDesk,
} from '@zhenmei/client/clinic.ts';
import { provenanceApi } from '@zhenmei/provenance/api.ts';
import { useState } from 'react';
import { useSeat } from '../desk/use-seat.ts';
import { Blossom } from '../look/blossom.tsx';
import { Select } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Card, Facts, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { date, type Key, say, t, yuan } from '../shell/words.ts';
import { deskApi, now, random, syncClock } from '../state/apis.ts';
import { stock } from '../state/desk.ts';
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
  const refresh = () => void queries.invalidateQueries({ queryKey: ['desk-visit', view.id] });
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
  const step = () => {
    if (waiting && code)
      return (
        <>
          <p className="m-0">{t('desk.code')}</p>
          <p className="m-0 text-5xl font-semibold tracking-widest" aria-live="polite">
            {code}
          </p>
          <NewDigits clinic={clinic} view={view} withCode={withCode} />
        </>
      );
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
          <Record
            view={view}
            busy={act.isPending}
            onDone={(note) => withCode((c) => proposePerform(clinic, view, recordOf(view, note), c))}
          />
        );
      case 'performed':
        return button(t('desk.claim'), () => act.mutate(() => claim(clinic, view)));
      default:
        return <p className="m-0 soft">{t('desk.waitPatient')}</p>;
    }
  };
  return (
    <>
      <Card>
        <div className="flex gap-4 items-center">
          <Blossom states={petalsOf(view)} size={72} />
          <div>
            <h1 className="text-xl font-semibold m-0">{say(view.service.procedure.name)}</h1>
            <Pill tone="plum">{t(`state.${view.state}` as Key)}</Pill>
          </div>
        </div>
        <Facts
          rows={[
            [t('visit.doctor'), say(view.doctor.name)],
            [t('visit.when'), date(view.slot.startsAt, now(), true)],
            [t('visit.total'), yuan(view.total)],
            [
              t('visit.money'),
              view.money
                ? `${yuan(view.money.held)} · ${t(`money.${view.money.state}` as Key)}`
                : t('money.none'),
            ],
          ]}
        />
      </Card>
      <Card>
        {step()}
        {act.error ? <Refusal error={act.error} /> : null}
      </Card>
    </>
  );
}

function NewDigits({
  clinic,
  view,
  withCode,
}: {
  clinic: Clinic;
  view: VisitView;
  withCode(work: (digits: string) => Promise<unknown>): void;
}) {
  const { step } = view.pending!;
  const again = (code: string) => {
    if (step.type === 'check-in') return proposeCheckIn(clinic, view, code);
    if (step.type === 'unseal') {
      const { unit, lot, use, amount, amountUnit } = step.data as {
        unit: string;
        lot: string;
        use: number;
        amount: number;
        amountUnit: string;
      };
      return proposeUnseal(clinic, view, { unit, lot, use, amount, amountUnit, singleUse: true }, code);
    }
    return proposePerform(clinic, view, recordOf(view, ''), code);
  };
  return (
    <button type="button" className="btn" onClick={() => withCode(again)}>
      {t('desk.newCode')}
    </button>
  );
}

interface Choice {
  unit: string;
  lot: string;
  use: number;
  amount: number;
  amountUnit: string;
  singleUse: boolean;
}

function Unseal({ view, onChoose, busy }: { view: VisitView; onChoose(item: Choice): void; busy: boolean }) {
  const items = useQuery({
    queryKey: ['stock', view.service.gtin],
    queryFn: async () => {
      const all = (await stock()).filter((s) => s.gtin === view.service.gtin);
      const judged = await Promise.all(
        all.map(async (item) => ({
          item,
          verdict: await deskApi.call(provenanceApi.verify, { query: { code: item.unit } }),
        })),
      );
      return judged
        .filter(({ verdict }) => !verdict.trail.some((s) => s.step === 'dispensing'))
        .map(({ item }) => item);
    },
  });
  const product = useQuery({
    queryKey: ['product', view.service.gtin],
    queryFn: () => deskApi.call(provenanceApi.readProduct, { params: { gtin: view.service.gtin! } }),
  });
  const [unit, setUnit] = useState('');
  const chosen = items.data?.find((i) => i.unit === unit) ?? items.data?.[0];
  if (items.isPending || !product.data) return <Waiting what={t('scan.checking')} />;
  if (!chosen) return <Pill tone="amber">{t('desk.noUnit')}</Pill>;
  const { maxAmountPerUnit, amountUnit, singleUse } = product.data.product;
  return (
    <>
      <Select
        label={t('desk.unit')}
        options={(items.data ?? []).map((i) => ({
          value: i.unit,
          label: `${say(product.data.product.name)} · ${i.unit.split('/21/')[1]}`,
        }))}
        value={chosen.unit}
        onChange={setUnit}
      />
      <button
        type="button"
        className="btn btn-main"
        disabled={busy}
        onClick={() =>
          onChoose({
            unit: chosen.unit,
            lot: chosen.lot,
            use: 0,
            amount: maxAmountPerUnit,
            amountUnit,
            singleUse,
          })
        }
      >
        {t('desk.unseal')}
      </button>
    </>
  );
}

function Record({ view, onDone, busy }: { view: VisitView; onDone(note: string): void; busy: boolean }) {
  const [note, setNote] = useState('');
  return (
    <>
      <h2 className="text-lg font-semibold m-0">{t('desk.record')}</h2>
      <p className="m-0 soft">{say(view.service.procedure.name)}</p>
      <Field label={t('desk.note')} lines={3} maxLength={2000} value={note} onValueChange={setNote} />
      <button type="button" className="btn btn-main" disabled={busy} onClick={() => onDone(note)}>
        {t('desk.perform')}
      </button>
    </>
  );
}

function recordOf(view: VisitView, note: string) {
  const { unit, lot, amount, amountUnit } = view.treatment as unknown as {
    unit: string;
    lot: string;
    amount: number;
    amountUnit: string;
  };
  const { zones, code, name } = view.service.procedure;
  return {
    at: new Date(now()).toISOString(),
    procedure: { code, name: say(name) },
    doctor: say(view.doctor.name),
    zones: zones.map((zone) => ({ zone, amount: Math.floor(amount / zones.length) })),
    amountUnit,
    product: {
      gtin: view.service.gtin ?? '',
      serial: unit.split('/21/')[1] ?? '',
      lot: lot.split('/10/')[1] ?? '',
      name: say(view.service.items[0]!.name),
    },
    ...(note ? { note } : {}),
  };
}
