/** Certificates of this device: take what is offered, and decide about who asks to see them. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { whatToShow } from '@zhenmei/client/wallet.ts';
import { kindOf } from '@zhenmei/identity/core/catalogue.ts';
import { useState } from 'react';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Card, Facts, Page, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { language, say, t } from '../shell/words.ts';
import { accept, declineTo, offerOf, requestOf, showTo, walletCredentials } from '../state/wallet.ts';
import { ClaimFacts } from './claim-facts.tsx';

const route = getRouteApi('/framed/wallet');

export function WalletPage() {
  const { open } = route.useSearch();
  const [uri, setUri] = useState(open ?? '');
  const [typed, setTyped] = useState('');
  return (
    <Page title={t('wallet.title')} lead={t('wallet.lead')}>
      {uri.startsWith('openid-credential-offer:') ? <Offer key={uri} uri={uri} /> : null}
      {uri.startsWith('openid4vp:') ? <Request key={uri} uri={uri} /> : null}
      <Certificates />
      <Card title={t('wallet.open')}>
        <Field
          label={t('wallet.link')}
          hint={t('wallet.linkHint')}
          value={typed}
          onValueChange={setTyped}
          lines={2}
        />
        <Button disabled={typed.trim() === ''} onClick={() => setUri(typed.trim())}>
          {t('wallet.go')}
        </Button>
        {typed && uri === typed.trim() && !/^openid(4vp|-credential-offer):/.test(uri) ? (
          <Pill tone="amber">{t('wallet.notOne')}</Pill>
        ) : null}
      </Card>
    </Page>
  );
}

const WALLET = 'wallet';
const useCertificates = () => useQuery({ queryKey: [WALLET], queryFn: walletCredentials });

function Certificates() {
  const all = useCertificates();
  // copies of one certificate are one to their owner
  const groups = new Map<string, { vct: string; claims: Record<string, unknown>; count: number }>();
  for (const { vct, claims } of all.data ?? []) {
    const name = `${vct} ${JSON.stringify({ ...claims, cnf: 0, status: 0 })}`;
    groups.set(name, { vct, claims: { ...claims }, count: (groups.get(name)?.count ?? 0) + 1 });
  }
  if (all.data && groups.size === 0) return <p className="soft m-0">{t('wallet.empty')}</p>;
  return (
    <>
      {[...groups].map(([name, { vct, claims, count }]) => {
        const kind = kindOf(vct);
        return (
          <Card key={name} title={kind ? say(kind.name) : t('claims.other')}>
            <ClaimFacts vct={vct} claims={claims} />
            {count > 1 ? <p className="soft m-0 text-sm">{t('wallet.copies', { count })}</p> : null}
          </Card>
        );
      })}
    </>
  );
}

const inLanguage = (names: readonly { name: string; locale: string }[]): string =>
  names.find(({ locale }) => locale === language())?.name ?? names[0]?.name ?? '';

function Offer({ uri }: { uri: string }) {
  const queries = useQueryClient();
  const offer = useQuery({
    queryKey: ['offer', uri],
    queryFn: () => offerOf(uri),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [code, setCode] = useState('');
  const take = useMutation({
    mutationFn: () => accept(offer.data!, code.trim()),
    onSuccess: () => queries.invalidateQueries({ queryKey: [WALLET] }),
  });
  if (offer.isPending) return <Waiting what={t('loading')} lines={2} />;
  if (offer.error) return <Refusal error={offer.error} />;
  if (take.data)
    return (
      <Card tone="jade">
        <Pill tone="jade">{t('wallet.taken', { count: take.data })}</Pill>
      </Card>
    );
  return (
    <Card title={t('wallet.offer', { issuer: inLanguage(offer.data.issuerNames) })}>
      <p className="m-0 font-semibold">{inLanguage(offer.data.kindNames)}</p>
      {offer.data.needsCode ? (
        <Field
          label={t('wallet.code')}
          hint={t('wallet.codeHint')}
          value={code}
          onValueChange={setCode}
          inputMode="numeric"
          maxLength={6}
          large
        />
      ) : null}
      <Button
        kind="main"
        busy={take.isPending}
        disabled={offer.data.needsCode && code.trim().length !== 6}
        onClick={() => take.mutate()}
      >
        {t('wallet.take')}
      </Button>
      {take.error ? <Refusal error={take.error} /> : null}
    </Card>
  );
}

function Request({ uri }: { uri: string }) {
  const request = useQuery({
    queryKey: ['request', uri],
    queryFn: () => requestOf(uri),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const certificates = useCertificates();
  const answer = useMutation({
    mutationFn: async (yes: boolean) => {
      if (yes) await showTo(request.data!, whatToShow(request.data!, certificates.data ?? []));
      else await declineTo(request.data!);
      return yes;
    },
  });
  if (request.isPending || certificates.isPending) return <Waiting what={t('wallet.reading')} lines={2} />;
  if (request.error) return <Refusal error={request.error} />;
  if (answer.data !== undefined)
    return (
      <Card tone={answer.data ? 'jade' : 'slate'}>
        <Pill tone={answer.data ? 'jade' : 'slate'}>
          {t(answer.data ? 'wallet.shown' : 'wallet.declined')}
        </Pill>
      </Card>
    );
  const asked = request.data;
  const { showings, error } = planned(asked, certificates.data ?? []);
  return (
    <Card title={t('wallet.asks', { who: say(asked.verifier) })}>
      <Facts
        rows={[
          [t('wallet.why'), say(asked.purpose.text)],
          [t('wallet.registered'), t('wallet.registeredBy', { by: say(asked.registrar) })],
        ]}
      />
      <p className="m-0 font-semibold">{t('wallet.what')}</p>
      {showings.map(({ query, credential }) => (
        <ClaimFacts
          key={query}
          vct={credential.vct}
          claims={credential.claims}
          only={(asked.query.credentials.find(({ id }) => id === query)?.claims ?? []).map(({ path }) =>
            String(path[0]),
          )}
        />
      ))}
      {error ? <Refusal error={error} /> : null}
      <div className="flex flex-wrap gap-3">
        <Button
          kind="main"
          busy={answer.isPending}
          disabled={showings.length === 0}
          onClick={() => answer.mutate(true)}
        >
          {t('wallet.show')}
        </Button>
        <Button busy={answer.isPending} onClick={() => answer.mutate(false)}>
          {t('wallet.decline')}
        </Button>
      </div>
      {answer.error ? <Refusal error={answer.error} /> : null}
    </Card>
  );
}

function planned(...[asked, held]: Parameters<typeof whatToShow>) {
  try {
    return { showings: whatToShow(asked, held), error: null };
  } catch (error) {
    return { showings: [], error };
  }
}
