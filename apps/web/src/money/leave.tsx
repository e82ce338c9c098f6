/** The way out of an agreement that either side has: what it costs, and where the money goes. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { VisitView } from '@zhenmei/care/api.ts';
import type { Clinic } from '@zhenmei/client/clinic.ts';
import { leaveAgreement } from '@zhenmei/client/course.ts';
import { type PatientVisit, relayEscrow } from '@zhenmei/client/patient.ts';
import { toIso } from '@zhenmei/kernel/core/time.ts';
import type { PlainTerms } from '@zhenmei/money/core/plain-terms.ts';
import { assertAsShown, type Leaving, leavingAt } from '@zhenmei/money/core/retention.ts';
import { useEffect, useState } from 'react';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Card, Refusal } from '../look/parts.tsx';
import { date, isChinese, t, yuan } from '../shell/words.ts';
import { now, useNow } from '../state/apis.ts';
import { io } from '../state/vault.ts';
import { CancelDates } from './cancel-dates.tsx';
import { usePriced } from './use-coin.ts';

/** Seconds since the epoch. */
const second = (ms: number): number => Math.floor(ms / 1000);

/** What comes back, and what the clinic keeps, if the patient leaves now. */
function leavingNow({ money, parts }: VisitView, terms: PlainTerms): Leaving {
  const { held, coolingEndsAt } = money!;
  const account = {
    milestone: parts?.present ?? 0,
    held: BigInt(held),
    coolingEndsAt: coolingEndsAt === null ? 0 : second(Date.parse(coolingEndsAt)),
  };
  return leavingAt(terms, account, second(now()));
}

/** Looks again every second while dates decide what it costs. */
function useLeaving(view: VisitView, terms: PlainTerms): Leaving {
  const [, again] = useState(0);
  const dated = terms.schedule.length > 0;
  useEffect(() => {
    if (!dated) return;
    const timer = window.setInterval(() => again((n) => n + 1), 1_000);
    return () => window.clearInterval(timer);
  }, [dated]);
  return leavingNow(view, terms);
}

/** While the money is held and nobody was treated. */
export function PatientLeaves(props: { visit: PatientVisit; view: VisitView; onDone(): void }) {
  const terms = usePriced(props.view.terms);
  return terms ? <Leaves {...props} terms={terms} /> : null;
}

function Leaves({
  visit,
  view,
  terms,
  onDone,
}: {
  visit: PatientVisit;
  view: VisitView;
  terms: PlainTerms;
  onDone(): void;
}) {
  const at = useNow();
  const leaving = useLeaving(view, terms);
  const { kept, until } = leaving;
  const { currency } = view.quote;
  const back = yuan(String(leaving.back), currency);
  const leave = useMutation({
    mutationFn: async (shown: Leaving) => {
      assertAsShown(shown, leavingNow(view, terms));
      // what is brought late must not cost more than what is on the page
      await relayEscrow(io, visit, 'cancel', view, shown.until);
    },
    onSettled: onDone,
  });
  // once an absence was reported there is nothing to cancel
  if (view.money!.state !== 'active') return null;
  const cooling = view.money!.coolingEndsAt !== null && Date.parse(view.money!.coolingEndsAt) > at;
  // of a course that began, parts are paid
  const course = view.parts !== null && !cooling;
  const asked = {
    ...leave,
    mutate: () => leave.mutate(leaving),
  };
  const late = kept > 0n && at > Date.parse(view.slot.startsAt);
  const outcome =
    kept > 0n ? t('cancel.now', { back, kept: yuan(String(kept), currency) }) : t('cancel.now.all', { back });
  const said = [
    outcome,
    ...(until === null ? [] : [t('cancel.stays', { until: date(toIso(until * 1000), now(), true) })]),
    ...(late || (kept > 0n && view.warning) ? [t(view.warning ? 'cancel.warning' : 'cancel.notReady')] : []),
  ].join(isChinese() ? '' : ' ');
  if (terms.schedule.length > 0)
    return (
      <>
        <CancelDates
          terms={terms}
          milestone={view.parts?.present ?? 0}
          held={view.money!.held}
          currency={currency}
        />
        <p className="m-0 font-medium">{said}</p>
        <Leave label={t(kept > 0n ? 'leave.patient' : 'visit.coolingCancel')} text={said} leave={asked} />
      </>
    );
  return (
    <Leave
      label={t(course ? 'course.end' : 'visit.coolingCancel')}
      text={course ? t('course.end.text', { amount: back }) : t('visit.coolingCancelText')}
      leave={asked}
    />
  );
}

/** Until the money is released or fought about. */
export function ClinicLeaves({ clinic, view }: { clinic: Clinic; view: VisitView }) {
  const queries = useQueryClient();
  const leave = useMutation({
    mutationFn: () => leaveAgreement(clinic, view),
    onSettled: () => queries.invalidateQueries({ queryKey: ['desk-visit', view.id] }),
  });
  if (view.money?.state !== 'active' && view.money?.state !== 'claimed') return null;
  return (
    <Card>
      <Leave
        label={t(view.parts ? 'course.close' : 'leave.clinic')}
        text={
          view.parts
            ? t('course.close.text', { amount: yuan(view.money.held, view.quote.currency) })
            : t('leave.clinic.text', { back: yuan(view.money.held, view.quote.currency) })
        }
        leave={leave}
      />
    </Card>
  );
}

function Leave({
  label,
  text,
  leave,
}: {
  label: string;
  text: string;
  leave: { isPending: boolean; error: Error | null; mutate(): void };
}) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button kind="danger" busy={leave.isPending} onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Ask
        danger
        open={open}
        onOpenChange={setOpen}
        title={label}
        text={text}
        yes={label}
        onYes={() => leave.mutate()}
      />
      {leave.error ? <Refusal error={leave.error} /> : null}
    </>
  );
}
