/** What is public of a doctor: every certificate judged just now, and what may be booked. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { careApi } from '@zhenmei/care/api.ts';
import { kindOf } from '@zhenmei/identity/core/catalogue.ts';
import { Card, Details, Page, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { date, say, t, yuan } from '../shell/words.ts';
import { now, patientApi } from '../state/apis.ts';
import { ClaimFacts } from './claim-facts.tsx';
import { LicenceLine } from './clinic.tsx';

const route = getRouteApi('/framed/doctors/$id');

export function DoctorPage() {
  const { id } = route.useParams();
  const doctor = useQuery({
    queryKey: ['doctor', id],
    queryFn: () => patientApi.call(careApi.readDoctor, { params: { id } }),
    refetchInterval: 30_000,
  });
  if (doctor.isPending) return <Waiting what={t('loading')} lines={4} />;
  if (doctor.error) return <Refusal error={doctor.error} />;
  const { doctor: d, clinic, services } = doctor.data;
  return (
    <Page title={say(d.name)} lead={say(d.title)}>
      {d.licences.length === 0 ? (
        <Card>
          <Pill tone="slate">{t('doctor.noLicence')}</Pill>
        </Card>
      ) : null}
      {d.licences.map((licence) => (
        <Card
          key={licence.type}
          title={kindOf(licence.type) ? say(kindOf(licence.type)!.name) : t('claims.other')}
        >
          <LicenceLine licence={licence} />
          <ClaimFacts vct={licence.type} claims={licence.claims} />
          <p className="soft m-0 text-sm">
            {t('doctor.checked', { when: date(licence.checkedAt, now(), true) })}
          </p>
          <Details>{`${licence.type} · ${licence.issuer} · ${licence.code}`}</Details>
        </Card>
      ))}
      <Card title={t('doctor.works')}>
        <Link to="/clinics/$id" params={{ id: clinic.id }} className="btn">
          {say(clinic.name)}
        </Link>
      </Card>
      <Card title={t('clinic.services')}>
        {services.map((service) => (
          <div key={service.id} className="border-t border-line pt-3 first-of-type:border-0">
            <span className="flex justify-between gap-3 font-semibold">
              <span>{say(service.body.procedure.name)}</span>
              <span>{yuan(service.total, service.body.currency)}</span>
            </span>
            {service.bookable ? null : (
              <Pill tone="cinnabar">
                {t('clinic.notBookable', { why: service.reasons[0] ? say(service.reasons[0].reason) : '' })}
              </Pill>
            )}
          </div>
        ))}
      </Card>
    </Page>
  );
}
