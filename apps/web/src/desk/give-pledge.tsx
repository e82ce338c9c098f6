/** On a visit at the clinic's desk: puts aside what the price list promises if the clinic does not come. */
import { useMutation, useQuery } from '@tanstack/react-query';
import type { VisitView } from '@zhenmei/care/api.ts';
import { clinicAbsenceSeat, readAbsence } from '@zhenmei/client/absence.ts';
import type { Clinic } from '@zhenmei/client/clinic.ts';
import { isFinanced } from '@zhenmei/client/patient.ts';
import { pledgeComing, promisedPledge } from '@zhenmei/client/pledge.ts';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { Button } from '../look/button.tsx';
import { Card, Refusal } from '../look/parts.tsx';
import { t, yuan } from '../shell/words.ts';
import { deskApi } from '../state/apis.ts';

export function GivePledge({ clinic, view }: { clinic: Clinic; view: VisitView }) {
  const sum = promisedPledge(view);
  const open = view.money?.state === 'active' && sum !== null;
  const absence = useQuery({
    queryKey: ['absence', view.agreementId, view.state],
    enabled: open,
    refetchInterval: 3_000,
    queryFn: () => readAbsence(clinicAbsenceSeat(clinic, view)),
  });
  const config = useQuery({
    queryKey: ['config'],
    enabled: open,
    queryFn: () => deskApi.call(houseApi.readConfig),
  });
  const give = useMutation({
    mutationFn: () => pledgeComing(clinic.desk, view),
    onSettled: () => void absence.refetch(),
  });
  if (!open || !absence.data || !config.data || absence.data.pledge) return null;
  const said = { sum: yuan(String(sum)) };
  return (
    <Card title={t('pledge.title')}>
      {isFinanced(view, config.data.contracts) ? (
        <p className="m-0 soft">{t('pledge.give.byLoan')}</p>
      ) : (
        <>
          <p className="m-0 soft">{t('pledge.give.text', said)}</p>
          <Button busy={give.isPending} onClick={() => give.mutate()}>
            {t('pledge.give', said)}
          </Button>
        </>
      )}
      {give.error ? <Refusal error={give.error} /> : null}
    </Card>
  );
}
