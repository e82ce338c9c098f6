/** The way out of an agreement that either side has: what it costs, and where the money goes. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { VisitView } from '@zhenmei/care/api.ts';
import type { Clinic } from '@zhenmei/client/clinic.ts';
import { leaveAgreement } from '@zhenmei/client/course.ts';
import { type PatientVisit, relayEscrow } from '@zhenmei/client/patient.ts';
import type { PlainTerms } from '@zhenmei/money/core/plain-terms.ts';
import { retainedOf } from '@zhenmei/money/core/retention.ts';
import { useState } from 'react';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Card, Refusal } from '../look/parts.tsx';
import { t, yuan } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { io } from '../state/vault.ts';

const cooling = ({ money }: VisitView): boolean =>
  money !== null && money.coolingEndsAt !== null && Date.parse(money.coolingEndsAt) > now();

/** Minor units that come back, and that the clinic keeps, if the patient leaves now. */
function costOf(view: VisitView): { back: bigint; kept: bigint } {
  const held = BigInt(view.money!.held);
  const terms = view.terms as unknown as PlainTerms;
  const kept = cooling(view) ? 0n : retainedOf(terms, view.parts?.present ?? 0, Math.floor(now() / 1000));
  return { back: held - kept, kept };
}

/** While the money is held and nobody was treated. */
export function PatientLeaves({
  visit,
  view,
  onDone,
}: {
  visit: PatientVisit;
  view: VisitView;
  onDone(): void;
}) {
  const { back, kept } = costOf(view);
  const leave = useMutation({
    mutationFn: () => relayEscrow(io, visit, 'cancel', view),
    onSettled: onDone,
  });
  // of a course that began, parts are paid
  const course = view.parts !== null && !cooling(view);
  if (kept > 0n)
    return (
      <Leave
        label={t('leave.patient')}
        text={t('leave.patient.text', { back: yuan(String(back)), kept: yuan(String(kept)) })}
        leave={leave}
      />
    );
  return (
    <Leave
      label={t(course ? 'course.end' : 'visit.coolingCancel')}
      text={course ? t('course.end.text', { amount: yuan(String(back)) }) : t('visit.coolingCancelText')}
      leave={leave}
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
            ? t('course.close.text', { amount: yuan(view.money.held) })
            : t('leave.clinic.text', { back: yuan(view.money.held) })
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
