/** An issuer's register: who is in it, what changed, and what may be done next. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CREDENTIAL_TYPES, kindOf } from '@zhenmei/identity/core/catalogue.ts';
import { registerApi } from '@zhenmei/identity/register-api.ts';
import { lazy, Suspense, useState } from 'react';
import { useSeat } from '../desk/use-seat.ts';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Loaded } from '../look/loaded.tsx';
import { Card, Page, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { date, type Key, say, t } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';
import { REGISTER, shown } from '../state/claims.ts';
import { ClaimFacts } from './claim-facts.tsx';
import { EnterCard, OwnerCard } from './desk-enter.tsx';
import { ImportCard } from './desk-import.tsx';

const Qr = lazy(() => import('../look/qr.tsx'));

const TONES = { valid: 'jade', suspended: 'amber', revoked: 'cinnabar' } as const;
type Step = 'suspended' | 'valid' | 'revoked' | 'renew';
/** What is stated where nothing else was written. */
const REASONS: Record<keyof typeof TONES, { zh: string; en: string }> = {
  suspended: { zh: '正在调查', en: 'Being looked into' },
  valid: { zh: '调查结束，恢复', en: 'Looked into and lifted' },
  revoked: { zh: '已吊销', en: 'Revoked' },
};
/** As many stand open; of more, each opens when it is asked for. */
const FEW = 3;
/** What may be done in each state. */
const STEPS: Record<keyof typeof TONES, readonly Step[]> = {
  valid: ['suspended', 'renew', 'revoked'],
  suspended: ['valid', 'revoked'],
  revoked: [],
};

export function DeskRegisterPage() {
  const regulator = useSeat().data?.organisation.kind === 'regulator';
  const [query, setQuery] = useState('');
  const register = useQuery({
    queryKey: [REGISTER, query],
    queryFn: () => deskApi.call(registerApi.readRegister, { query: query ? { q: query } : {} }),
    select: ({ entries }) => entries,
  });
  return (
    <Page title={t('register.title')} lead={t('register.lead')}>
      <Field
        label={t('register.search')}
        value={query}
        onValueChange={setQuery}
        type="search"
        maxLength={100}
      />
      <Loaded query={register} lines={3} empty={t('register.empty')}>
        {(entries) =>
          entries.map((entry) => (
            <EntryCard key={entry.id} entry={entry as Entry} few={entries.length <= FEW} />
          ))
        }
      </Loaded>
      {register.data ? <EnterCard /> : null}
      {register.data ? <ImportCard /> : null}
      {regulator ? <OwnerCard /> : null}
    </Page>
  );
}

interface Entry {
  readonly id: string;
  readonly kind: keyof typeof CREDENTIAL_TYPES;
  readonly claims: Record<string, unknown>;
  readonly state: keyof typeof TONES;
  readonly reason: { zh: string; en: string } | null;
  readonly expiresAt: string;
  readonly renewedBy: string | null;
  readonly hasStatus: boolean;
}

function EntryCard({ entry, few }: { entry: Entry; few: boolean }) {
  const kind = kindOf(CREDENTIAL_TYPES[entry.kind])!;
  const [chosen, setChosen] = useState<boolean | null>(null);
  const open = chosen ?? few;
  return (
    <Card>
      <h2 className="text-lg font-semibold m-0">
        <button
          type="button"
          className="flex items-center gap-3 w-full min-h-11 p-0 border-0 bg-transparent text-ink font-semibold cursor-pointer"
          aria-expanded={open}
          onClick={() => setChosen(!open)}
        >
          <span aria-hidden="true" className="soft">
            {open ? '▾' : '▸'}
          </span>
          <span className="flex-1 min-w-0 text-start">
            {say(kind.name)}
            {entry.claims.name ? ` · ${shown(entry.claims.name)}` : ''}
          </span>
          <Pill tone={TONES[entry.state]}>{t(`register.state.${entry.state}` as Key)}</Pill>
        </button>
      </h2>
      {open ? <Opened entry={entry} /> : null}
    </Card>
  );
}

/** What the entry says, and what may be done with it. */
function Opened({ entry }: { entry: Entry }) {
  const queries = useQueryClient();
  const [asking, setAsking] = useState<Step | null>(null);
  const [reason, setReason] = useState('');
  const act = useMutation({
    mutationFn: (step: Step): Promise<unknown> => {
      const params = { id: entry.id };
      if (step === 'renew') return deskApi.call(registerApi.renewEntry, { params, body: {} });
      const text = reason.trim();
      const stated = text ? { zh: text, en: text } : REASONS[step];
      return deskApi.call(registerApi.changeEntry, { params, body: { state: step, reason: stated } });
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: [REGISTER] }),
  });
  const offer = useMutation({
    mutationFn: () =>
      deskApi.call(registerApi.makeOffer, { params: { id: entry.id }, body: { withCode: true } }),
  });
  const steps = STEPS[entry.state].filter((step) => (step === 'renew' ? !entry.renewedBy : entry.hasStatus));
  return (
    <>
      {entry.reason ? <p className="soft m-0">{t('register.why', { why: say(entry.reason) })}</p> : null}
      <ClaimFacts
        vct={CREDENTIAL_TYPES[entry.kind]}
        claims={entry.claims}
        more={[[t('register.until'), date(entry.expiresAt, now())]]}
      />
      {entry.hasStatus && entry.state !== 'revoked' ? (
        <Field label={t('register.reason')} value={reason} onValueChange={setReason} maxLength={200} />
      ) : null}
      <div className="flex flex-wrap gap-3">
        {steps.map((step) => (
          <Button
            key={step}
            kind={step === 'revoked' ? 'danger' : 'plain'}
            busy={act.isPending}
            onClick={() => (step === 'valid' || step === 'renew' ? act.mutate(step) : setAsking(step))}
          >
            {t(`register.do.${step}` as Key)}
          </Button>
        ))}
        {entry.state === 'valid' ? (
          <Button kind="quiet" busy={offer.isPending} onClick={() => offer.mutate()}>
            {t('register.offer')}
          </Button>
        ) : null}
      </div>
      <Ask
        open={asking !== null}
        onOpenChange={(open) => open || setAsking(null)}
        title={asking ? t(`register.ask.${asking}` as Key) : ''}
        text={asking ? t(`register.asked.${asking}` as Key) : ''}
        yes={asking ? t(`register.do.${asking}` as Key) : ''}
        danger
        onYes={() => asking && act.mutate(asking)}
      />
      {act.error ? <Refusal error={act.error} /> : null}
      {offer.error ? <Refusal error={offer.error} /> : null}
      {offer.data ? (
        <>
          <p className="m-0">{t('register.offered', { code: offer.data.code ?? '' })}</p>
          <Suspense fallback={<Waiting what={t('loading')} />}>
            <Qr text={offer.data.uri} label={t('register.offer')} />
          </Suspense>
          <details className="text-sm">
            <summary className="soft cursor-pointer min-h-11 py-2.5">{t('badge.text')}</summary>
            <code className="text-xs break-all">{offer.data.uri}</code>
          </details>
        </>
      ) : null}
    </>
  );
}
