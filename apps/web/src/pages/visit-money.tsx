/** The money of a visit: how much, where it is now, what moves it next and by when. */
import type { VisitView } from '@zhenmei/care/api.ts';
import type { PatientVisit } from '@zhenmei/client/patient.ts';
import { Card, Details } from '../look/parts.tsx';
import { AfterPayment } from '../money/after-payment.tsx';
import { AgreementPaper } from '../money/agreement-paper.tsx';
import { CoinAfter } from '../money/coin-home.tsx';
import { PlainTermsList } from '../money/plain-terms.tsx';
import { useCoin } from '../money/use-coin.ts';
import { date, type Key, t, yuan } from '../shell/words.ts';
import { now, useNow } from '../state/apis.ts';

/** @param financed what comes back pays the instalments first */
export function Money({
  visit,
  view,
  financed,
}: {
  visit: PatientVisit;
  view: VisitView;
  financed: boolean;
}) {
  const m = view.money;
  const coin = useCoin(view.terms);
  const at = useNow();
  const day = (iso: string) => date(iso, now());
  const cooling = m?.state === 'active' && m.coolingEndsAt !== null && Date.parse(m.coolingEndsAt) > at;
  const next = [
    ...(cooling ? [t('money.cooling', { until: day(m.coolingEndsAt!) })] : []),
    ...(m?.state === 'active' ? [t(view.parts ? 'course.money' : 'money.next.active')] : []),
    ...(m?.state === 'active' && m.dueBy
      ? [t(view.parts ? 'course.moneyDue' : 'money.due', { until: day(m.dueBy) })]
      : []),
    ...(m?.state === 'claimed' ? [t('money.next.claimed')] : []),
    ...(m?.releasesAt && m.state === 'claimed' ? [t('money.releases', { until: day(m.releasesAt) })] : []),
    ...(m?.state === 'disputed' ? [t('money.next.disputed')] : []),
    ...(m?.state === 'closed'
      ? [
          t(financed ? 'loan.money.refunded' : 'money.paid', {
            paid: yuan(m.paid, view.quote.currency),
            refunded: yuan(m.refunded, view.quote.currency),
          }),
        ]
      : []),
  ];
  return (
    <Card title={t('visit.money')}>
      <p className="m-0 amount">
        {yuan(m ? (m.state === 'closed' ? m.paid : m.held) : '0', view.quote.currency)}
      </p>
      <p className="m-0 font-medium">{t(`money.${m?.state ?? 'none'}` as Key)}</p>
      {next.length > 0 ? (
        <ul className="m-0 pl-5 list-disc soft flex flex-col gap-1">
          {next.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      ) : null}
      {m && view.agreementId && !coin ? <AfterPayment visit={visit} id={view.agreementId} /> : null}
      {view.agreementId && coin && view.state !== 'agreed' ? (
        <CoinAfter visit={visit} id={view.agreementId} />
      ) : null}
      {view.consent ? (
        <>
          <PlainTermsList terms={view.terms} />
          <AgreementPaper visit={visit} />
        </>
      ) : null}
      {view.agreementId ? <Details>{view.agreementId}</Details> : null}
    </Card>
  );
}
