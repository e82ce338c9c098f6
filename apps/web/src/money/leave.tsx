/** The way out of an agreement that either side has: what it costs, and where the money goes. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { VisitView } from '@zhenmei/care/api.ts';
import { type Clinic, leaveAgreement } from '@zhenmei/client/clinic.ts';
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

/** Minor units that come back, and that the clinic keeps, if the patient leaves now. */
function costOf(view: VisitView): { back: bigint; kept: bigint } {
  const money = view.money!;
  const held = BigInt(money.held);
  const terms = view.terms as unknown as PlainTerms;
  if (money.coolingEndsAt && Date.parse(money.coolingEndsAt) > now()) return { back: held, kept: 0n };
  // each part is due later than the one before it
  const present = terms.milestones.findIndex(({ dueBy }) => dueBy * 1000 === Date.parse(money.dueBy ?? ''));
  const kept = present < 0 ? 0n : retainedOf(terms, present, Math.floor(now() / 1000));
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
  return (
    <Leave
      label={kept === 0n ? t('visit.coolingCancel') : t('leave.patient')}
      text={
        kept === 0n
          ? t('visit.coolingCancelText')
          : t('leave.patient.text', { back: yuan(String(back)), kept: yuan(String(kept)) })
      }
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
        label={t('leave.clinic')}
        text={t('leave.clinic.text', { back: yuan(view.money.held) })}
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
