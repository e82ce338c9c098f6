import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { provenanceApi } from '@zhenmei/provenance/api.ts';
import { demoApi } from '@zhenmei/server/api/contract.ts';
import { type FormEvent, lazy, Suspense, useCallback, useState } from 'react';
import { Field } from '../look/field.tsx';
import { Card, Page, Refusal, Waiting } from '../look/parts.tsx';
import { useHandScanner } from '../scan/use-hand-scanner.ts';
import { say, t } from '../shell/words.ts';
import { patientApi } from '../state/apis.ts';
import { Answer } from './verify-answer.tsx';
import { type LabelChoice, VerifyLabel } from './verify-label.tsx';

const route = getRouteApi('/framed/verify');

const Scanner = lazy(() => import('../scan/scanner.tsx'));
const VerifyYourself = lazy(() =>
  import('./verify-unit.tsx').then(({ VerifyYourself: component }) => ({ default: component })),
);

export function VerifyPage() {
  const { code, dose, ingredient, at } = route.useSearch();
  const navigate = route.useNavigate();
  const [typed, setTyped] = useState(code ?? '');
  const answer = useQuery({
    queryKey: ['verify', code, dose, ingredient, at],
    enabled: Boolean(code),
    queryFn: () =>
      patientApi.call(provenanceApi.verify, { query: { code: code!, region: 'CN', dose, ingredient, at } }),
  });
  const samples = useQuery({
    queryKey: ['samples'],
    retry: false,
    queryFn: () => patientApi.call(demoApi.sampleCodes),
  });
  const ask = useCallback(
    (text: string) => {
      setTyped(text);
      void navigate({ search: { code: text } });
    },
    [navigate],
  );
  useHandScanner(ask);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed.trim()) ask(typed.trim());
  };
  const compare = (label: LabelChoice) => void navigate({ search: { code, ...label } });
  return (
    <Page title={t('scan.title')} lead={t('home.scanLead')}>
      <form onSubmit={submit} className="card flex flex-col gap-3 no-print">
        <Field
          label={t('scan.code')}
          hint={t('scan.hint')}
          value={typed}
          maxLength={400}
          autoComplete="off"
          onValueChange={setTyped}
        />
        <div className="flex gap-3 flex-wrap">
          <button type="submit" className="btn btn-main">
            {t('scan.go')}
          </button>
          <Suspense fallback={null}>
            <Scanner onCode={ask} />
          </Suspense>
        </div>
      </form>
      {answer.isFetching && !answer.data ? <Waiting what={t('scan.checking')} /> : null}
      {answer.error ? <Refusal error={answer.error} /> : null}
      {answer.data ? (
        <>
          <Answer view={answer.data} />
          {answer.data.unit && answer.data.trail.length > 0 ? (
            <Suspense fallback={null}>
              <VerifyYourself key={answer.data.unit} unit={answer.data.unit} />
            </Suspense>
          ) : null}
          {answer.data.product ? (
            <VerifyLabel key={code} start={{ dose, ingredient, at }} onCompare={compare} />
          ) : null}
          {answer.data.unit ? <Address unit={answer.data.unit} /> : null}
        </>
      ) : null}
      {!code && samples.data ? (
        <Card title={t('scan.samples')}>
          <ul className="list-none p-0 m-0 flex flex-col">
            {samples.data.codes.map((sample) => (
              <li key={sample.key}>
                <Link
                  to="/verify"
                  search={{ code: sample.code }}
                  className="block min-h-11 py-2 text-ink"
                  onClick={() => setTyped(sample.code)}
                >
                  {say(sample.name)}
                </Link>
              </li>
            ))}
          </ul>
        </Card>
      ) : null}
    </Page>
  );
}

/** The unit's own address answers without any app. */
function Address({ unit }: { unit: string }) {
  const path = unit.replace('https://id.gs1.org', '');
  return (
    <p className="m-0 text-sm break-all">
      <span className="soft block">{t('verify.address')}</span>
      <a className="inline-block py-2 text-plum" href={path}>
        {location.origin}
        {path}
      </a>
    </p>
  );
}
