/** The mediator's list: disputes in which talk led nowhere, each with one proposal. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Dispute } from '@zhenmei/client/dispute.ts';
import { disputeApi } from '@zhenmei/money/dispute-api.ts';
import { useRefund } from '../dispute/settle.tsx';
import { Button } from '../look/button.tsx';
import { Loaded } from '../look/loaded.tsx';
import { Card, Facts, Page, Refusal } from '../look/parts.tsx';
import { date, t, yuan } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';

const LIST = ['mediations'] as const;

export function DeskMediationsPage() {
  const list = useQuery({
    queryKey: LIST,
    queryFn: async () => (await deskApi.call(disputeApi.mediations)).disputes,
    refetchInterval: 5_000,
  });
  return (
    <Page title={t('mediation.title')} lead={t('mediation.lead')}>
      <Loaded query={list} lines={3} empty={t('mediation.empty')}>
        {(disputes) => disputes.map((one) => <One key={one.agreementId} one={one} />)}
      </Loaded>
    </Page>
  );
}

function One({ one }: { one: Dispute }) {
  const queries = useQueryClient();
  const { refund, field } = useRefund(one.held, one.currency);
  const propose = useMutation({
    mutationFn: (amount: bigint) =>
      deskApi.call(disputeApi.propose, {
        params: { id: one.agreementId },
        body: { refund: amount.toString() },
      }),
    onSettled: () => queries.invalidateQueries({ queryKey: LIST }),
  });
  return (
    <Card>
      <Facts
        rows={[
          [t('dispute.amount'), yuan(one.amount, one.currency)],
          [t('dispute.held'), yuan(one.held, one.currency)],
          [t('dispute.until'), one.until ? date(one.until, now(), true) : ''],
        ]}
      />
      {one.splits.map((split) => (
        <p key={split.by} className="m-0">
          {t(`dispute.split.${split.by}`, { refund: yuan(split.refund, one.currency) })}
        </p>
      ))}
      {field}
      <Button
        kind="main"
        busy={propose.isPending}
        disabled={refund === null}
        onClick={() => refund !== null && propose.mutate(refund)}
      >
        {t('mediation.propose')}
      </Button>
      {propose.error ? <Refusal error={propose.error} /> : null}
    </Card>
  );
}
