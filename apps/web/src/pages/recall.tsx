/** One recall as it concerns this person: what, why, what to do, which visit, and how this device knows. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { provenanceApi, recallApi } from '@zhenmei/provenance/api.ts';
import { AccountCard, useVault } from '../look/account.tsx';
import { Card, Facts, Page, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { date, type Key, say, t } from '../shell/words.ts';
import { now, patientApi } from '../state/apis.ts';
import { useRecalls } from '../state/recall-store.ts';

const route = getRouteApi('/framed/recalls/$id');

export function RecallPage() {
  const { id } = route.useParams();
  const { touched, checkedAt, trouble, unread } = useRecalls();
  const mine = touched.find(({ signed }) => signed.notice.id === id);
  const view = useQuery({
    queryKey: ['notice', id],
    queryFn: () => patientApi.call(recallApi.readNotice, { params: { id } }),
  });
  const gtin = view.data?.signed.notice.gtin;
  const product = useQuery({
    queryKey: ['product', gtin],
    enabled: gtin !== undefined,
    retry: false,
    queryFn: () => patientApi.call(provenanceApi.readProduct, { params: { gtin: gtin! } }),
  });
  if (view.isPending) return <Waiting what={t('loading')} lines={3} />;
  if (view.error) return <Refusal error={view.error} />;
  const { notice } = view.data.signed;
  return (
    <Page title={t('recall.title')}>
      <section className="card flex flex-col gap-3" style={{ borderColor: 'var(--cinnabar)' }}>
        <h2 className="text-2xl font-semibold m-0">
          <Pill tone="cinnabar">{product.data ? say(product.data.product.name) : notice.gtin}</Pill>
        </h2>
        <h3 className="m-0 text-base font-semibold">{t('recall.why')}</h3>
        <p className="m-0">{say(notice.reason)}</p>
        <h3 className="m-0 text-base font-semibold">{t('recall.doNow')}</h3>
        <p className="m-0 text-lg font-medium">{say(notice.doNow)}</p>
      </section>
      <Card>
        <Facts
          rows={[
            [t('recall.by'), say(view.data.by)],
            [t('recall.when'), date(view.data.publishedAt, now(), true)],
            ...(notice.severity
              ? [[t('recall.severity'), t(`severity.${notice.severity}` as Key)] as const]
              : []),
            [t('verdict.lot'), notice.lots.join(' · ')],
          ]}
        />
        <p className="m-0 soft text-sm">{t('recall.proof', { seq: view.data.seq + 1 })}</p>
        {trouble === 'away' && checkedAt !== null ? (
          <p className="m-0 soft text-sm">
            {t('recall.stale', { at: date(new Date(checkedAt).toISOString(), now(), true) })}
          </p>
        ) : null}
      </Card>
      {mine ? <Visits visits={mine.visits} /> : null}
      {unread > 0 ? <p className="m-0">{t('recall.unread', { count: unread })}</p> : null}
      {mine || unread > 0 ? null : <p className="soft m-0">{t('recall.none')}</p>}
    </Page>
  );
}

function Visits({ visits }: { visits: readonly string[] }) {
  const open = useVault();
  const known = open?.visits.filter(({ id }) => visits.includes(id)) ?? [];
  return (
    <>
      <Card title={t('recall.whose')}>
        <p className="m-0 soft">{t('recall.private')}</p>
        {open ? null : <p className="m-0">{t('recall.open')}</p>}
        <ul className="list-none p-0 m-0 flex flex-col gap-3">
          {known.map((visit) => (
            <li key={visit.id} className="flex flex-col gap-2">
              <span className="font-medium">
                {say(visit.service)} · {say(visit.clinic)} · {date(visit.at, now(), true)}
              </span>
              <span className="flex gap-3 flex-wrap">
                <Link to="/visits/$id" params={{ id: visit.id }} className="btn">
                  {t('recall.visit')}
                </Link>
                {visit.clinicId ? (
                  <Link to="/clinics/$id" params={{ id: visit.clinicId }} className="btn btn-main">
                    {t('recall.book')}
                  </Link>
                ) : null}
              </span>
            </li>
          ))}
        </ul>
      </Card>
      {open ? null : <AccountCard />}
    </>
  );
}
