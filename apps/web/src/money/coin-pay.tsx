/** Paying an agreement in a coin: how much, to which address, what not to do, and what has arrived. */
import { useMutation } from '@tanstack/react-query';
import type { VisitView } from '@zhenmei/care/api.ts';
import { shownAddress } from '@zhenmei/client/coin-frame.ts';
import type { PatientVisit } from '@zhenmei/client/patient.ts';
import { openInCoin } from '@zhenmei/client/pay-in-coin.ts';
import { coinText } from '@zhenmei/money/core/coin-amounts.ts';
import { lazy, Suspense, useState } from 'react';
import { Button } from '../look/button.tsx';
import { Details, Facts, Pill, Refusal, type Tone, Waiting } from '../look/parts.tsx';
import { date, t, yuan } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { io } from '../state/vault.ts';
import { FarHome } from './coin-far.tsx';
import { CoinHome } from './coin-home.tsx';
import { Arrivals } from './coin-trail.tsx';
import { useConfig } from './use-coin.ts';
import { type Deposit, useDeposit } from './use-deposit.ts';

const CoinCode = lazy(() => import('./coin-code.tsx'));

const TONES: Record<Deposit['state'], Tone> = {
  waiting: 'slate',
  part: 'amber',
  complete: 'jade',
  stopped: 'cinnabar',
  'fee-taken': 'cinnabar',
  over: 'cinnabar',
  held: 'jade',
};

export function CoinPay({ visit, view, onDone }: { visit: PatientVisit; view: VisitView; onDone(): void }) {
  const found = useDeposit(visit, view.agreementId!, true);
  const hold = useMutation({ mutationFn: () => openInCoin(io, visit, view), onSettled: onDone });
  const deposit = found.data;
  if (found.error) return <Refusal error={found.error} />;
  if (!deposit) return <Waiting what={t('loading')} lines={3} />;
  const { state, symbol: coin, digits } = deposit;
  const asks = state === 'waiting' || state === 'part';
  return (
    <>
      <p className="m-0 amount">
        {coinText(BigInt(asks ? deposit.missing : deposit.amount), digits)} {coin}
      </p>
      <p className="m-0 soft">{t('coin.price', { price: yuan(view.total, view.quote.currency) })}</p>
      <State deposit={deposit} />
      {asks ? <HowToPay deposit={deposit} /> : null}
      {state === 'complete' ? (
        <Button kind="main" busy={hold.isPending} onClick={() => hold.mutate()}>
          {t('coin.hold')}
        </Button>
      ) : null}
      {hold.isPending ? <Waiting what={t('coin.holding')} /> : null}
      {hold.error ? <Refusal error={hold.error} /> : null}
      <Arrivals deposit={deposit} />
      <CoinHome visit={visit} id={view.agreementId!} deposit={deposit} />
      <FarHome visit={visit} id={view.agreementId!} deposit={deposit} />
    </>
  );
}

function State({ deposit }: { deposit: Deposit }) {
  const { state, symbol: coin, digits, token } = deposit;
  const text = (amount: bigint) => coinText(amount, digits);
  const seen = deposit.seen.reduce((sum, one) => sum + (one.token === token ? BigInt(one.amount) : 0n), 0n);
  return (
    <div role="status" className="flex flex-col items-start gap-2">
      <Pill tone={TONES[state]}>
        {t(`coin.state.${state}`, {
          coin,
          amount: text(BigInt(deposit.amount) - BigInt(deposit.missing)),
          missing: text(BigInt(deposit.missing)),
        })}
      </Pill>
      {seen > 0n ? <Waiting what={t('coin.state.seen', { amount: text(seen), coin })} /> : null}
    </div>
  );
}

function HowToPay({ deposit }: { deposit: Deposit }) {
  const [copied, setCopied] = useState(false);
  const name = useConfig().data?.network;
  const { symbol: coin, digits, address, chainId, token, request, payBy, missing } = deposit;
  const network = name ?? t('coin.network.number', { n: String(chainId) });
  const amount = coinText(BigInt(missing), digits);
  const copy = () => void navigator.clipboard.writeText(shownAddress(address)).then(() => setCopied(true));
  return (
    <>
      <p className="m-0">{t('coin.lead', { coin })}</p>
      {payBy ? <p className="m-0 soft">{t('coin.by', { until: date(payBy, now(), true) })}</p> : null}
      <section className="flex flex-col gap-3" aria-label={t('coin.to')}>
        <h2 className="font-semibold text-base m-0">{t('coin.to')}</h2>
        <code className="break-all text-lg" translate="no">
          {shownAddress(address)}
        </code>
        <Button className="self-start" onClick={copy}>
          {t(copied ? 'coin.copied' : 'coin.copy')}
        </Button>
        <Suspense fallback={<Waiting what={t('loading')} />}>
          <CoinCode request={request} />
        </Suspense>
        <Facts
          rows={[
            [t('coin.which'), coin],
            [t('coin.network'), network],
          ]}
        />
      </section>
      <section className="flex flex-col gap-2" aria-label={t('coin.rules')}>
        <h2 className="font-semibold text-base m-0">{t('coin.rules')}</h2>
        <ul className="m-0 pl-5 list-disc flex flex-col gap-1">
          <li>{t('coin.rule.exact', { amount, coin })}</li>
          <li>{t('coin.rule.network', { network })}</li>
          <li>{t('coin.rule.coin', { coin })}</li>
          <li>{t('coin.rule.safe')}</li>
        </ul>
      </section>
      <Details>
        <p className="m-0">
          {t('coin.contract')} <code className="break-all">{shownAddress(token)}</code> ·{' '}
          {t('coin.network.number', { n: String(chainId) })}
        </p>
        <p className="m-0 break-all">{request}</p>
      </Details>
    </>
  );
}
