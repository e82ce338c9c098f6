/** What is promised about the outcome, in short: on the visit's page. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { VisitView } from '@zhenmei/care/api.ts';
import type { PatientVisit } from '@zhenmei/client/patient.ts';
import { type CoverView, guaranteeApi } from '@zhenmei/money/guarantee-api.ts';
import { Card, Pill, type Tone } from '../look/parts.tsx';
import { date, type Key, t } from '../shell/words.ts';
import { now, patientApi } from '../state/apis.ts';

export const toneOf = (state: CoverView['state']): Tone =>
  state === 'claimed' ? 'amber' : state === 'open' ? 'jade' : 'slate';

export const useCover = (agreement: string | null) =>
  useQuery({
    queryKey: ['cover', agreement],
    enabled: agreement !== null,
    refetchInterval: 2_000,
    queryFn: () => patientApi.call(guaranteeApi.readCover, { params: { id: agreement as `0x${string}` } }),
  });

export function GuaranteeLink({ visit, view }: { visit: PatientVisit; view: VisitView }) {
  const { data } = useCover(view.agreementId ?? null);
  const cover = data?.cover;
  if (!cover) return null;
  return (
    <Card title={t('guarantee.title')}>
      <p className="m-0">
        <Pill tone={toneOf(cover.state)}>{t(`guarantee.state.${cover.state}` as Key)}</Pill>
      </p>
      <p className="m-0 soft">
        {date(cover.from, now())} – {date(cover.until, now())}
      </p>
      <Link to="/visits/$id/guarantee" params={{ id: visit.id }} className="btn">
        {t('guarantee.open')}
      </Link>
    </Card>
  );
}
