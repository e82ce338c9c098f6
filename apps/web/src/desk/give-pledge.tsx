/** On a visit at the clinic's desk: puts aside what the price list promises if the clinic does not come. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { VisitView } from '@zhenmei/care/api.ts';
import { clinicAbsenceSeat, readAbsence } from '@zhenmei/client/absence.ts';
import type { Clinic } from '@zhenmei/client/clinic.ts';
import { mayPledge, pledgeComing, promisedPledge } from '@zhenmei/client/pledge.ts';
import { guaranteeApi } from '@zhenmei/money/guarantee-api.ts';
import { Button } from '../look/button.tsx';
import { Card, Refusal } from '../look/parts.tsx';
import { useConfig } from '../money/use-coin.ts';
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
  const bond = useQuery({
    queryKey: ['guarantee-desk'],
    enabled: open,
    refetchInterval: 3_000,
    queryFn: () => deskApi.call(guaranteeApi.readDesk),
  });
  const config = useConfig();
  const give = useMutation({
    mutationFn: () => pledgeComing(clinic.desk, view),
    onSettled: () => {
      void absence.refetch();
      void bond.refetch();
    },
  });
  if (!open || !absence.data || !config.data || absence.data.pledge) return null;
  const said = { sum: yuan(String(sum)) };
  return (
    <Card title={t('pledge.title')}>
      {mayPledge(view, config.data.contracts) ? (
        <>
          <p className="m-0 soft">{t('pledge.give.text', said)}</p>
          {bond.data ? (
            <Give
              free={BigInt(bond.data.pledges.bond.total) - BigInt(bond.data.pledges.bond.locked)}
              sum={sum}
              busy={give.isPending}
              onGive={() => give.mutate()}
            />
          ) : null}
        </>
      ) : (
        <p className="m-0 soft">{t('pledge.give.cannot')}</p>
      )}
      {(bond.error ?? give.error) ? <Refusal error={bond.error ?? give.error} /> : null}
    </Card>
  );
}

/** The button; where the bond has too little free, what is missing and where to pay it in. */
function Give(props: { free: bigint; sum: bigint; busy: boolean; onGive(): void }) {
  const { free, sum, busy, onGive } = props;
  if (free >= sum)
    return (
      <Button busy={busy} onClick={onGive}>
        {t('pledge.give', { sum: yuan(String(sum)) })}
      </Button>
    );
  return (
    <>
      <p className="m-0">
        {t('pledge.give.short', { free: yuan(String(free)), missing: yuan(String(sum - free)) })}
      </p>
      <Link to="/desk/guarantee" className="btn">
        {t('pledge.give.bond')}
      </Link>
    </>
  );
}
