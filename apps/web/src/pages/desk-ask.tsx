/** Asking somebody to show a certificate, for a purpose this organisation is registered for. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { kindOf } from '@zhenmei/identity/core/catalogue.ts';
import { registerApi } from '@zhenmei/identity/register-api.ts';
import { lazy, Suspense } from 'react';
import { Button } from '../look/button.tsx';
import { Loaded } from '../look/loaded.tsx';
import { Card, Facts, Page, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { say, t } from '../shell/words.ts';
import { deskApi } from '../state/apis.ts';
import { ClaimFacts } from './claim-facts.tsx';

const Qr = lazy(() => import('../look/qr.tsx'));

export function DeskAskPage() {
  const purposes = useQuery({
    queryKey: ['purposes'],
    queryFn: () => deskApi.call(registerApi.readPurposes),
    retry: false,
  });
  const open = useMutation({
    mutationFn: (purpose: string) => deskApi.call(registerApi.openRequest, { body: { purpose } }),
  });
  return (
    <Page title={t('askfor.title')} lead={t('askfor.lead')}>
      <Loaded query={purposes} lines={2}>
        {(found) =>
          found.purposes.map((purpose) => (
            <Card key={purpose.id} title={say(purpose.text)}>
              <Facts
                rows={purpose.credentials.map(({ vct, claims }) => {
                  const kind = kindOf(vct);
                  return [
                    kind ? say(kind.name) : t('claims.other'),
                    claims
                      .flatMap((name) => (kind?.labels[name] ? [say(kind.labels[name])] : []))
                      .join(' · '),
                  ] as const;
                })}
              />
              <Button kind="main" busy={open.isPending} onClick={() => open.mutate(purpose.id)}>
                {t('askfor.do')}
              </Button>
            </Card>
          ))
        }
      </Loaded>
      {open.error ? <Refusal error={open.error} /> : null}
      {open.data ? <Waits request={open.data} /> : null}
    </Page>
  );
}

function Waits({ request }: { request: { id: string; uri: string } }) {
  const answer = useQuery({
    queryKey: ['answer', request.id],
    queryFn: () => deskApi.call(registerApi.readAnswer, { params: { id: request.id } }),
    refetchInterval: ({ state }) => (state.data?.answered ? false : 1_500),
  });
  const said = answer.data?.answer as
    | { refused?: string; shown?: Record<string, { type: string; claims: Record<string, unknown> }> }
    | undefined;
  if (answer.error) return <Refusal error={answer.error} />;
  if (said?.refused)
    return (
      <Card>
        <Pill tone="amber">{t('askfor.refused')}</Pill>
      </Card>
    );
  if (said?.shown)
    return (
      <Card title={t('askfor.shown')} tone="jade">
        {Object.entries(said.shown).map(([name, { type, claims }]) => {
          const kind = kindOf(type);
          return (
            <div key={name}>
              <Pill tone="jade">{kind ? say(kind.name) : t('claims.other')}</Pill>
              <ClaimFacts vct={type} claims={claims} />
            </div>
          );
        })}
      </Card>
    );
  return (
    <Card title={t('askfor.scan')}>
      <Suspense fallback={<Waiting what={t('loading')} />}>
        <Qr text={request.uri} label={t('askfor.scan')} />
      </Suspense>
      <a
        className="btn"
        href={`/wallet?open=${encodeURIComponent(request.uri)}`}
        target="_blank"
        rel="noreferrer"
      >
        {t('askfor.here')}
      </a>
      <Waiting what={t('askfor.waits')} />
    </Card>
  );
}
