/** The operator's own money at the custodian: what it covers, what is missing and what to do, what may be taken out. */
import { parseMoney } from '@zhenmei/kernel/core/money.ts';
import { moneyOperatorApi, type ReserveView } from '@zhenmei/money/operator-api.ts';
import { useState } from 'react';
import type { z } from 'zod';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Card, Facts, Pill } from '../look/parts.tsx';
import { fullMoment, t, yuan } from '../shell/words.ts';
import { deskApi } from '../state/apis.ts';
import type { OperatorActs } from './operator-entries.tsx';

type Reserve = z.infer<typeof ReserveView>;

export function OperatorReserve({ reserve, acts }: { reserve: Reserve | null; acts: OperatorActs }) {
  if (!reserve) return null;
  const { reference, missing, owed } = reserve;
  const short = BigInt(missing) > 0n;
  return (
    <Card title={t('reserve.title')}>
      <p className="m-0 soft">{t('reserve.lead')}</p>
      <p className="m-0">
        <Standing reserve={reserve} />
      </p>
      <Facts
        rows={[
          [t('reserve.balance'), yuan(reserve.balance)],
          [t('reserve.used'), yuan(reserve.used)],
          [t('reserve.free'), yuan(reserve.free)],
        ]}
      />
      <p className={short ? 'm-0 font-medium break-words' : 'm-0 soft break-words'}>
        {short ? t('reserve.next', { amount: yuan(missing), reference }) : t('reserve.payIn', { reference })}
      </p>
      <h3 className="m-0">{t('reserve.covers')}</h3>
      {owed.length === 0 ? <p className="m-0 soft">{t('reserve.none')}</p> : null}
      <ul className="list-none p-0 m-0 flex flex-col">
        {owed.map((one) => (
          <Owed key={one.debit} owed={one} />
        ))}
      </ul>
      {BigInt(reserve.free) > 0n ? <TakeOut free={reserve.free} acts={acts} /> : null}
    </Card>
  );
}

function Standing({ reserve: { balance, missing } }: { reserve: Reserve }) {
  if (BigInt(missing) > 0n)
    return <Pill tone="cinnabar">{t('reserve.short', { amount: yuan(missing) })}</Pill>;
  if (BigInt(balance) <= 0n) return <Pill tone="slate">{t('reserve.empty')}</Pill>;
  return <Pill tone="jade">{t('reserve.enough')}</Pill>;
}

function Owed({ owed: { rail, amount, covered, order, at } }: { owed: Reserve['owed'][number] }) {
  const [all, none] = [covered === amount, BigInt(covered) === 0n];
  const word = none ? t('reserve.bare') : t('reserve.part', { amount: yuan(covered) });
  return (
    <li className="border-t border-line first:border-0 py-2 flex flex-wrap justify-between gap-x-4">
      <span>
        {t(`reserve.${rail}`)} · <strong>{yuan(amount)}</strong>
        <span className="soft block text-sm break-words">
          {fullMoment(at)}
          {order ? ` · ${t('card.dispute.order', { order })}` : ''}
        </span>
      </span>
      <Pill tone={all ? 'jade' : 'cinnabar'}>{all ? t('reserve.covered') : word}</Pill>
    </li>
  );
}

/** Minor units of what was typed; null unless it is an amount above zero. */
function minorOf(text: string): bigint | null {
  try {
    const { minor } = parseMoney(text, 'CNY');
    return minor > 0n ? minor : null;
  } catch {
    return null;
  }
}

function TakeOut({ free, acts }: { free: string; acts: OperatorActs }) {
  const [text, setText] = useState('');
  const [asking, setAsking] = useState(false);
  // one taking out, however often it is sent
  const [key, setKey] = useState(() => crypto.randomUUID());
  const amount = minorOf(text);
  const send = () =>
    acts.act(async () => {
      const body = { key, amount: String(amount) };
      await deskApi.call(moneyOperatorApi.takeFromReserve, { bearer: acts.bearer, body });
      setText('');
      setKey(crypto.randomUUID());
    });
  return (
    <details>
      <summary className="soft cursor-pointer min-h-11 py-2.5">{t('reserve.out')}</summary>
      <div className="flex flex-col gap-4 mt-2">
        <p className="m-0 soft">{t('reserve.out.lead', { amount: yuan(free) })}</p>
        <Field
          label={t('reserve.out.amount')}
          hint={t('reserve.out.hint')}
          inputMode="decimal"
          autoComplete="off"
          value={text}
          onValueChange={(typed) => {
            setText(typed);
            setKey(crypto.randomUUID());
          }}
        />
        <Button
          busy={acts.busy}
          disabled={amount === null || amount > BigInt(free)}
          onClick={() => setAsking(true)}
        >
          {t('reserve.out.do')}
        </Button>
      </div>
      <Ask
        open={asking}
        onOpenChange={setAsking}
        title={t('reserve.out.ask')}
        text={t('reserve.out.means', { amount: yuan(String(amount ?? 0n)) })}
        yes={t('reserve.out.do')}
        onYes={send}
      />
    </details>
  );
}
