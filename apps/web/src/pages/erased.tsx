/** The certificate for whoever has its link: there is no account left to sign in with. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { Button } from '../look/button.tsx';
import { ErasureAnswer } from '../look/erasure.tsx';
import { Loaded } from '../look/loaded.tsx';
import { Card, Page, Pill, type Tone } from '../look/parts.tsx';
import { date, t } from '../shell/words.ts';
import { now, patientApi } from '../state/apis.ts';
import { saveCertificate, verifyHere } from '../vault/certificates.tsx';

const route = getRouteApi('/framed/erased/$id');
const TONE: Record<'waiting' | 'undone' | 'started' | 'done', Tone> = {
  waiting: 'amber',
  undone: 'slate',
  started: 'amber',
  done: 'jade',
};

export function ErasedPage() {
  const { id } = route.useParams();
  const bearer = globalThis.location.hash.slice(1);
  const found = useQuery({
    queryKey: ['erased', id, bearer],
    retry: false,
    refetchInterval: ({ state }) => (state.data && state.data.erasure.state !== 'done' ? 5_000 : false),
    queryFn: async () => {
      const erasure = await patientApi.call(vaultApi.readErasure, { params: { id }, bearer });
      return { erasure, checked: erasure.certificate ? await verifyHere(erasure.certificate) : null };
    },
  });
  return (
    <Page title={t('wiped.title')} lead={t('wiped.lead')}>
      <Loaded query={found} lines={3}>
        {({ erasure, checked }) => (
          <>
            <State {...erasure} />
            {checked ? <ErasureAnswer result={checked} /> : null}
            {erasure.certificate ? (
              <div className="flex flex-wrap gap-3 no-print">
                <Button onClick={() => globalThis.print()}>{t('agree.print')}</Button>
                <Button onClick={() => saveCertificate(id, erasure.certificate!)}>
                  {t('wipe.cert.save')}
                </Button>
              </div>
            ) : null}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function State({ state, dueAt }: { state: keyof typeof TONE; dueAt: string }) {
  return (
    <Card title={<Pill tone={TONE[state]}>{t(`wiped.state.${state}`)}</Pill>}>
      {state === 'done' ? null : (
        <p className="m-0">{t(`wiped.${state}`, { when: date(dueAt, now(), true) })}</p>
      )}
    </Card>
  );
}
