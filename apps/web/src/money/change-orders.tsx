/** What the clinic suggested beside the agreement, with the two ways to answer. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { VisitView } from '@zhenmei/care/api.ts';
import { priceApi } from '@zhenmei/care/price-api.ts';
import type { PatientVisit } from '@zhenmei/client/patient.ts';
import { bearerOf } from '@zhenmei/client/patient-steps.ts';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { Button } from '../look/button.tsx';
import { Card, Facts, Pill, Refusal } from '../look/parts.tsx';
import { date, say, t, yuan } from '../shell/words.ts';
import { now, patientApi } from '../state/apis.ts';

export function ChangeOrders({ visit, view }: { visit: PatientVisit; view: VisitView }) {
  const bearer = bearerOf(visit);
  const found = useQuery({
    queryKey: ['changes', visit.id],
    enabled: view.money !== null,
    refetchInterval: 3_000,
    queryFn: async () =>
      (await patientApi.call(priceApi.readChanges, { params: { id: visit.id }, bearer })).changes,
  });
  const config = useQuery({ queryKey: ['config'], queryFn: () => patientApi.call(houseApi.readConfig) });
  const decline = useMutation({
    mutationFn: (id: string) => patientApi.call(priceApi.declineChange, { params: { id }, bearer, body: {} }),
    onSettled: () => void found.refetch(),
  });
  const days = Math.round((config.data?.coolingOffSeconds ?? 604_800) / 86_400);
  return (found.data ?? []).map((order) => (
    <Card
      key={order.id}
      title={t('change.title')}
      {...(order.state === 'proposed' ? { tone: 'amber' as const } : {})}
    >
      <Pill tone={order.state === 'proposed' ? 'amber' : order.state === 'accepted' ? 'jade' : 'slate'}>
        {t(`change.state.${order.state}`)}
      </Pill>
      <Facts
        rows={[
          ...order.items.map(
            (i) =>
              [
                say(i.name),
                yuan(String(BigInt(i.unitPrice) * BigInt(i.quantity)), view.quote.currency),
              ] as const,
          ),
          [t('change.why'), say(order.reason)],
        ]}
      />
      {order.state === 'proposed' ? (
        <>
          <p className="m-0 font-medium">{t('change.notToday', { days })}</p>
          <p className="m-0 soft">{t('change.until', { until: date(order.lapsesAt, now()) })}</p>
          <div className="flex flex-wrap gap-3">
            <Link
              to="/clinics/$id"
              params={{ id: view.clinic.id }}
              search={{ change: order.id, of: visit.id }}
              className="btn"
            >
              {t('change.yes')}
            </Link>
            <Button busy={decline.isPending} onClick={() => decline.mutate(order.id)}>
              {t('change.no')}
            </Button>
          </div>
          {decline.error ? <Refusal error={decline.error} /> : null}
        </>
      ) : null}
    </Card>
  ));
}
