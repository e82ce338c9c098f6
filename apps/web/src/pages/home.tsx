import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ALL_PROVEN, Blossom } from '../look/blossom.tsx';
import { Loaded } from '../look/loaded.tsx';
import { Card, Pill } from '../look/parts.tsx';
import { say, t } from '../shell/words.ts';

export function HomePage() {
  const clinics = useQuery({
    queryKey: ['clinics'],
    // contracts and their checks are not needed to show this page
    queryFn: async () => (await import('../state/clinics.ts')).listClinics(),
  });
  return (
    <div className="flex flex-col gap-4">
      <title>{t('brand')}</title>
      <header className="flex items-center gap-3">
        <Blossom states={ALL_PROVEN} size={56} />
        <div>
          <h1 className="text-3xl font-semibold m-0 text-plum">{t('brand')}</h1>
          <p className="soft m-0">{t('tagline')}</p>
        </div>
      </header>
      <Link to="/verify" className="btn btn-main text-lg flex-col py-5">
        <span>{t('home.scan')}</span>
        <span className="text-sm font-normal">{t('home.scanLead')}</span>
      </Link>
      <div className="grid gap-4 sm:grid-cols-2">
        <Card title={t('home.try')}>
          <p className="soft m-0">{t('home.tryLead')}</p>
          <a href="/try" className="btn mt-auto">
            {t('home.try')}
          </a>
        </Card>
        <Card title={t('home.check')}>
          <p className="soft m-0">{t('home.checkLead')}</p>
          <Link to="/check" className="btn mt-auto">
            {t('home.check')}
          </Link>
        </Card>
      </div>
      <h2 className="text-lg font-semibold m-0">{t('home.clinics')}</h2>
      <Loaded query={clinics} lines={3}>
        {(found) => (
          <ul className="list-none p-0 m-0 flex flex-col gap-3">
            {found.clinics.map((clinic) => {
              const valid = clinic.licences.every((l) => l.verdict === 'proven');
              return (
                <li key={clinic.id}>
                  <Link
                    to="/clinics/$id"
                    params={{ id: clinic.id }}
                    className="card block no-underline text-ink"
                  >
                    <span className="font-semibold text-lg">{say(clinic.name)}</span>
                    <span className="soft block">
                      {say(clinic.city)} · {say(clinic.address)}
                    </span>
                    <Pill tone={valid ? 'jade' : 'cinnabar'}>
                      {t('licence.facility')} {t(valid ? 'licence.valid' : 'licence.invalid')}
                    </Pill>
                  </Link>
                </li>
              );
            })}
          </ul>
        )}
      </Loaded>
    </div>
  );
}
