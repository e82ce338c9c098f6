import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { provenanceApi, type VerdictView } from '@zhenmei/provenance/api.ts';
import { demoApi } from '@zhenmei/server/api/contract.ts';
import { type FormEvent, lazy, Suspense, useState } from 'react';
import { Field } from '../look/field.tsx';
import { Card, Details, Facts, Page, Refusal, Verdict, Waiting } from '../look/parts.tsx';
import { date, type Key, say, t } from '../shell/words.ts';
import { now, patientApi } from '../state/apis.ts';

const route = getRouteApi('/framed/verify');
const Scanner = lazy(() => import('../scan/scanner.tsx'));
const TONE = { green: 'jade', amber: 'amber', red: 'cinnabar', grey: 'slate' } as const;

export function VerifyPage() {
  const { code } = route.useSearch();
  const navigate = route.useNavigate();
  const [typed, setTyped] = useState(code ?? '');
  const answer = useQuery({
    queryKey: ['verify', code],
    enabled: Boolean(code),
    queryFn: () => patientApi.call(provenanceApi.verify, { query: { code: code!, region: 'CN' } }),
  });
  const samples = useQuery({
    queryKey: ['samples'],
    retry: false,
    queryFn: () => patientApi.call(demoApi.sampleCodes),
  });
  const ask = (text: string) => {
    setTyped(text);
    void navigate({ search: { code: text } });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed.trim()) ask(typed.trim());
  };
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
      {answer.data ? <Answer view={answer.data} /> : null}
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

function Answer({ view }: { view: VerdictView }) {
  const tone = TONE[view.level];
  return (
    <>
      <Verdict
        tone={tone}
        word={t(`verdict.${view.level}`)}
        {...(view.product ? { sentence: say(view.product.name) } : {})}
      >
        <ul className="list-none p-0 m-0 flex flex-col gap-3">
          {view.reasons.map((reason) => (
            <li key={`${reason.code}${reason.event ?? ''}`}>
              <span className="block">{say(reason.text)}</span>
              <span className="block font-medium">{say(reason.doNow)}</span>
              {reason.by ? (
                <span className="block soft text-sm">
                  {t('verdict.said', { by: say(reason.by) })}
                  {reason.at ? ` · ${date(reason.at, now())}` : ''}
                </span>
              ) : null}
            </li>
          ))}
        </ul>
        {view.handovers.total > 0 ? (
          <p className="soft m-0">{t('verdict.handovers', { ...view.handovers })}</p>
        ) : null}
      </Verdict>
      {view.product ? (
        <Card>
          <Facts
            rows={[
              [t('verdict.maker'), say(view.product.maker)],
              [
                t('verdict.approved'),
                view.product.approvedRoutes.map((r) => t(`route.${r}` as Key)).join(' · '),
              ],
              [t('verdict.registration'), view.product.registration],
              ...(view.lot ? [[t('verdict.lot'), view.lot] as const] : []),
              ...(view.expiry
                ? [[t('verdict.expiry'), date(`${view.expiry}T12:00:00Z`, now())] as const]
                : []),
            ]}
          />
        </Card>
      ) : null}
      {view.trail.length > 0 ? (
        <Card title={t('verdict.way')}>
          <ol className="list-none p-0 m-0 border-l border-line ml-2">
            {view.trail.map((stop) => (
              <li key={stop.event} className="pl-4 pb-3 relative">
                <span aria-hidden="true" className="absolute -left-1.5 top-2 w-3 h-3 rounded-full bg-plum" />
                <span className="font-medium">{t(`step.${stop.step}` as Key)}</span>{' '}
                <span>{stop.site ? say(stop.site) : ''}</span>
                <span className="soft block text-sm">
                  {stop.city ? `${say(stop.city)} · ` : ''}
                  {date(stop.at, now())}
                </span>
              </li>
            ))}
          </ol>
          <Details>
            {view.unit}
            {view.trail.map((stop) => (
              <span key={stop.event} className="block">
                {stop.event}
              </span>
            ))}
          </Details>
        </Card>
      ) : null}
    </>
  );
}
