/** What lies at an agreement's address and is not the agreement's: the payer names where it goes, and her device signs. */
import { addressInGroups, readAddress } from '@zhenmei/client/coin-frame.ts';
import type { PatientVisit } from '@zhenmei/client/patient.ts';
import { coinText } from '@zhenmei/money/core/coin-amounts.ts';
import { useState } from 'react';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Refusal } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { FarHome } from './coin-far.tsx';
import { type CoinReturnProps as Props, Replaces, useReturn } from './coin-return.tsx';
import { Arrivals, amountIn } from './coin-trail.tsx';
import { type Deposit, useDeposit } from './use-deposit.ts';
import { useDraft } from './use-draft.ts';

/** Once the agreement is no longer to be paid, held or ended: refunds, and whatever came late, in part or elsewhere. */
export function CoinAfter({ visit, id }: { visit: PatientVisit; id: `0x${string}` }) {
  const { data } = useDeposit(visit, id, false);
  if (!data) return null;
  return (
    <>
      {data.state === 'over' && data.arrivals.length > 0 ? (
        <>
          <p className="m-0">{t('coin.state.over')}</p>
          <Arrivals deposit={data} />
        </>
      ) : null}
      <CoinHome visit={visit} id={id} deposit={data} />
      <FarHome visit={visit} id={id} deposit={data} />
    </>
  );
}

export function CoinHome({ visit, id, deposit }: Props) {
  if (deposit.home.length === 0 && deposit.returns.length === 0) return null;
  return (
    <section className="flex flex-col gap-3" aria-label={t('coin.home.title')}>
      <h2 className="font-semibold text-base m-0">{t('coin.home.title')}</h2>
      {deposit.home.length > 0 ? <p className="m-0 soft">{t('coin.home.lead')}</p> : null}
      {deposit.home.some(({ dust }) => !dust) ? (
        <Replaces deposit={deposit} chainId={deposit.chainId} />
      ) : null}
      {deposit.home.map((one) =>
        one.dust ? (
          <p key={one.token} className="m-0 soft">
            {amountIn(deposit, one.token, BigInt(one.amount))} ·{' '}
            {t('coin.home.dust', {
              bound: coinText(BigInt(deposit.dust), deposit.digits),
              coin: deposit.symbol,
            })}
          </p>
        ) : (
          <Home key={one.token} visit={visit} id={id} deposit={deposit} home={one} />
        ),
      )}
      <ul className="list-none p-0 m-0 flex flex-col">
        {deposit.returns.map((one) => (
          <li key={one.hash} className="border-t border-line first:border-0 py-2 flex flex-col">
            <span className="flex flex-wrap justify-between gap-x-4">
              <strong>
                {one.chainId === deposit.chainId
                  ? amountIn(deposit, one.token, BigInt(one.amount))
                  : t('coin.network.number', { n: String(one.chainId) })}
              </strong>
              <span>{t(`coin.home.${one.state}`)}</span>
            </span>
            {one.trouble ? <span>{t(`coin.trouble.${one.trouble}`)}</span> : null}
            <span className="soft text-sm">{t('coin.home.done', { to: addressInGroups(one.receiver) })}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Home({ visit, id, deposit, home }: Props & { home: Deposit['home'][number] }) {
  const [typed, setTyped] = useDraft(`coin-home/${id}/${home.token}`, '');
  const [asks, setAsks] = useState(false);
  const send = useReturn({ visit, id });
  const receiver = readAddress(typed);
  const amount = amountIn(deposit, home.token, BigInt(home.amount));
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (receiver) setAsks(true);
      }}
    >
      <p className="m-0 font-medium">{amount}</p>
      <Field
        label={t('coin.home.to')}
        value={typed}
        onValueChange={(text) => setTyped(() => text)}
        spellCheck={false}
        autoComplete="off"
        hint={t('coin.home.hint', { from: addressInGroups(home.from) })}
        error={typed && !receiver ? t('coin.home.wrong') : null}
      />
      <Button type="submit" className="self-start" disabled={!receiver} busy={send.isPending}>
        {t('coin.home.sign')}
      </Button>
      {send.error ? <Refusal error={send.error} /> : null}
      <Ask
        open={asks}
        onOpenChange={setAsks}
        title={t('coin.home.ask')}
        text={t('coin.home.askText', { amount, to: receiver ? addressInGroups(receiver) : '' })}
        yes={t('coin.home.sign')}
        onYes={() =>
          send.mutate({
            chainId: deposit.chainId,
            token: home.token,
            receiver: receiver!,
            amount: BigInt(home.amount),
            // one that waits is replaced
            nonce: deposit.sending.nonce,
            maxFeePerGas: BigInt(deposit.sending.maxFeePerGas),
          })
        }
      />
    </form>
  );
}
