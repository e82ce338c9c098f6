/** The patient's side of a dispute. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { patientSeat } from '@zhenmei/client/dispute.ts';
import { type PatientVisit, readVisit } from '@zhenmei/client/patient.ts';
import { useMemo } from 'react';
import { DisputeBody } from '../dispute/body.tsx';
import { AccountCard, useVault } from '../look/account.tsx';
import { Page, Refusal, Waiting } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { random } from '../state/apis.ts';
import { io, patientVisit } from '../state/vault.ts';

const route = getRouteApi('/framed/visits/$id/dispute');

export function VisitDisputePage() {
  const { id } = route.useParams();
  const open = useVault();
  const visit = patientVisit(id);
  if (!open || !visit)
    return (
      <Page title={t('dispute.title')} lead={t('visit.unlockFirst')}>
        <AccountCard />
      </Page>
    );
  return <Loaded visit={visit} />;
}

function Loaded({ visit }: { visit: PatientVisit }) {
  const view = useQuery({ queryKey: ['visit', visit.id], queryFn: () => readVisit(io, visit) });
  const agreement = view.data?.agreementId;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the seat changes with the agreement alone
  const seat = useMemo(
    () => (view.data?.terms ? patientSeat(io, visit, view.data, random) : null),
    [agreement, visit.id],
  );
  if (view.error) return <Refusal error={view.error} />;
  return (
    <>
      <Link
        to="/visits/$id"
        params={{ id: visit.id }}
        className="text-plum min-h-11 inline-flex items-center"
      >
        ← {t('back')}
      </Link>
      {seat ? <DisputeBody seat={seat} /> : <Waiting what={t('loading')} lines={4} />}
    </>
  );
}
