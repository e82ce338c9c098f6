/** The clinic's side of a dispute. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { readVisitAtDesk } from '@zhenmei/client/clinic.ts';
import { clinicSeat } from '@zhenmei/client/dispute.ts';
import { useMemo } from 'react';
import { useSeat } from '../desk/use-seat.ts';
import { DisputeBody } from '../dispute/body.tsx';
import { Refusal, Waiting } from '../look/parts.tsx';
import { t } from '../shell/words.ts';

const route = getRouteApi('/desk/visits/$id/dispute');

export function DeskVisitDisputePage() {
  const { id } = route.useParams();
  const clinic = useSeat().data?.clinic;
  const view = useQuery({
    queryKey: ['desk-visit', id],
    enabled: Boolean(clinic),
    queryFn: () => readVisitAtDesk(clinic!, id),
  });
  const agreement = view.data?.agreementId;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the seat changes with clinic and agreement alone
  const seat = useMemo(
    () => (clinic && view.data?.terms ? clinicSeat(clinic, view.data) : null),
    [agreement, clinic],
  );
  return (
    <div className="flex flex-col gap-4">
      <Link to="/desk/visits/$id" params={{ id }} className="text-plum min-h-11 inline-flex items-center">
        ← {t('back')}
      </Link>
      {view.error ? <Refusal error={view.error} /> : null}
      {seat ? <DisputeBody seat={seat} /> : <Waiting what={t('loading')} lines={4} />}
    </div>
  );
}
