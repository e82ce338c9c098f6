/** What was sent to an agreement's address on another network. */
import { addressInGroups, readAddress } from '@zhenmei/client/coin-frame.ts';
import { FAR_FEE } from '@zhenmei/client/token-return.ts';
import { coinAmount } from '@zhenmei/money/core/coin-amounts.ts';
import { useState } from 'react';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Refusal } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { type CoinReturnProps, Replaces, useReturn } from './coin-return.tsx';
import { useDraft } from './use-draft.ts';

const EMPTY = { open: false, network: '', token: '', amount: '', digits: '6', to: '' };

/** The same key has the same address on every network; the payer says which it was, and the operator sends it there. */
export function FarHome({ visit, id, deposit }: CoinReturnProps) {
  const [said, setSaid] = useDraft(`coin-far/${id}`, EMPTY);
  const [asks, setAsks] = useState(false);
  const send = useReturn({ visit, id });
  const set = (name: Exclude<keyof typeof said, 'open'>) => (value: string) =>
    setSaid((all) => ({ ...all, [name]: value }));
  const [token, receiver] = [readAddress(said.token), readAddress(said.to)];
  const digits = /^\d{1,2}$/.test(said.digits) ? Number(said.digits) : -1;
  const amount = digits < 0 || digits > 18 ? null : coinAmount(said.amount, digits);
  const chainId = /^[1-9]\d{0,14}$/.test(said.network) ? Number(said.network) : 0;
  const ready = token && receiver && amount && chainId && chainId !== deposit.chainId;
  const before = deposit.returns.filter((one) => one.chainId === chainId && one.state === 'sent').length;
  const wrong = (text: string, read: string | null) => (text && !read ? t('coin.home.wrong') : null);
  return (
    <details
      open={said.open}
      onToggle={({ currentTarget: { open } }) => setSaid((all) => ({ ...all, open }))}
    >
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
