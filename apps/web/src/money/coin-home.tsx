/** What lies at an agreement's address and is not the agreement's: the payer names where it goes, and her device signs. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { addressInGroups, readAddress } from '@zhenmei/client/coin-frame.ts';
import type { PatientVisit } from '@zhenmei/client/patient.ts';
import { bearerOf } from '@zhenmei/client/patient-steps.ts';
import { FAR_FEE, signTokenReturn } from '@zhenmei/client/token-return.ts';
import { coinAmount, coinText } from '@zhenmei/money/core/coin-amounts.ts';
import { tokenApi } from '@zhenmei/money/token-api.ts';
import { useState } from 'react';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Refusal } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { patientApi } from '../state/apis.ts';
import { Arrivals, amountIn } from './coin-trail.tsx';
import { type Deposit, useDeposit } from './use-deposit.ts';

type Id = `0x${string}`;
interface Props {
  readonly visit: PatientVisit;
  readonly id: Id;
  readonly deposit: Deposit;
}

/** Once the agreement is no longer to be paid, held or ended: refunds, and whatever came late, in part or elsewhere. */
export function CoinAfter({ visit, id }: { visit: PatientVisit; id: Id }) {
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

/** Signs one transfer home and leaves it to be sent; her signature is all that it needs. */
function useReturn(visit: PatientVisit, id: Id) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (given: Parameters<typeof signTokenReturn>[1]) => {
      const signed = await signTokenReturn(visit, given);
      const asked = { params: { id }, bearer: bearerOf(visit) };
      return patientApi.call(tokenApi.returnTokens, { ...asked, body: { signed } });
    },
    onSettled: () => void queries.invalidateQueries({ queryKey: ['deposit', id] }),
  });
}

/** What was typed outlives the form: the page around it changes with the agreement. By agreement and token. */
const drafts = new Map<string, string>();

function Home({ visit, id, deposit, home }: Props & { home: Deposit['home'][number] }) {
  const draft = `${id}/${home.token}`;
  const [typed, setTyped] = useState(() => drafts.get(draft) ?? '');
  const [asks, setAsks] = useState(false);
  const send = useReturn(visit, id);
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
        onValueChange={(text) => {
          drafts.set(draft, text);
          setTyped(text);
        }}
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

/** One return of a network waits, the newest: the address sends in the order of its numbers. */
function Replaces({ deposit, chainId }: Pick<Props, 'deposit'> & { chainId: number }) {
  const waits = deposit.returns.some((one) => one.chainId === chainId && one.state === 'signed');
  return waits ? <p className="m-0">{t('coin.home.replaces')}</p> : null;
}

/** The same key has the same address on every network; the payer says which it was, and the operator sends it there. */
export function FarHome({ visit, id, deposit }: Props) {
  const [said, setSaid] = useState({ network: '', token: '', amount: '', digits: '6', to: '' });
  const [asks, setAsks] = useState(false);
  const send = useReturn(visit, id);
  const set = (name: keyof typeof said) => (value: string) => setSaid((all) => ({ ...all, [name]: value }));
  const [token, receiver] = [readAddress(said.token), readAddress(said.to)];
  const digits = /^\d{1,2}$/.test(said.digits) ? Number(said.digits) : -1;
  const amount = digits < 0 || digits > 18 ? null : coinAmount(said.amount, digits);
  const chainId = /^[1-9]\d{0,14}$/.test(said.network) ? Number(said.network) : 0;
  const ready = token && receiver && amount && chainId && chainId !== deposit.chainId;
  const before = deposit.returns.filter((one) => one.chainId === chainId && one.state === 'sent').length;
  const wrong = (text: string, read: string | null) => (text && !read ? t('coin.home.wrong') : null);
  return (
    <details>
      <summary className="link">{t('coin.far.title')}</summary>
      <form
        className="flex flex-col gap-3 pt-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) setAsks(true);
        }}
      >
        <p className="m-0 soft">{t('coin.far.lead')}</p>
        <Field
          label={t('coin.far.network')}
          hint={t('coin.far.networkHint')}
          inputMode="numeric"
          value={said.network}
          onValueChange={set('network')}
        />
        <Field
          label={t('coin.far.token')}
          value={said.token}
          onValueChange={set('token')}
          error={wrong(said.token, token)}
        />
        <Field
          label={t('coin.far.amount')}
          inputMode="decimal"
          value={said.amount}
          onValueChange={set('amount')}
        />
        <Field
          label={t('coin.far.digits')}
          inputMode="numeric"
          value={said.digits}
          onValueChange={set('digits')}
        />
        <Field
          label={t('coin.home.to')}
          value={said.to}
          onValueChange={set('to')}
          error={wrong(said.to, receiver)}
        />
        <Replaces deposit={deposit} chainId={chainId} />
        <Button type="submit" className="self-start" disabled={!ready} busy={send.isPending}>
          {t('coin.home.sign')}
        </Button>
        {send.data ? <p className="m-0">{t('coin.far.done')}</p> : null}
        {send.error ? <Refusal error={send.error} /> : null}
      </form>
      <Ask
        open={asks}
        onOpenChange={setAsks}
        title={t('coin.home.ask')}
        text={t('coin.home.askText', { amount: said.amount, to: receiver ? addressInGroups(receiver) : '' })}
        yes={t('coin.home.sign')}
        onYes={() =>
          ready && send.mutate({ chainId, token, receiver, amount, nonce: before, maxFeePerGas: FAR_FEE })
        }
      />
    </details>
  );
}
