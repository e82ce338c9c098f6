/** A guardian's phone: what a child asks for in plain words, each signature on its own; and a child's number for the registry. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { GuardianUse } from '@zhenmei/care/core/guardian.ts';
import { type GuardianAnswer, usesOf } from '@zhenmei/care/core/guardian-asking.ts';
import { signAsGuardian } from '@zhenmei/client/guardian.ts';
import {
  type Asked,
  answerAsking,
  cardFor,
  childOf,
  isAnswered,
  readAsking,
} from '@zhenmei/client/guardian-link.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { type FormEvent, useState } from 'react';
import { Wards } from '../guardian/ward-visits.tsx';
import { AccountCard, useVault } from '../look/account.tsx';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Card, Facts, Page, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { CancelDates } from '../money/cancel-dates.tsx';
import { usePriced } from '../money/use-coin.ts';
import { date, say, t, yuan } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { walletCredentials } from '../state/wallet.ts';

export function GuardianPage() {
  const vault = useVault();
  return (
    <Page title={t('ward.title')} lead={t('ward.lead')}>
      {vault ? <Inside vault={vault} /> : <AccountCard />}
    </Page>
  );
}

function Inside({ vault }: { vault: Vault }) {
  const [code, setCode] = useState(decodeURIComponent(location.hash.slice(1)));
  const [typed, setTyped] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setCode(typed.trim());
  };
  return (
    <>
      {code ? <Request key={code} vault={vault} code={code} /> : null}
      <Card title={t('ward.open')}>
        <form className="flex flex-col gap-3" onSubmit={submit}>
          <Field
            label={t('ward.code')}
            hint={t('ward.code.hint')}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            value={typed}
            onValueChange={setTyped}
          />
          <Button type="submit" disabled={typed.trim() === ''}>
            {t('ward.open.do')}
          </Button>
        </form>
      </Card>
      <Wards />
      <Card title={t('ward.mine')}>
        <p className="m-0 soft">{t('ward.mine.lead')}</p>
        <p className="m-0 font-mono break-all" data-child-number>
          {childOf(vault.roots[0]!).number}
        </p>
      </Card>
    </>
  );
}

function Request({ vault, code }: { vault: Vault; code: string }) {
  const asked = useQuery({
    queryKey: ['guardian-asking', code],
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      const found = await readAsking(vault.io, code);
      return { found, ...cardFor(found.asking.child, await walletCredentials(), now()) };
    },
  });
  const [answer, setAnswer] = useState<GuardianAnswer>({ refused: false });
  const [refusing, setRefusing] = useState(false);
  const sign = useMutation({
    mutationFn: async (use: GuardianUse) => {
      const { found, card } = asked.data!;
      const next = { ...answer, [use]: await signAsGuardian(card, use, found.about[use]!, now()) };
      await answerAsking(vault.io, code, next);
      return next;
    },
    onSuccess: setAnswer,
  });
  const refuse = useMutation({
    mutationFn: async () => {
      await answerAsking(vault.io, code, { refused: true });
      return { refused: true };
    },
    onSuccess: setAnswer,
  });
  if (asked.isPending) return <Waiting what={t('loading')} lines={3} />;
  if (asked.error)
    return (
      <>
        <Refusal error={asked.error} />
        <Link to="/wallet" className="btn">
          {t('wallet.title')}
        </Link>
      </>
    );
  const { found, until } = asked.data;
  if (answer.refused)
    return (
      <Card tone="slate">
        <Pill tone="slate">{t('ward.refused')}</Pill>
      </Card>
    );
  const complete = isAnswered(found.asking, answer);
  return (
    <>
      <What found={found} until={until} />
      {usesOf(found.asking).map((use) => (
        <One
          key={use}
          use={use}
          found={found}
          signed={answer[use] !== undefined}
          busy={sign.isPending}
          onSign={() => sign.mutate(use)}
        />
      ))}
      {sign.error || refuse.error ? <Refusal error={sign.error ?? refuse.error} /> : null}
      {complete ? (
        <Card tone="jade">
          <Pill tone="jade">{t('ward.complete')}</Pill>
        </Card>
      ) : (
        <Button kind="danger" busy={refuse.isPending} onClick={() => setRefusing(true)}>
          {t('ward.refuse')}
        </Button>
      )}
      <Ask
        open={refusing}
        onOpenChange={setRefusing}
        danger
        title={t('ward.refuse.ask')}
        text={t('ward.refuse.means')}
        yes={t('ward.refuse')}
        onYes={() => refuse.mutate()}
      />
    </>
  );
}

function What({ found, until }: { found: Asked; until: string }) {
  const { clinic, treatment, startsAt, items, currency, total } = found;
  return (
    <Card title={t(`ward.asks.${found.asking.step}`)}>
      <Facts
        rows={[
          [t('ward.clinic'), say(clinic)],
          [t('ward.treatment'), say(treatment)],
          ...(startsAt ? [[t('ward.when'), date(startsAt, now(), true)] as const] : []),
          ...items.map(
            (i) => [say(i.name), yuan(String(BigInt(i.unitPrice) * BigInt(i.quantity)), currency)] as const,
          ),
          [t('visit.total'), <strong key="total">{yuan(total, currency)}</strong>],
          [t('ward.until'), date(`${until}T00:00:00Z`, now())],
        ]}
      />
      <p className="m-0 soft">{t('ward.sees')}</p>
    </Card>
  );
}

interface OneProps {
  readonly use: GuardianUse;
  readonly found: Asked;
  readonly signed: boolean;
  readonly busy: boolean;
  onSign(): void;
}

function One({ use, found, signed, busy, onSign }: OneProps) {
  const { asking } = found;
  const consent = use === 'consent' ? found.consent : null;
  const terms = usePriced(use === 'money' && asking.step === 'agree' ? asking.terms : null);
  return (
    <Card title={t(`ward.use.${use}`)}>
      <p className="m-0">{t(`ward.means.${use}`, { total: yuan(found.total, found.currency) })}</p>
      {terms ? (
        <CancelDates
          terms={terms}
          held={found.total}
          currency={found.currency}
          note={t('cancel.cooling', { days: Math.round(terms.coolingOff / 86_400) })}
        />
      ) : null}
      {consent ? (
        <section
          className="max-h-80 overflow-y-auto border border-line rounded-card p-4 whitespace-pre-line"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls must be reachable by keyboard
          tabIndex={0}
          aria-label={say(consent.title)}
        >
          {consent.text}
        </section>
      ) : null}
      {signed ? (
        <Pill tone="jade">{t('ward.signed')}</Pill>
      ) : (
        <Button kind="main" busy={busy} onClick={onSign}>
          {t(`ward.sign.${use}`)}
        </Button>
      )}
    </Card>
  );
}
