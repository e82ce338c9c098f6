/** An appointment that one side did not keep: saying so, what follows by when, and objecting. */
import { useMutation, useQuery } from '@tanstack/react-query';
import type { VisitView } from '@zhenmei/care/api.ts';
import {
  type Absence as AbsenceNow,
  type AbsenceSeat,
  objectToAbsence,
  readAbsence,
  reportAbsence,
} from '@zhenmei/client/absence.ts';
import { AppError, type Currency, MINUTE, toIso } from '@zhenmei/kernel';
import { PATIENCE } from '@zhenmei/money/core/absence.ts';
import { Button } from '../look/button.tsx';
import { Card, Pill, Refusal } from '../look/parts.tsx';
import { Twice } from '../look/twice.tsx';
import { DemoTime } from '../pages/demo-time.tsx';
import { date, t, yuan } from '../shell/words.ts';
import { now, useNow } from '../state/apis.ts';
import { PledgeLine } from './pledge.tsx';

/** Visits that wait for their appointment, and those that ended without it. */
const WAITING = ['held', 'ready', 'checked-in'];
const SHOWN = [...WAITING, 'cancelled'];

/**
 * @param part what was reported stands before all else; whether to report something comes last
 * @param onDone something happened that the visit's page shows
 */
export function Absence({
  part,
  seat,
  view,
  onDone,
}: {
  part: 'report' | 'ask';
  seat: () => AbsenceSeat;
  view: VisitView;
  onDone(): void;
}) {
  const absence = useQuery({
    queryKey: ['absence', view.agreementId, view.state],
    enabled: Boolean(view.agreementId && view.money && SHOWN.includes(view.state)),
    refetchInterval: 3_000,
    queryFn: () => readAbsence(seat()),
  });
  const act = useMutation({
    mutationFn: (work: (seat: AbsenceSeat) => Promise<unknown>) => work(seat()),
    onSettled: () => {
      void absence.refetch();
      onDone();
    },
  });
  const at = useNow();
  const { currency } = view.quote;
  const found = absence.data;
  if (!SHOWN.includes(view.state)) return null;
  if (!found) return part === 'ask' && absence.error ? <Refusal error={absence.error} /> : null;
  const refusal = act.error ? <Refusal error={act.error} /> : null;
  if (Boolean(found.report) !== (part === 'report')) return null;
  const pledged = <PledgeLine found={found} view={view} />;
  if (found.report) return <Reported {...{ found, currency, pledged, act, refusal, onDone }} />;
  const begins = Date.parse(view.slot.startsAt);
  if (found.whyNot === 'ABSENCE_TOO_EARLY')
    return (
      <Card title={t('absence.if')}>
        <IfAbsent found={found} currency={currency} />
        {pledged}
        <Button disabled>{t(`absence.from.${found.you}`, { from: date(found.from!, now(), true) })}</Button>
        {at > begins - 15 * MINUTE ? (
          <DemoTime to={toIso(begins + PATIENCE + MINUTE)} label={t('absence.demo.late')} onDone={onDone} />
        ) : null}
      </Card>
    );
  if (found.whyNot === 'ABSENCE_NOT_KNOWN' && WAITING.includes(view.state) && at > begins + PATIENCE)
    return <Refusal error={new AppError('ABSENCE_NOT_KNOWN')} />;
  if (!found.ifReported) return null;
  const { you, ifReported: after } = found;
  return (
    <Card title={t(`absence.ask.${you}`)}>
      <p className="m-0 soft">
        {t(`absence.ask.${you}.text`, {
          clinic: yuan(after.toClinic, currency),
          patient: yuan(after.toPatient, currency),
        })}
      </p>
      <Twice
        label={t(`absence.report.${you}`)}
        text={t(`absence.ask.${you}.text`, {
          clinic: yuan(after.toClinic, currency),
          patient: yuan(after.toPatient, currency),
        })}
        busy={act.isPending}
        onYes={() => act.mutate(reportAbsence)}
      />
      <IfAbsent own found={found} currency={currency} />
      {pledged}
      {refusal}
    </Card>
  );
}

/** One sentence for each side: what happens if it does not keep the appointment. @param own the reader's side alone */
function IfAbsent({
  found: { you, from, ifAbsent },
  currency,
  own,
}: {
  found: AbsenceNow;
  currency: Currency;
  own?: boolean;
}) {
  if (!ifAbsent || !from) return null;
  const { toPatient, toClinic, fee } = ifAbsent.patient;
  // of what is kept the clinic gets what the fee leaves
  const kept = BigInt(toClinic) + BigInt(fee);
  const said = { from: date(from, now(), true), kept: yuan(String(kept), currency) };
  const missed = t(`absence.if.${you}.${kept > 0n ? 'missed' : 'missedFree'}`, {
    ...said,
    back: yuan(toPatient, currency),
  });
  const notReady = t(`absence.if.${you}.notReady`, {
    ...said,
    back: yuan(ifAbsent.clinic.toPatient, currency),
  });
  if (own) return <p className="m-0 soft">{you === 'patient' ? missed : notReady}</p>;
  return (
    <ul className="m-0 pl-5 list-disc soft flex flex-col gap-1">
      <li>{missed}</li>
      <li>{notReady}</li>
    </ul>
  );
}

function Reported({
  found,
  pledged,
  currency,
  act,
  refusal,
  onDone,
}: {
  found: AbsenceNow;
  pledged: React.ReactNode;
  currency: Currency;
  act: { readonly isPending: boolean; mutate(work: (seat: AbsenceSeat) => Promise<unknown>): void };
  refusal: React.ReactNode;
  onDone(): void;
}) {
  const { you, report } = found;
  const { absent, until, outcome, follows } = report!;
  if (outcome === 'settled')
    return (
      <Card>
        <p className="m-0">{t(`absence.settled.${absent}`)}</p>
        {pledged}
      </Card>
    );
  // the clinic gave everything back: what it put aside is owed all the same
  if (outcome === 'ended' && found.pledge?.state === 'paid') return <Card>{pledged}</Card>;
  if (outcome !== null || !follows) return null;
  const mine = absent === you;
  const by = date(until, now(), true);
  return (
    <Card title={t(`absence.of.${mine ? 'you' : 'other'}.${you}`)} tone="amber">
      <Pill tone="amber">{t(mine ? 'absence.until.you' : 'absence.until.other', { until: by })}</Pill>
      <p className="m-0">
        {t('absence.follows', {
          clinic: yuan(follows.toClinic, currency),
          patient: yuan(follows.toPatient, currency),
        })}
      </p>
      {absent === 'clinic' ? pledged : null}
      {report!.mayObject ? (
        <Twice
          label={t('absence.object')}
          text={t('absence.object.text')}
          busy={act.isPending}
          onYes={() => act.mutate(objectToAbsence)}
        />
      ) : null}
      {mine ? null : (
        <DemoTime to={toIso(Date.parse(until) + MINUTE)} label={t('absence.demo.over')} onDone={onDone} />
      )}
      {refusal}
    </Card>
  );
}
