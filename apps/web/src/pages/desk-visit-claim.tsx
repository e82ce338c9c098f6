/** The clinic's side of a claim on its promise. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { readVisitAtDesk } from '@zhenmei/client/clinic.ts';
import { clinicSeat } from '@zhenmei/client/dispute.ts';
import { guaranteeApi } from '@zhenmei/money/guarantee-api.ts';
import { useMemo } from 'react';
import { useSeat } from '../desk/use-seat.ts';
import { ClaimBody } from '../dispute/claim-body.tsx';
import { Page, Refusal, Waiting } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { deskApi } from '../state/apis.ts';

const route = getRouteApi('/desk/visits/$id/claim');

export function DeskVisitClaimPage() {
  const { id } = route.useParams();
  const clinic = useSeat().data?.clinic;
  const view = useQuery({
    queryKey: ['desk-visit', id],
    enabled: Boolean(clinic),
    queryFn: () => readVisitAtDesk(clinic!, id),
  });
  const agreement = view.data?.agreementId;
  const cover = useQuery({
    queryKey: ['desk-cover', agreement],
    enabled: Boolean(agreement),
    queryFn: () => deskApi.call(guaranteeApi.readCover, { params: { id: agreement! } }),
  });
  const shown = cover.data?.cover;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the seat changes with clinic, agreement and cover alone
  const seat = useMemo(
    () =>
      clinic && view.data?.terms && shown
        ? { side: clinicSeat(clinic, view.data, 'GuaranteePanel'), id: shown.id, cover: shown.cover }
        : null,
    [agreement, clinic, shown?.id],
  );
  const error = view.error ?? cover.error;
  return (
    <Page title={t('guarantee.title')}>
      <Link to="/desk/visits/$id" params={{ id }} className="text-plum min-h-11 inline-flex items-center">
        ← {t('back')}
      </Link>
      {error ? <Refusal error={error} /> : null}
      {seat ? (
        <ClaimBody seat={seat} vault={null} />
      ) : error ? null : (
        <Waiting what={t('loading')} lines={4} />
      )}
    </Page>
  );
}
