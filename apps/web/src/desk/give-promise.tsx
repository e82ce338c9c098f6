/** On a visit at the clinic's desk: promises its outcome, while the money is held and nothing was done. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { VisitView } from '@zhenmei/care/api.ts';
import type { Clinic } from '@zhenmei/client/clinic.ts';
import { openCover } from '@zhenmei/client/guarantee.ts';
import { isFinanced } from '@zhenmei/client/patient.ts';
import { guaranteeApi } from '@zhenmei/money/guarantee-api.ts';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { Button } from '../look/button.tsx';
import { Card, Pill, Refusal } from '../look/parts.tsx';
import { t, yuan } from '../shell/words.ts';
import { deskApi } from '../state/apis.ts';

export function GivePromise({ clinic, view }: { clinic: Clinic; view: VisitView }) {
  const early = view.state === 'held' || view.state === 'ready';
  const desk = useQuery({
    queryKey: ['guarantee-desk'],
    enabled: view.agreementId !== null,
    queryFn: () => deskApi.call(guaranteeApi.readDesk),
    refetchInterval: 3_000,
  });
  const give = useMutation({
    mutationFn: () => openCover(clinic, view, desk.data!.arbiter!),
    onSettled: () => void desk.refetch(),
  });
  const config = useQuery({ queryKey: ['config'], queryFn: () => deskApi.call(houseApi.readConfig) });
  if (!desk.data || !config.data) return null;
  const given = desk.data.covers.find(
    ({ cover, state }) => cover.agreement === view.agreementId && state !== 'offered',
  );
  if (!given && !early) return null;
  return (
    <Card title={t('guarantee.title')}>
      {given ? (
        <>
          <Pill tone="jade">{t('guarantee.given')}</Pill>
          {given.asked !== null && given.decider === 'panel' ? (
            <Link to="/desk/visits/$id/claim" params={{ id: view.id }} className="btn">
              {t('claimcase.open')}
            </Link>
          ) : null}
        </>
      ) : isFinanced(view, config.data.contracts) ? (
        <p className="m-0 soft">{t('guarantee.byLoan')}</p>
      ) : desk.data.arbiter ? (
        <>
          <p className="m-0 soft">{t('guarantee.give.text', { amount: yuan(view.total) })}</p>
          <Button busy={give.isPending} onClick={() => give.mutate()}>
            {t('guarantee.give')}
          </Button>
        </>
      ) : (
        <p className="m-0 soft">{t('guarantee.noArbiter')}</p>
      )}
      {give.error ? <Refusal error={give.error} /> : null}
    </Card>
  );
}
