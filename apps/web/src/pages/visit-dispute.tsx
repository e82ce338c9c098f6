/** The patient's side of a dispute. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { patientSeat } from '@zhenmei/client/dispute.ts';
import { type PatientVisit, readVisit } from '@zhenmei/client/patient.ts';
import { useMemo } from 'react';
import { DisputeBody } from '../dispute/body.tsx';
import { Refusal, Waiting } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { random } from '../state/apis.ts';
import { io } from '../state/vault.ts';
import { OwnVisit } from '../vault/own-visit.tsx';

const route = getRouteApi('/framed/visits/$id/dispute');

export function VisitDisputePage() {
  const { id } = route.useParams();
  return (
    <OwnVisit id={id} title={t('dispute.title')}>
      {(visit) => <Shown visit={visit} />}
    </OwnVisit>
  );
}

function Shown({ visit }: { visit: PatientVisit }) {
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
